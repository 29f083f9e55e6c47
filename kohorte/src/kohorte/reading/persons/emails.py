"""E-mail addresses in one writing: `Anna <Anna@Example.com>` is `anna@example.com`.

Dots and +tags before the @ stay: they tell people apart. Cells of plain letters are written anew by
SQL; the few others, each once, by `normal`, and SQL looks them up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import duckdb

from kohorte.reading import cells, sql
from kohorte.reading.source import Column

LENGTH_MAX = 254
# So many different addresses beyond ASCII are written anew at a time.
AT_ONCE = 20_000

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]+@(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]*[a-z0-9])"
_ANGLES = r"<\s*([^<>]*?)\s*>\s*$"
_MAILTO = r"(?i)^\s*mailto:\s*([^?]*?)\s*(?:\?.*)?$"
# The full stops that writing systems of East Asia put into domains.
_STOPS = re.compile("[.\u3002\uff0e\uff61]")


def normal(text: str) -> str | None:
    """Return the one writing of an address, None for what is none.

    All of it is in lower case and NFC, and the domain as name servers know it (IDNA 2008, where
    “ß” is a letter of its own).

    Examples
    --------
    >>> normal("Anna <Anna@Example.com>"), normal("mailto:anna+tea@example.com?subject=Tea")
    ('anna@example.com', 'anna+tea@example.com')
    >>> normal("jörg@Bücher.example.com"), normal("anna at example.com")
    ('jörg@xn--bcher-kva.example.com', None)
    """
    local, _, domain = _lowered(_bare(text)).rpartition("@")
    labels = [_label(label) for label in _STOPS.split(domain)]
    address = f"{local}@{'.'.join(labels)}"
    shape = "".join("x" if _is_letter(character) else character for character in address)
    fits = len(address) <= LENGTH_MAX and re.fullmatch(_ADDRESS, shape)
    return address if fits else None


def _bare(text: str) -> str:
    """Return what stands between angle brackets and behind `mailto:`."""
    if "<" in text:
        found = re.search(_ANGLES, text)
        text = found[1] if found else ""
    return re.sub(_MAILTO, r"\1", text) if ":" in text else text


def _lowered(text: str) -> str:
    """Return a text in lower case and NFC, without the invisible around it."""
    invisible = {each for each in text if each.isspace() or unicodedata.category(each) == "Cf"}
    lower = unicodedata.normalize("NFC", text).strip("".join(invisible)).lower()
    return unicodedata.normalize("NFC", lower)


def _is_letter(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character)[0] in "LMN"


def _label(label: str) -> str:
    """Return a label of a domain as name servers know it; what cannot be one stays as it is."""
    if label.isascii():
        return label
    label = unicodedata.normalize("NFKC", label).lower()
    if label.isascii() or not all(
        each == "-" or each.isalnum() or _is_letter(each) for each in label
    ):
        return label
    return f"xn--{label.encode('punycode').decode('ascii')}"


def bare(text: str) -> str:
    """Return the SQL of what stands between angle brackets and behind `mailto:`."""
    inside = (
        f"CASE WHEN contains({text}, '<') THEN regexp_extract({text}, {sql.literal(_ANGLES)}, 1) "
        f"ELSE {text} END"
    )
    is_simple = f"NOT contains({text}, '<') AND NOT contains({text}, ':')"
    target = f"regexp_replace({inside}, {sql.literal(_MAILTO)}, '\\1')"
    return f"CASE WHEN {is_simple} THEN {text} ELSE {target} END"


def is_address(text: str) -> str:
    """Return the SQL test whether a text in lower case is an address of plain letters."""
    return (
        f"(length({text}) <= {LENGTH_MAX} AND regexp_full_match({text}, {sql.literal(_ADDRESS)}))"
    )


def is_plain(text: str) -> str:
    """Return the SQL test whether a text is an address of plain letters in its one writing.

    Nearly all cells pass it, and are spared all the others.
    """
    address = f"regexp_full_match({text}, {sql.literal(_ADDRESS)})"
    return f"(strlen({text}) <= {LENGTH_MAX} AND {address})"


def spell(
    relation: str, *, columns: Sequence[Column], into: str, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Write addresses beyond ASCII into a table with `bare` and `address`; False if there are none.

    Parameters
    ----------
    relation, columns
        Where the addresses stand.
    into
        The name of the temporary table; one of that name is dropped.
    """
    found = f"{into}_found"
    sql.rows(connection, f"DROP TABLE IF EXISTS {into}")
    sql.rows(connection, f"CREATE OR REPLACE TEMP TABLE {found} (bare VARCHAR)")
    for column in columns:
        # A table of its own, or the engine would look into all cells more closely than it must.
        cell = f"{column.sql}::VARCHAR"
        sql.rows(
            connection,
            f"CREATE OR REPLACE TEMP TABLE {found}_cells AS SELECT DISTINCT {cell} AS {column.sql} "
            f"FROM {relation} WHERE strlen({cell}) > length({cell}) AND contains({cell}, '@')",
        )
        sql.rows(
            connection,
            f"INSERT INTO {found} SELECT {bare('text')} FROM "
            f"(SELECT {cells.filled(column)} AS text FROM {found}_cells)",
        )
        sql.rows(connection, f"DROP TABLE {found}_cells")
    has_any = _write(found, into=into, connection=connection)
    sql.rows(connection, f"DROP TABLE {found}")
    return has_any


def _write(found: str, *, into: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Write what was found anew, some at a time, so that memory stays flat."""
    numbered = f"{found}_numbered"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {numbered} AS SELECT bare, row_number() OVER () AS number "
        f"FROM (SELECT DISTINCT bare FROM {found} WHERE strlen(bare) > length(bare))",
    )
    (count,) = sql.row(connection, f"SELECT count(*) FROM {numbered}")
    if count:
        sql.rows(connection, f"CREATE TEMP TABLE {into} (bare VARCHAR, address VARCHAR)")
    for start in range(0, int(count), AT_ONCE):
        some = sql.rows(
            connection,
            f"SELECT bare FROM {numbered} WHERE number > {start} AND number <= {start + AT_ONCE}",
        )
        connection.execute(
            f"INSERT INTO {into} SELECT unnest($bare), unnest($address)",
            {"bare": [bare for (bare,) in some], "address": [normal(bare) for (bare,) in some]},
        )
    sql.rows(connection, f"DROP TABLE {numbered}")
    return bool(count)

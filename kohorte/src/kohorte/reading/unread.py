"""Rows that are left out because they cannot be read: line, column, what the cell said, and why.

They are noted in a temporary table while files are read with `skip_bad_rows`, for whoever wants to show
more of them than that they do not count.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from kohorte.language import Text
from kohorte.reading import sql
from kohorte.reading.beside import worth
from kohorte.reading.beside.footers import NOTHING
from kohorte.reading.beside.typed import Rows
from kohorte.reading.beside.understanding import Understood
from kohorte.reading.lines import Lines
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.plan import Plan
from kohorte.reading.source import Source

TABLE = "kohorte_reading_unread"
# By this reason they stand in `excluded_rows`.
REASON = "unreadable_row"
COLUMNS = "file VARCHAR, line BIGINT, name VARCHAR, cell VARCHAR, why VARCHAR"
# So much of a cell, or of a row that does not fit its table, is kept.
SHOWN_MAX = 200
WHY: Mapping[str, Text] = {
    "empty": Text(de="Hier steht nichts.", en="There is nothing."),
    "formula": Text(
        de="Das ist eine Formel, deren Ergebnis nicht in der Datei steht.",
        en="This is a formula whose value the file does not hold.",
    ),
    "date": Text(de="Das ist kein Datum.", en="This is not a date."),
    "number": Text(
        de="Das ist keine Zahl, oder sie ist zu groß.",
        en="This is not a number, or it is too large.",
    ),
    "rate": Text(
        de="Für Währung und Tag ist kein Kurs bekannt.",
        en="No rate of the currency is known for the day.",
    ),
    "country": Text(
        de="Für das Land ist kein Steuersatz bekannt.",
        en="No rate of taxes is known for the country.",
    ),
    "shape": Text(
        de="Die Zeile hat zu viele oder zu wenige Zellen, oder ein Anführungszeichen ist offen.",
        en="The row has too many or too few cells, or a quotation mark is not closed.",
    ),
    "unpriced": Text(
        de="Die Bestellung hat keinen Betrag, andere haben einen.",
        en="The order has no amount, while others have one.",
    ),
}


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """Begin with no row."""
    sql.rows(connection, f"CREATE OR REPLACE TEMP TABLE {TABLE} ({COLUMNS})")


def note(lines: Lines, *, plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the rows of a file of orders or refunds that cannot be read."""
    note_shapeless(plan.source, connection=connection)
    if not lines.faults:
        return
    headers: dict[str, str] = {meaning: column.name for meaning, column in plan.columns.items()}
    headers |= {name: part.column.name for name, part in plan.deductions.parts.items()}
    _insert(
        plan.source,
        f"SELECT line, {_chosen('fault', headers)}, cell, {_why(dates=['date'])} "
        f"FROM {sql.parquet([lines.path])} WHERE fault IS NOT NULL",
        connection=connection,
    )


def note_beside(rows: Rows, *, made: Understood, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the rows of a file beside the orders that cannot be read."""
    note_shapeless(made.source, connection=connection)
    if not rows.faults:
        return
    table = sql.parquet([rows.path])
    found = [
        name
        for (name,) in sql.rows(
            connection, f"SELECT DISTINCT fault FROM {table} WHERE fault IS NOT NULL ORDER BY fault"
        )
    ]
    named = [name for name in found if name != worth.RATE]
    texts = " ".join(f"WHEN '{name}' THEN {name}_text" for name in named)
    cell = f"CASE fault {texts} END" if texts else "NULL::VARCHAR"
    header = _chosen(
        "fault", {name: made.columns[name].name for name in named if name in made.columns}
    )
    if made.asked:
        header = (
            f"CASE WHEN fault = 'score' THEN coalesce(question_text, {header}) ELSE {header} END"
        )
    dates = [name for name in named if made.kind.field(name).reads in ("instant", "span")]
    _insert(
        made.source,
        f"SELECT line, {header}, cell, {_why(dates=dates)} FROM "
        f"(SELECT *, {cell} AS cell FROM {table} WHERE fault IS NOT NULL)",
        connection=connection,
    )


def note_shapeless(source: Source, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the rows of a file that could not be parted into cells."""
    if source.bad_rows:
        rows = ", ".join(
            f"({row.line}, {sql.literal(row.text[:SHOWN_MAX])})" for row in source.bad_rows
        )
        _insert(
            source,
            f"SELECT line, NULL, text, 'shape' FROM (VALUES {rows}) bad(line, text)",
            connection=connection,
        )


def _insert(source: Source, select: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    sql.rows(
        connection,
        f"INSERT INTO {TABLE} SELECT {sql.literal(source.name)}, line, name, "
        f"left(trim(cell), {SHOWN_MAX}), why FROM ({select}) unread(line, name, cell, why)",
    )


def _chosen(meaning: str, headers: Mapping[str, str]) -> str:
    """Return the SQL of the header of the column that is to blame."""
    cases = " ".join(
        f"WHEN {sql.literal(name)} THEN {sql.literal(header)}" for name, header in headers.items()
    )
    return f"CASE {meaning} {cases} END" if cases else "NULL::VARCHAR"


def _why(*, dates: list[str]) -> str:
    """Return the SQL of why a cell cannot be read."""
    text = "lower(trim(coalesce(cell, '')))"
    return (
        "CASE WHEN fault IN ('rate', 'country') THEN fault "
        f"WHEN {sql.among(text, [*MISSING, *NOTHING])} THEN 'empty' "
        f"WHEN starts_with({text}, '=') THEN 'formula' "
        f"WHEN {sql.among('fault', dates)} THEN 'date' ELSE 'number' END"
    )

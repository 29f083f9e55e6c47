"""What may be asked in SQL: one select on the shop's tables, decided by its syntax tree before it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

TEXT_MAX = 20_000
# The only functions that a select may read rows from.
MAKES_ROWS = frozenset({"range", "generate_series", "unnest"})
# Functions that look beyond the rows: at files, settings, secrets, sessions, other questions.
FORBIDDEN = re.compile(
    r"^(read_|write_|parquet_|sniff_|duckdb_|pragma_|pg_|inet_|json_execute|json_deserialize|"
    r"json_serialize|python_|arrow_|pandas_|st_read|http|has_\w+_privilege$|current_(setting|query|"
    r"schemas?|catalog|database|user|role|connection|transaction)|(session_)?user$|glob$|query|"
    r"get_?env|get_?variable|getvariable|get_block_size|sleep|(next|curr|set)val$|setseed$|stats$|"
    r"vector_type$|in_search_path|txid|parse_duckdb|\w+_description$|which_secret|test_|seq_scan|"
    r"summary$|checkpoint|force_|enable_|disable_|truncate_|icu_|copy_|import_|export_|load|install)"
)
# The engine shows what it keeps about itself under such names.
CATALOGS = re.compile(r"^(duckdb|pg|pragma|sqlite|information_schema|system|temp)(_|$)")
PLAIN = re.compile(r"^[^\W\d]\w*$")
_EXPLAIN = re.compile(r"^\s*explain\s+(?:analyze\s+)?", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(--[^\n]*(\n|$)|/\*.*?\*/)", re.DOTALL)


class Refusal(Exception):
    """The question is not asked, for a reason that has a name and says what it is about."""

    def __init__(self, name: str, about: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.about = about[:300]


def checked(text: str, connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> str:
    """Return the one statement of a text.

    Raises
    ------
    Refusal
        It is more, or something else, than a select on these tables.
    """
    if len(text) > TEXT_MAX:
        raise Refusal("long")
    try:
        found = connection.extract_statements(text)
    except duckdb.Error as fault:
        raise Refusal("syntax", said(fault)) from None
    if not found:
        raise Refusal("empty")
    if len(found) > 1:
        raise Refusal("several")
    (statement,) = found
    query = str(statement.query)
    if statement.type == duckdb.StatementType.EXPLAIN:
        query = _EXPLAIN.sub("", _bare(query), count=1)
    elif statement.type != duckdb.StatementType.SELECT:
        raise Refusal("kind", str(statement.type).rpartition(".")[2])
    _look_over(_tree(query, connection), frozenset(tables))
    return str(statement.query)


def _bare(query: str) -> str:
    """Return a query without the comments in front of it."""
    while (found := _COMMENT.match(query)) and found.end():
        query = query[found.end() :]
    return query


def _tree(query: str, connection: duckdb.DuckDBPyConnection) -> Any:
    try:
        told = connection.execute("SELECT json_serialize_sql($1)", [query]).fetchall()[0][0]
        tree = json.loads(told)
    except (duckdb.Error, RecursionError, ValueError):
        raise Refusal("kind", "") from None
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise Refusal("kind", "")
    return tree


def _look_over(tree: Any, tables: frozenset[str]) -> None:
    """Refuse whatever reads from elsewhere than the tables, or calls what looks beyond them."""
    parts = list(_dicts(tree))
    own = {str(name).lower() for part in parts for name in _named(part)}
    for name in own:
        # Outside of where it is defined, a name could mean a file or a table of the engine's own.
        if not PLAIN.match(name) or CATALOGS.match(name):
            raise Refusal("name", name)
    for part in parts:
        _look_at(part, tables | own)


def _look_at(part: dict[str, Any], allowed: frozenset[str]) -> None:
    kind = part.get("type")
    function = str(part.get("function_name") or "").lower()
    if kind == "BASE_TABLE":
        path = [str(each) for each in part.get("qualified_name", {}).get("path", ())]
        path = path or [str(part.get("table_name", ""))]
        if len(path) > 1 or path[-1].strip('"').lower() not in allowed:
            raise Refusal("table", ".".join(path))
    elif kind == "SHOW_REF" and not part.get("query"):
        raise Refusal("table", str(part.get("table_name", "")).strip('"'))
    elif kind == "TABLE_FUNCTION":
        called = str(part["function"].get("function_name", "")).lower()
        if called not in MAKES_ROWS:
            raise Refusal("function", called)
    elif kind == "VALUE_PARAMETER" or part.get("class") == "PARAMETER":
        raise Refusal("parameter")
    elif FORBIDDEN.match(function):
        raise Refusal("function", function)


def _named(part: dict[str, Any]) -> Iterator[str]:
    """Yield the names that a part gives to selects of its own."""
    for entry in (part.get("cte_map") or {}).get("map", ()):
        yield entry["key"]
    if part.get("cte_name"):
        yield part["cte_name"]


def _dicts(tree: Any) -> Iterator[dict[str, Any]]:
    open_: list[Any] = [tree]
    while open_:
        found = open_.pop()
        if isinstance(found, dict):
            yield found
            open_ += found.values()
        elif isinstance(found, list):
            open_ += found


def said(fault: duckdb.Error) -> str:
    """Return the first sentence of what the engine says, without any path of this machine."""
    text = str(fault).split("\n\n")[0].split("\nLINE ")[0]
    text = re.sub(r"^\w[\w ]* Error: ", "", text)
    return re.sub(r"(/[\w.\-]+){2,}", "…", text)[:300]

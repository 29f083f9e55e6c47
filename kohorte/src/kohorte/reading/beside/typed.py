"""The typed rows of one file beside the orders: each with its facts, or with its fault.

They are written to a temporary Parquet file, so that memory stays flat. A row that cannot be read
keeps the field (`fault`) and the text (`cell`) that are to blame, one that is none of its kind the
number of the test that says so (`gone`). Every field has its text beside it (`…_text`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from kohorte.errors import BadRowsError
from kohorte.reading import cells, sql
from kohorte.reading.amounts import decimals
from kohorte.reading.beside import fitting, moments, worth
from kohorte.reading.beside.declaring import Field
from kohorte.reading.beside.footers import NOTHING
from kohorte.reading.beside.understanding import Understood
from kohorte.reading.beside.worth import Money
from kohorte.reading.days import dates
from kohorte.reading.formats import guarded
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.persons import known_by
from kohorte.reading.source import Column

SHOWN_MAX = 80
_TYPES = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "person": "VARCHAR",
    "email": "VARCHAR",
    "code": "VARCHAR",
    "choice": "VARCHAR",
    "flag": "VARCHAR",
    "instant": "TIMESTAMP",
    "span": "DATE",
    "number": "DECIMAL(18,6)",
    "whole": "BIGINT",
    "money": "BIGINT",
    "cost": "DECIMAL(18,6)",
    "duration": "INTERVAL",
    "score": "DECIMAL(9,3)",
}
_WHO = ("person", "email")
_LEADING = r"^\s*(-?[0-9]{1,6}(?:[.,][0-9]+)?)(?:[^0-9].*)?$"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The typed rows of one file: where they lie, how many, and how many of them are at fault."""

    path: Path
    rows: int
    faults: int


def write(
    made: Understood,
    *,
    number: int,
    money: Money,
    zone: str,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
) -> Rows:
    """Write the typed rows of a file.

    Parameters
    ----------
    number
        The place of the file among those of its table, from 0.
    money
        The currency of its amounts, and how they become the shop's.
    zone
        The shop's zone.
    """
    fields = [each for each in made.kind.fields if not each.name.startswith("told_by")]
    own = "UTC" if made.is_own else zone
    typed = [f"{number} AS file", "line"]
    for each in fields:
        typed += _typed(made, each, money=money, zone=own)
    source = known_by.beside(
        made.source.relation,
        number=made.columns.get("customer_id"),
        email=made.columns.get("email"),
        connection=connection,
    )
    filled = ", ".join(f"{column.sql}::VARCHAR" for column in made.source.columns)
    rows = f"SELECT {', '.join(typed)} FROM {source} WHERE coalesce({filled}) IS NOT NULL"
    valued = worth.valued(rows, made=made, money=money, zone=own)
    tests = [f"WHEN {test} THEN {place}" for place, test in enumerate(made.kind.left_out)]
    gone = f"CASE {' '.join(tests)} END" if tests else "NULL::INTEGER"
    judged = f"SELECT *, {gone} AS gone FROM ({valued})"
    final = f"SELECT *, CASE WHEN gone IS NULL THEN {_fault(made)} END AS fault FROM ({judged})"
    target = folder / f"{made.kind.table.name}.{number}.beside.parquet"
    sql.copy(connection, final, to=target)
    count, faults = sql.row(
        connection, f"SELECT count(*), count(fault) FROM {sql.parquet([target])}"
    )
    return Rows(path=target, rows=int(count), faults=int(faults))


def _typed(made: Understood, each: Field, *, money: Money, zone: str) -> list[str]:
    """Return the SQL of a field and of its text; NULL where no column tells it."""
    name, kind = each.name, _TYPES[each.reads]
    column = made.columns.get(name)
    further = ""
    if column is None:
        constant = made.constants.get(name)
        value = sql.literal(constant) if constant else "NULL"
        cell = "NULL::VARCHAR"
    else:
        value = _value(made, each, column, zone=made.zones.get(name, zone))
        cell = _text(column, is_moment=each.reads in ("instant", "span"))
    if each.reads in _WHO and {"customer_id", "email"} & set(made.columns):
        value = name
    if each.reads == "span":
        further = _last(made, name, column)
    if each.reads in ("money", "cost"):
        kind = "DECIMAL(18,6)"
    found = [f"({value})::{kind} AS {name}", f"{cell} AS {name}_text"]
    return [*found, f"({further})::DATE AS {name}_last"] if further else found


def _text(column: Column, *, is_moment: bool) -> str:
    """Return the SQL of a cell's text, NULL where it stands for nothing; so does a day of zeros."""
    filled = cells.filled(column)
    nothing = f"{filled} IN ({sql.texts(NOTHING)})"
    if is_moment and column.kind in ("text", "number"):
        nothing += f" OR regexp_full_match({filled}, '[0T.:/ -]*')"
    return f"CASE WHEN NOT ({nothing}) THEN {filled} END"


def _value(made: Understood, each: Field, column: Column, *, zone: str) -> str:
    """Return the SQL of what a cell means."""
    name = each.name
    match each.reads:
        case "instant":
            return _instant(made, name, column, zone=zone)
        case "span":
            return _day(made, name, column, zone=zone)
        case "number" | "money" | "cost":
            return decimals.number(column, mark=made.marks[name], kind="DECIMAL(18,6)")
        case "whole":
            number = decimals.number(column, mark=made.marks[name], kind="DECIMAL(18,6)")
            return f"CASE WHEN {number} = round({number}) THEN {number} END"
        case "duration":
            return _duration(made, name, column)
        case "score":
            return _score(column)
        case "choice" | "flag":
            return _chosen(made, name, column)
        case "id":
            return cells.identity(column)
    return cells.filled(column)


def _instant(made: Understood, name: str, column: Column, *, zone: str) -> str:
    if name in made.spans:
        here = f"({_named(made, name, column, place=0)})::TIMESTAMP"
        return f"timezone('UTC', timezone({sql.literal(zone)}, {here}))"
    return dates.instant(column, writing=made.writings[name], zone=zone)


def _day(made: Understood, name: str, column: Column, *, zone: str) -> str:
    if name in made.spans:
        return _named(made, name, column, place=0)
    if column.kind == "instant":
        return f"timezone({sql.literal(zone)}, {column.sql})::DATE"
    day = moments.local_day(column, writing=made.writings[name])
    return f"CASE WHEN {day} BETWEEN '1900-01-01' AND '2200-01-01' THEN {day} END"


def _last(made: Understood, name: str, column: Column | None) -> str:
    """Return the SQL of the last day of what a cell names."""
    if column is None:
        return "NULL"
    if name in made.spans:
        return _named(made, name, column, place=1)
    day = _day(made, name, column, zone="UTC")
    length = made.constants.get("length", "day")
    return day if length == "day" or name != "starts_on" else moments.last_day(day, length=length)


def _named(made: Understood, name: str, column: Column, *, place: int) -> str:
    cases = " ".join(
        f"WHEN {sql.literal(text)} THEN DATE '{span[place]}'"
        for text, span in made.spans[name].items()
    )
    return f"CASE {dates.text(column)} {cases} END"


def _duration(made: Understood, name: str, column: Column) -> str:
    """Return the SQL of a duration: a number of units, or hours, minutes and seconds."""
    number = decimals.number(column, mark=made.marks[name], kind="DECIMAL(18,6)")
    seconds = f"({number}) * {made.units[name]}"
    clock = f"{column.sql}::VARCHAR"
    parts = f"string_split(trim({clock}), ':')"
    by_clock = (
        f"{parts}[1]::BIGINT * 3600 + {parts}[2]::BIGINT * 60 + coalesce({parts}[3], '0')::BIGINT"
    )
    is_clock = f"regexp_full_match(trim({clock}), '[0-9]{{1,6}}:[0-9]{{2}}(:[0-9]{{2}})?')"
    return (
        f"to_microseconds(CASE WHEN {is_clock} THEN ({by_clock}) * 1000000 "
        f"WHEN {number} >= 0 THEN round({seconds} * 1000000)::BIGINT END)"
    )


def _score(column: Column) -> str:
    """Return the SQL of the number with which a cell begins: “9 – sehr wahrscheinlich” is 9.

    Help desks ask with a thumb up or down, which are 1 and 0.
    """
    found = f"regexp_extract({column.sql}::VARCHAR, {sql.literal(_LEADING)}, 1)"
    word = f"lower(trim({column.sql}::VARCHAR))"
    return (
        f"CASE WHEN {sql.among(word, fitting.GOOD)} THEN 1 "
        f"WHEN {sql.among(word, fitting.BAD)} THEN 0 "
        f"ELSE TRY_CAST(replace({found}, ',', '.') AS DECIMAL(9,3)) END"
    )


def _chosen(made: Understood, name: str, column: Column) -> str:
    words = made.words[name]
    if not words:
        return "NULL"
    cases = " ".join(
        f"WHEN {sql.literal(word)} THEN {sql.literal(value)}" for word, value in words.items()
    )
    return f"CASE {cells.filled(column)} {cases} END"


def _fault(made: Understood) -> str:
    """Return the SQL of the first field that cannot be read, or that is needed and missing."""
    tests = [f"WHEN unrated IS NOT NULL THEN '{worth.RATE}'"] if made.of("money", "cost") else []
    for each in made.kind.fields:
        if each.name not in made.columns or each.reads in ("text", "code", *_WHO):
            continue
        spared = made.kind.spared.get(each.name)
        unless = f"NOT ({spared}) AND " if spared else ""
        if each.reads not in ("id", "choice", "flag"):
            test = f"{unless}{each.name} IS NULL AND {each.name}_text IS NOT NULL"
            tests.append(f"WHEN {test} THEN '{each.name}'")
        if each.required:
            tests.append(f"WHEN {each.name} IS NULL THEN '{each.name}'")
    needs = {name for group in made.kind.needs for name in group}
    if {"customer_id", "email"} <= needs and "order_id" not in needs:
        someone = "coalesce(customer_id, email, customer_id_text, email_text) IS NULL"
        name = "customer_id" if "customer_id" in made.columns else "email"
        tests.append(f"WHEN {someone} THEN '{name}'")
    return f"CASE {' '.join(tests)} END" if tests else "NULL::VARCHAR"


def refuse(rows: Rows, *, made: Understood, connection: duckdb.DuckDBPyConnection) -> None:
    """Raise the error for the first row that cannot be read, if there is one."""
    if not rows.faults:
        return
    table = sql.parquet([rows.path])
    line, name = sql.row(
        connection,
        f"SELECT line, fault FROM {table} WHERE fault IS NOT NULL ORDER BY line LIMIT 1",
    )
    if name == worth.RATE:
        worth.refuse(rows.path, made=made, connection=connection, count=rows.faults)
    header = "question_text" if made.asked else "NULL"
    text, header = sql.row(
        connection,
        f"SELECT {name}_text, {header} FROM {table} "
        f"WHERE line = {line} AND fault = '{name}' LIMIT 1",
    )
    column = header if header and name == "score" else made.columns[name].name
    shown = str(text or "").strip()[:SHOWN_MAX]
    values = {
        "line": int(line),
        "file": made.source.name,
        "column": column,
        "count": rows.faults,
        "text": shown,
    }
    if shown.lower() in (*MISSING, *NOTHING):
        raise BadRowsError(
            "Line {line} of {file} has nothing in the column “{column}” (such rows: {count}). Fill "
            "it in, or leave such rows out with --skip-bad-rows.",
            **values,
        )
    if guarded.is_formula(shown):
        raise guarded.valueless(values)
    if made.kind.field(name).reads in ("instant", "span"):
        raise BadRowsError(
            "Line {line} of {file}: “{text}” in the column “{column}” is not a date (such rows: "
            "{count}). Correct it, name the format with --date-format, or leave such rows out with "
            "--skip-bad-rows.",
            **values,
        )
    raise BadRowsError(
        "Line {line} of {file}: “{text}” in the column “{column}” is not a number (such rows: "
        "{count}). Correct it, name the decimal mark with --decimal, or leave such rows out with "
        "--skip-bad-rows.",
        **values,
    )

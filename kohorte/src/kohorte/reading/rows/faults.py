"""Rows that cannot be read: the first one, in one sentence with its line and the remedy."""

from __future__ import annotations

import datetime as dt
import re
from typing import NoReturn

import duckdb

from kohorte.errors import BadRowsError, ReadError
from kohorte.reading import sql
from kohorte.reading.formats import guarded
from kohorte.reading.lines import Lines
from kohorte.reading.plan import Plan

SHOWN_MAX = 80
# A number with a trillion or more, however it is written.
_LARGE = re.compile(r"[^\w]*[1-9](?:[., '’]?\d){12,}[^\w]*|[-+]?\d+(?:[.,]\d+)?[eE]\+?\d{1,3}")


def refuse(lines: Lines, *, plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Raise the error for the first row of a file that cannot be read, if there is one."""
    if not lines.faults:
        return
    line, meaning, cell = sql.row(
        connection,
        f"SELECT line, fault, cell FROM {sql.parquet([lines.path])} WHERE fault IS NOT NULL "
        "ORDER BY line LIMIT 1",
    )
    if meaning in ("rate", "country"):
        _refuse_without_rate(meaning, str(cell), line=int(line), plan=plan, count=lines.faults)
    part = plan.deductions.parts.get(meaning)
    column = (part.column if part else plan.columns[meaning]).name
    values = {
        "line": int(line),
        "file": plan.source.name,
        "column": column,
        "count": lines.faults,
        "text": str(cell or "").strip()[:SHOWN_MAX],
    }
    if not values["text"]:
        raise BadRowsError(
            "Line {line} of {file} has nothing in the column “{column}” (such rows: {count}). Fill "
            "it in, or leave such rows out with --skip-bad-rows.",
            **values,
        )
    if guarded.is_formula(str(values["text"])):
        raise guarded.valueless(values)
    if meaning == "date":
        raise BadRowsError(
            "Line {line} of {file}: “{text}” in the column “{column}” is not a date (such rows: "
            "{count}). Correct it, name the format with --date-format, or leave such rows out with "
            "--skip-bad-rows.",
            **values,
        )
    if _LARGE.fullmatch(str(values["text"])):
        raise BadRowsError(
            "Line {line} of {file}: “{text}” in the column “{column}” is too large a number (such "
            "rows: {count}). Correct it, or leave such rows out with --skip-bad-rows.",
            **values,
        )
    raise BadRowsError(
        "Line {line} of {file}: “{text}” in the column “{column}” is not a number (such rows: "
        "{count}). Correct it, name the decimal mark with --decimal, or leave such rows out with "
        "--skip-bad-rows.",
        **values,
    )


def _refuse_without_rate(meaning: str, cell: str, *, line: int, plan: Plan, count: int) -> NoReturn:
    """Raise for a row whose currency has no rate on its day, or whose country has no rate of taxes."""
    text, _, day = cell.rpartition(" ")
    values = {
        "line": line,
        "file": plan.source.name,
        "day": dt.date.fromisoformat(day),
        "count": count,
    }
    if meaning == "rate":
        raise BadRowsError(
            "Line {line} of {file}: there is no rate of {currency} on {day}, nor in the seven days "
            "before (such rows: {count}). Add it to the file of rates, or leave such rows out with "
            "--skip-bad-rows.",
            currency=text,
            **values,
        )
    if not text:
        raise ReadError(
            "Line {line} of {file} names no country, so that its taxes are not known (such rows: "
            "{count}). Fill it in, or say one rate for all with --tax-rate 19.",
            **values,
        )
    raise ReadError(
        "Line {line} of {file}: no rate of taxes is known for “{country}” on {day} (such rows: "
        "{count}). Correct the country, or say one rate for all with --tax-rate 19.",
        country=text[:SHOWN_MAX],
        **values,
    )

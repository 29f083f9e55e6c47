"""Rows that cannot be read: the first one, in one sentence with its line and the remedy."""

from __future__ import annotations

import re

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql
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
    column = plan.columns[meaning].name
    values = {
        "line": int(line),
        "file": plan.source.name,
        "column": column,
        "count": lines.faults,
        "text": str(cell or "").strip()[:SHOWN_MAX],
    }
    if not values["text"]:
        raise ReadError(
            "Line {line} of {file} has nothing in the column “{column}” (such rows: {count}). Fill "
            "it in, or leave such rows out with --skip-bad-rows.",
            **values,
        )
    if meaning == "date":
        raise ReadError(
            "Line {line} of {file}: “{text}” in the column “{column}” is not a date (such rows: "
            "{count}). Correct it, name the format with --date-format, or leave such rows out with "
            "--skip-bad-rows.",
            **values,
        )
    if _LARGE.fullmatch(str(values["text"])):
        raise ReadError(
            "Line {line} of {file}: “{text}” in the column “{column}” is too large a number (such "
            "rows: {count}). Correct it, or leave such rows out with --skip-bad-rows.",
            **values,
        )
    raise ReadError(
        "Line {line} of {file}: “{text}” in the column “{column}” is not a number (such rows: "
        "{count}). Correct it, name the decimal mark with --decimal, or leave such rows out with "
        "--skip-bad-rows.",
        **values,
    )

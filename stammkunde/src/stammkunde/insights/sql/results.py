"""The rows of an answered question: a page of them, all of them, and as a file of Parquet."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from stammkunde.insights import parts
from stammkunde.insights.sql.child import PAGE
from stammkunde.insights.sql.sandbox import Told

ROWS, PARQUET = "rows.jsonl", "result.parquet"
Cells = list[str | None]
# Types that are kept as they are; everything else is written as text.
_PLAIN = re.compile(
    r"^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DATE|TIMESTAMP|TIME|VARCHAR|"
    r"DECIMAL\(\d+, ?\d+\))$"
)
NUMBERS = re.compile(r"^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL)")


def pack(folder: Path, told: Told) -> None:
    """Write the rows of a finished question as Parquet as well, with the types of its columns."""
    heads = distinct([name for name, _type in told.columns])
    cells = ", ".join(
        f"TRY_CAST(cells[{place}] AS {type_ if _PLAIN.match(type_) else 'VARCHAR'}) AS {_quoted(head)}"
        for place, (head, (_name, type_)) in enumerate(zip(heads, told.columns, strict=True), 1)
    )
    source = parts.quoted(folder / ROWS)
    with duckdb.connect(config={"memory_limit": "512MB", "threads": "1"}) as connection:
        connection.execute(
            f"COPY (SELECT {cells} FROM (SELECT json::VARCHAR[] AS cells FROM read_json({source}, "
            "format = 'newline_delimited', columns = {json: 'JSON'}, records = false, "
            f"maximum_object_size = 67108864))) TO {parts.quoted(folder / PARQUET)} (FORMAT parquet)"
        )


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none stands twice.

    >>> distinct(["a", "a", "b"])
    ['a', 'a_2', 'b']
    """
    found: list[str] = []
    for name in names:
        tried = next(
            each
            for each in itertools.chain([name], (f"{name}_{n}" for n in itertools.count(2)))
            if each not in found
        )
        found.append(tried)
    return found


def page(folder: Path, offsets: Sequence[int], number: int) -> list[Cells]:
    """Return a page of rows, from 1; empty where there is none, or the result is gone."""
    if not 1 <= number <= len(offsets):
        return []
    try:
        with (folder / ROWS).open("rb") as file:
            file.seek(offsets[number - 1])
            return [json.loads(line) for line in itertools.islice(file, PAGE)]
    except FileNotFoundError:
        return []


def every(folder: Path) -> Iterator[Cells]:
    """Yield all rows."""
    with (folder / ROWS).open("rb") as file:
        for line in file:
            yield json.loads(line)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

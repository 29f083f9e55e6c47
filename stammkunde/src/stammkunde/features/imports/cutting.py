"""Files that are no text, without the rows of a person: the table that was read of one takes its place.

Rows cannot be cut out of a workbook: what else is in it, such as other sheets, former versions or a table
behind a chart, may name the person as well. So the table that counts is written anew, with its columns and
types, and the workbook goes. It is Parquet then, whatever its name, and is read as it was before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from kohorte.errors import KohorteError
from kohorte.reading.formats import opening
from kohorte.reading.source import Source
from kohorte.reading.sql import identifier, literal
from stammkunde.features.imports import files, rules, staging
from stammkunde.features.imports.models import File
from stammkunde.records.customers.privacy import Person


def names(file: File, person: Person) -> bool:
    """Return whether the table of a file names a person; what cannot be read may."""
    with suppress(KohorteError, duckdb.Error), _opened(file) as (connection, source):
        found = connection.execute(
            f"SELECT 1 FROM {source.relation} WHERE {_tells(source, person)} LIMIT 1"
        )
        return found.fetchone() is not None
    return True


def cut(file: File, person: Person) -> bool:
    """Let the table of a file, without a person's rows, take its place; False if it cannot be read."""
    with suppress(KohorteError, duckdb.Error), _opened(file) as (connection, source):
        columns = ", ".join(f"{each.sql} AS {identifier(each.name)}" for each in source.columns)
        kept = (
            f"SELECT {columns} FROM {source.relation} WHERE NOT {_tells(source, person)} "
            "ORDER BY line"
        )

        def write(target: Path) -> None:
            connection.execute(f"COPY ({kept}) TO {literal(str(target))} (FORMAT parquet)")

        files.written(files.path(file), write)
        return True
    return False


@contextmanager
def _opened(file: File) -> Iterator[tuple[duckdb.DuckDBPyConnection, Source]]:
    with tempfile.TemporaryDirectory(dir=files.folder(file.import_of)) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": staging.MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",
            "temp_directory": f"{folder}/spill",
        }
        with duckdb.connect(config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield (
                connection,
                opening.open_source(
                    files.path(file),
                    connection=connection,
                    folder=Path(folder),
                    options=rules.options(file.import_of.said),
                ),
            )


def _tells(source: Source, person: Person) -> str:
    """Return the SQL of what says of a row whether it tells a person, as `privacy` says it of text."""
    cells = ", ".join(
        f"regexp_replace(lower(trim({each.sql}::VARCHAR)), '\\.0+$', '')" for each in source.columns
    )
    exact = ", ".join(literal(word.lower()) for word in person.words)
    text = f"array_to_string([{cells}], chr(10))"
    parts = [f"contains({text}, {literal(word.lower())})" for word in person.telling]
    if exact:
        parts.append(f"list_has_any([{cells}], [{exact}])")
    return f"coalesce({' OR '.join(parts) or 'false'}, false)"

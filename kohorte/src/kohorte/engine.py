"""DuckDB as the engine: limits, relations run by name, hot ones kept as tables.

The engine knows SQL and nothing of shops. Parameters are bound by name; of those it was given it
passes on the ones that a query uses.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from kohorte import relations

MEMORY_LIMIT = "3GB"

# Writes the table of a relation on a shorter way, and perhaps those of others, and returns their names; or leaves it
# to its SQL and returns none.
Way = Callable[["Engine"], Collection[str]]


class Engine:
    """One DuckDB connection with canonical tables in it.

    Parameters
    ----------
    memory_limit
        What DuckDB may use before it spills to a temporary folder, such as `"4GB"`.
    threads
        Number of threads; all cores unless given.
    """

    def __init__(self, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kohorte-")
        self.folder = Path(self._folder.name)
        self.threads = threads or os.cpu_count() or 1
        self.connection = duckdb.connect(
            config={
                "memory_limit": memory_limit,
                "threads": str(self.threads),
                "temp_directory": str(self.folder / "spill"),
                "autoinstall_known_extensions": "false",
                "preserve_insertion_order": "false",
            }
        )
        self.connection.execute("SET TimeZone = 'UTC'")
        self.parameters: dict[str, Any] = {}
        self.hot: frozenset[str] = frozenset()
        self.ways: Mapping[str, Way] = {}
        self.instead: Mapping[str, str] = {}
        # What ways leave beside a kept relation for the ways of others; it goes when the relation does.
        self.beside: dict[str, Any] = {}
        self._kept: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and delete what was spilled."""
        self.connection.close()
        self._folder.cleanup()

    @contextmanager
    def closed_on_error(self) -> Iterator[None]:
        """Close the engine if what follows fails; whoever opened it then has nothing to close."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def composed(self, sql: str) -> str:
        """Return the query as it runs: kept relations by name, the others in front of it."""
        return relations.compose(sql, kept=self._kept, instead=self.instead)

    def cursor(
        self, sql: str, parameters: Mapping[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        """Run a select on relations and return the open result.

        Hot relations that it needs are computed once and kept.
        """
        self._keep_hot(sql)
        text = self.composed(sql)
        known = {**self.parameters, **(parameters or {})}
        used = {name: known[name] for name in relations.parameters(text)}
        return self._run(text, used)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a select on relations and return its rows by column name."""
        result = self.cursor(sql, parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def keep(self, name: str) -> None:
        """Compute a relation once and keep it as a table until `forget`."""
        if name in self._kept:
            return
        written = self.ways[name](self) if name in self.ways else ()
        self._kept.update(written)
        if name in written:
            return
        self._keep_hot(relations.get(self.instead.get(name, name)).sql)
        text = self.composed(f"SELECT * FROM {name}")
        used = {key: self.parameters[key] for key in relations.parameters(text)}
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {text}", used)
        self._kept.add(name)

    def _keep_hot(self, sql: str) -> None:
        """Keep the hot relations that a select needs; what ways leave out on the way is not needed."""
        for chosen in (self.hot & self.ways.keys(), self.hot):
            for name in relations.in_order(sql, kept=self._kept, instead=self.instead):
                if name in chosen:
                    self.keep(name)

    def write(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Write the result of a select on relations to a temporary table, replacing it."""
        text = self.composed(sql)
        known = {**self.parameters, **(parameters or {})}
        used = {key: known[key] for key in relations.parameters(text)}
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {text}", used)

    def write_arrays(
        self,
        name: str,
        sql: str,
        arrays: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Write a relation's table from a select on arrays, which are the columns of `given`."""
        columns = self.composed(f"SELECT * FROM {name}")
        known = {**self.parameters, **(parameters or {})}
        used = {key: known[key] for key in relations.parameters(columns)}
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM ({columns}) LIMIT 0", used)
        self.connection.register("given", dict(arrays))
        try:
            bound = {key: known[key] for key in relations.parameters(sql)}
            self._run(f"INSERT INTO {name} {sql}", bound)
        finally:
            self.connection.unregister("given")

    @property
    def database(self) -> str:
        """The catalog and schema that hold the canonical tables."""
        row = self.connection.execute("SELECT current_database()").fetchone()
        return f"{row[0] if row else 'memory'}.main"

    def _run(self, text: str, bound: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(text, dict(bound))
        except RuntimeError as error:
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from error
            raise

    def forget_all(self, *, but: str = "") -> None:
        """Drop all kept relations, or all but one."""
        self.forget(*self._kept - {but})

    def forget(self, *names: str) -> None:
        """Drop kept relations."""
        for name in tuple(names):
            if name in self._kept:
                self.connection.execute(f"DROP TABLE {name}")
                self._kept.discard(name)
                self.beside.pop(name, None)

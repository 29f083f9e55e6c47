from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kohorte import reading
from kohorte.reading import Reading, ReadOptions
from kohorte.settings import Settings


@dataclass
class Shop:
    """A connection with what was read into it, and a folder to write files to."""

    folder: Path
    connection: duckdb.DuckDBPyConnection
    reading: Reading | None = None

    def file(self, content: str | bytes, name: str = "orders.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(
        self, *paths: Path, zone: str = "UTC", count: tuple[str, ...] = (), **options: Any
    ) -> Reading:
        self.reading = reading.read(
            paths,
            connection=self.connection,
            settings=Settings(timezone=zone, count=count),
            options=ReadOptions(**options),
        )
        return self.reading

    def text(self, content: str | bytes, *, zone: str = "UTC", **options: Any) -> Reading:
        return self.read(self.file(content), zone=zone, **options)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        (row,) = self.rows(query)
        return tuple(row)

    def tables(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT table_name FROM information_schema.tables")}

    def remarks(self) -> list[str]:
        assert self.reading is not None
        return [remark.render("en") for file in self.reading.files for remark in file.remarks]

    def questions(self) -> dict[str, str]:
        assert self.reading is not None
        return {one.option: one.asks.render("en") for one in self.reading.questions}


@pytest.fixture(scope="session")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine in which each test has a database of its own: to start one takes longer."""
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def shop(tmp_path: Path, engine: duckdb.DuckDBPyConnection) -> Iterator[Shop]:
    engine.execute("ATTACH ':memory:' AS shop")
    with engine.cursor() as connection:
        connection.execute("USE shop")
        yield Shop(folder=tmp_path, connection=connection)
    engine.execute("DETACH shop")


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Shop]]:
    """Shops that all tests of a module share."""
    shops: list[Shop] = []

    def opened() -> Shop:
        shops.append(Shop(folder=tmp_path_factory.mktemp("shop"), connection=duckdb.connect()))
        return shops[-1]

    yield opened
    for shop in shops:
        shop.connection.close()

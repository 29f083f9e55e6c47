from __future__ import annotations

import sqlite3
import sys
from contextlib import closing

import pytest

from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import address
from kohorte.settings import Settings

ROWS = [("007", 17850, "2024-01-05 10:30:00", 19.9), ("8", 13047, "2024-02-06", 1234.5)]


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(
            "CREATE TABLE orders (order_id TEXT, customer_id INT, date TEXT, amount REAL)"
        )
        opened.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)
        opened.execute("CREATE VIEW \"late orders\" AS SELECT * FROM orders WHERE date > '2024-02'")
    return path


def read(shop, place):
    shop.reading = reading.read([place], connection=shop.connection, settings=Settings())
    return shop.rows("SELECT order_id, customer_id, amount_minor FROM orders ORDER BY order_id")


def test_a_table_of_sqlite_is_read(shop, database):
    found = read(shop, f"sqlite:///{database}?table=orders")

    assert found == [("007", "17850", 1990), ("8", "13047", 123450)]
    assert shop.reading.files[0].path == f"sqlite:///{database}?table=orders"


def test_a_view_and_a_relative_path_do_as_well(shop, database, monkeypatch):
    monkeypatch.chdir(database.parent)

    assert read(shop, "sqlite:///shop.db?table=late%20orders") == [("8", "13047", 123450)]


def test_a_database_is_only_read(shop, database):
    before = database.read_bytes()

    read(shop, f"sqlite:///{database}?table=orders")

    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["shop.db"]


def test_odd_signs_in_texts_do_no_harm(shop, database):
    """NUL, the marks of the copy, quotes, line breaks, bytes that are no UTF-8."""
    odd = ["a\0b", "\x01a", "\x02", 'a"\r\nb,c', "é"]
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("DELETE FROM orders")
        opened.executemany(
            "INSERT INTO orders VALUES (?, ?, '2024-01-05', 1)",
            [(f"N{n}", text) for n, text in enumerate(odd)],
        )
        opened.execute("INSERT INTO orders VALUES ('N9', CAST(x'61ff' AS TEXT), '2024-01-05', 1)")

    found = read(shop, f"sqlite:///{database}?table=orders")

    assert [customer for _, customer, _ in found] == ["ab", "a", None, 'a"\r\nb,c', "é", "a�"]


def test_the_tables_are_listed_where_none_fits(shop, database):
    with pytest.raises(ReadError) as unknown:
        read(shop, f"sqlite:///{database}?table=bestellungen")
    with pytest.raises(ReadError) as unnamed:
        read(shop, f"sqlite:///{database}")

    assert str(unknown.value) == (
        f"There is no table “bestellungen” under sqlite:///{database}?table=bestellungen. There "
        "are: late orders, orders."
    )
    assert str(unnamed.value) == (
        f"The address sqlite:///{database} names no table. Add ?table=NAME; there are: late "
        "orders, orders."
    )


def test_a_file_that_is_no_database(shop):
    path = shop.file("order_id\n1\n", "shop.db")

    with pytest.raises(ReadError, match=r"^The file shop\.db is no SQLite database\.$"):
        read(shop, f"sqlite:///{path}?table=orders")
    with pytest.raises(ReadError, match="does not exist"):
        read(shop, f"sqlite:///{path}x?table=orders")


def test_a_damaged_database(shop, database):
    database.write_bytes(database.read_bytes()[:100] + b"\xff" * 9000)

    with pytest.raises(ReadError, match=r"^The database shop\.db cannot be read \(.+\)\.$"):
        read(shop, f"sqlite:///{database}?table=orders")


def test_a_database_that_is_named_like_a_file_says_how_to_name_its_table(shop, database):
    with pytest.raises(ReadError) as refused:
        read(shop, database)

    assert str(refused.value) == (
        "The file shop.db is an SQLite database. Name a table in it: sqlite:///shop.db?table=NAME."
    )


HIDDEN = "s3cr%3At"
URLS = [
    f"postgresql://anna:{HIDDEN}@127.0.0.1:1/shop?table=orders&sslpassword={HIDDEN}",
    f"postgres://anna:{HIDDEN}@127.0.0.1:1/shop?table=public.orders",
    f"postgresql://127.0.0.1:1/shop?user=anna&password={HIDDEN}&table=orders",
]
MISSPELLED = [
    f"postgresql:/anna:{HIDDEN}@db.example.com/shop?table=orders",
    "postgresql://anna:pa/ss@db.example.com/shop?table=orders",
    "postgresql://anna:12#3@db.example.com/shop?table=orders",
    "postgresql://anna:12?3@db.example.com/shop?table=orders",
    "postgresql://db.example.com",
    "sqlite://shop.db?table=orders",
    "sqlite:/shop.db?table=orders",
]


@pytest.mark.parametrize("url", URLS)
def test_a_password_is_never_shown(url):
    place = address.place(url)

    for shown in (str(place), repr(place), place.name, place.shown):
        assert HIDDEN not in shown
        assert "s3cr" not in shown
    assert HIDDEN in place.database
    assert "table=" not in place.database


@pytest.mark.parametrize("url", MISSPELLED)
def test_an_address_that_is_misspelled_is_not_repeated(url):
    with pytest.raises(ReadError) as refused:
        address.place(url)

    assert str(refused.value) == (
        "The address of a table is written as sqlite:///shop.db?table=orders or "
        "postgresql://user@host/shop?table=orders."
    )


def test_postgresql_without_its_driver_says_what_to_install(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ReadError) as refused:
        read(shop, URLS[0])

    assert str(refused.value) == (
        "PostgreSQL is read through psycopg, which is not installed: "
        'pip install "kohorte[postgresql]".'
    )


@pytest.mark.parametrize("url", URLS)
def test_a_server_that_does_not_answer_is_told_without_the_password(shop, url):
    pytest.importorskip("psycopg", reason="psycopg is not installed")

    with pytest.raises(ReadError) as refused:
        read(shop, url)

    assert "cannot be read" in str(refused.value)
    assert "s3cr" not in str(refused.value)

"""Addresses of databases: what Django is told, and what is refused."""

from __future__ import annotations

import pytest

from stammkunde.config import database


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("sqlite:///stammkunde.sqlite3", "stammkunde.sqlite3"),
        ("sqlite:////srv/shop/my%20shop.sqlite3", "/srv/shop/my shop.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_sqlite_is_durable_and_queues_its_writers(address: str, file: str) -> None:
    assert database.parse(address) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        },
    }


def test_postgresql_is_read_in_full() -> None:
    address = "postgresql://sh%40p:p%2Fa%3As%25s@db.example:5433/stamm%20kunde?sslmode=require"
    assert database.parse(address) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "stamm kunde",
        "USER": "sh@p",
        "PASSWORD": "p/a:s%s",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "PREPARES": True,
        "OPTIONS": {"sslmode": "require"},
    }


def test_plans_are_not_kept_where_a_pool_stands_between() -> None:
    found = database.parse("postgresql://db.example/shop?prepare=off&sslmode=require")
    assert (found["PREPARES"], found["OPTIONS"]) == (False, {"sslmode": "require"})


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("postgres://shop@[::1]/shop", "::1", ""),
        ("postgresql:///shop?host=/var/run/postgresql", "/var/run/postgresql", ""),
        ("postgresql://db.example/shop", "db.example", ""),
    ],
)
def test_postgresql_is_found_by_name_number_or_socket(address: str, host: str, port: str) -> None:
    found = database.parse(address)
    assert (found["HOST"], found["PORT"], found["NAME"]) == (host, port, "shop")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://localhost/shop", "begin with sqlite:// or postgresql://, not with “mysql”"),
        ("shop.sqlite3", "must begin with sqlite://"),
        ("sqlite://shop.sqlite3", "write sqlite:///file"),
        ("sqlite://", "write sqlite:///file"),
        ("sqlite:///shop?mode=ro", "takes no options"),
        ("postgresql://localhost", "name of the database is missing"),
        ("postgresql://localhost/a/b", "name of the database is missing"),
        ("postgresql://localhost:54x/shop", "a port is a number"),
        ("postgresql://me:se#cret@localhost/shop", "cannot be read|is missing|written %23"),
        ("postgresql://localhost/shop?pool=1", "“pool” is not an option"),
        ("postgresql://localhost/shop?prepare=perhaps", "“prepare” is on or off"),
    ],
)
def test_a_bad_address_is_explained_and_its_password_kept(address: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as fault:
        database.parse(address)
    assert "cret" not in str(fault.value)

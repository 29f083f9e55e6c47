"""E-mail addresses: one writing each, the same from SQL as from Python, and whose they are."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import strategies
from kohorte.reading.persons import emails, known_by, nobodies
from kohorte.reading.source import Column

CHARACTERS = "aZ09.-_+@<>:? \u00a0\u00fc\u00dfI\u0130\u0308\u212a\u200b\u3002,;'\"\u00e9\U0001f600"


def read(*cells: str | None) -> list[tuple[str | None, ...]]:
    """Return number, address, cell and kind of cells in a column of addresses."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE texts AS SELECT unnest(range(len($cells))) AS line, "
            "unnest($cells::VARCHAR[]) AS c0",
            {"cells": list(cells)},
        )
        rows = known_by.beside(
            "texts", number=None, email=Column(0, "E-Mail"), connection=connection
        )
        return connection.execute(
            f"SELECT customer_id, email, email_cell, email_kind FROM {rows} ORDER BY line"
        ).fetchall()


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" Anna@Example.COM\u00a0", "anna@example.com"),
        ("Anna Beispiel <anna@example.com>", "anna@example.com"),
        ("<mailto:anna@example.com>", "anna@example.com"),
        ("MAILTO:anna@example.com?subject=Tea", "anna@example.com"),
        ("a.n.na+tea@example.com", "a.n.na+tea@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("anna@Bu\u0308cher.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@B\u00dcCHER.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@xn--bcher-kva.example.com", "anna@xn--bcher-kva.example.com"),
        ("anna@stra\u00dfe.example.com", "anna@xn--strae-oqa.example.com"),
        ("JO\u0308RG@example.com", "j\u00f6rg@example.com"),
        ("\u200banna@example.com", "anna@example.com"),
        ("anna@example\u3002com", "anna@example.com"),
    ],
)
def test_an_address_has_one_writing(cell: str, address: str) -> None:
    assert emails.normal(cell) == address
    ((number, email, raw, kind),) = read(cell)
    assert (number, email, kind) == (None, address, None)
    assert raw in (None, cell.strip("\u00a0 "))


@pytest.mark.parametrize(
    "cell",
    [
        "anna",
        "anna@example",
        "anna@@example.com",
        "anna@example.com; ben@example.com",
        "anna@exam ple.com",
        "anna@-example.com",
        "anna@example.com>",
        "anna<@>",
        "@example.com",
        "anna@example.1",
        "anna@example\U0001f600.com",
        f"{'a' * 250}@example.com",
    ],
)
def test_what_is_no_address_identifies_nobody(cell: str) -> None:
    assert emails.normal(cell) is None
    assert read(cell, "anna@example.com")[0] == (None, None, cell, "invalid")


@settings(max_examples=strategies.count(60), deadline=None)
@given(st.lists(st.text(alphabet=CHARACTERS, max_size=14), min_size=1, max_size=20))
@example(
    ["a@b.\u212aa", "<a@b.de>", "a@b.de<", "mailto:a@b.de", "x:a@b.de", "mailto:mailto:a@b.de"]
)
def test_sql_and_python_write_the_same(cells: list[str]) -> None:
    cells = [f"{cell}@{cell}.de" for cell in cells] + cells + ["anna@example.com"]
    texts = [cell.strip(" \t\r\n\u00a0") for cell in cells]
    wanted = [emails.normal(text) if text else None for text in texts]
    found = read(*cells)
    assert [email for _, email, _, _ in found] == [
        address if kind in (None, "office") else None
        for address, (_, _, _, kind) in zip(wanted, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("info@example.com", "office"),
        ("Bestellung+2024@example.com", "office"),
        ("b\u00fcro@example.com", "office"),
        ("noreply@example.com", "nobody"),
        ("kasse@example.com", "nobody"),
        ("anna@noemail.example.com", "nobody"),
        ("deleted@site.invalid", "nobody"),
        ("abc123@marketplace.amazon.co.uk", "marketplace"),
        ("abc123@members.ebay.de", "marketplace"),
        ("m-abc123@checkout.idealo.de", "marketplace"),
        ("infografik@example.com", None),
        ("anna@info.example.com", None),
        ("anna@members.example.com", None),
        ("kasseler@example.com", None),
    ],
)
def test_addresses_of_no_single_person_are_known(address: str, kind: str | None) -> None:
    ((_, email, _, found),) = read(address)
    assert found == kind
    assert (email is None) == (kind in ("nobody", "marketplace"))


def test_no_name_stands_in_two_lists() -> None:
    names = [*nobodies.OFFICES, *nobodies.NOBODY, *nobodies.NOWHERE, *nobodies.MARKETPLACES]
    assert len(names) == len(set(names))
    assert names == [name.lower() for name in names]


def test_more_addresses_beyond_ascii_than_are_written_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(emails, "AT_ONCE", 3)
    cells = [f"J\u00d6RG{n}@example.com" for n in range(10)]
    assert [row[1] for row in read(*cells)] == [cell.lower() for cell in cells]

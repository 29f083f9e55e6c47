"""The customers that SQL finds are those that plain Python finds, on small random shops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import strategies
from kohorte.reading.persons import components, identity

Row = tuple[str | None, str | None]

NUMBERS = st.sampled_from([None, *(f"K{n}" for n in range(9))])
ADDRESSES = st.sampled_from([None, "info@", *(f"a{n}@" for n in range(9))])
ROWS = st.lists(st.tuples(NUMBERS, ADDRESSES), max_size=30)


@dataclass
class Union:
    """Sets of names that only grow together."""

    parents: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str:
        while self.parents.setdefault(name, name) != name:
            name = self.parents[name]
        return name

    def join(self, one: str, other: str) -> None:
        self.parents[self.find(one)] = self.find(other)


def expected(rows: list[Row], *, separate: bool) -> list[str | None]:
    """Return the customer of each row; rows are orders one after the other."""
    numbers, addresses = defaultdict(set), defaultdict(set)
    for number, address in rows:
        if number and address:
            numbers[address].add(number)
            if address != "info@":
                addresses[number].add(address)
    crowded = {number for number, each in addresses.items() if len(each) > identity.ADDRESSES_MAX}
    joining = {
        address: sorted(each - crowded)
        for address, each in numbers.items()
        if address != "info@" and len(each) <= (1 if separate else identity.SHARED_MAX)
    }
    union = Union()
    for each in joining.values():
        for number in each:
            union.join(number, each[0])
    first: dict[str, str] = {}
    for number, _ in rows:
        if number:
            first.setdefault(union.find(number), number)

    def customer(number: str | None, address: str | None) -> str | None:
        owner = number or next(iter(joining.get(address or "", ())), None)
        return first[union.find(owner)] if owner else address

    return [customer(*row) for row in rows]


def found(rows: list[Row], *, separate: bool) -> tuple[list[str | None], list[tuple[str, str]]]:
    """Return the customer of each row and the listed identities, as SQL finds them."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE lines AS SELECT unnest(range(len($numbers))) AS line, "
            "TIMESTAMP '2024-01-01' + to_days(line::INTEGER) AS placed_at, "
            "unnest($numbers::VARCHAR[]) AS customer_id, unnest($addresses::VARCHAR[]) AS email, "
            "NULL AS email_cell, CASE WHEN email = 'info@' THEN 'office' END AS email_kind",
            {"numbers": [number for number, _ in rows], "addresses": [each for _, each in rows]},
        )
        identity.join("lines", separate=separate, connection=connection)
        customers = connection.execute(
            f"SELECT customer_id FROM {identity.known('lines')} ORDER BY line"
        ).fetchall()
        listed = connection.execute("SELECT customer_id, key FROM identities").fetchall()
        identity.forget(connection)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (2,)
    return [customer for (customer,) in customers], listed


@settings(max_examples=strategies.count(80), deadline=None)
@given(rows=ROWS, separate=st.booleans())
@example(
    rows=[(None, "a0@"), (None, "a1@"), ("K0", "a0@"), ("K0", "a2@"), ("K1", "a1@"), ("K1", "a2@")],
    separate=True,
)
def test_customers_are_those_of_a_plain_union(rows: list[Row], separate: bool) -> None:
    customers, listed = found(rows, separate=separate)

    assert customers == expected(rows, separate=separate)
    told = {key: customer for customer, key in listed}
    assert len(told) == len(listed)
    for (number, address), customer in zip(rows, customers, strict=True):
        key = number or address
        if key != customer:
            assert told[key] == customer
            assert told[customer] == customer


@settings(max_examples=strategies.count(60), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=60))
def test_labels_reach_the_end_of_every_chain(links: list[tuple[int, int]]) -> None:
    assert labels(links) == plain(links)


def labels(links: list[tuple[int, int]]) -> dict[int, int]:
    with duckdb.connect() as connection:
        ids = sorted({number for number, _ in links})
        connection.execute(
            "CREATE TABLE links AS SELECT unnest($n::INTEGER[]) AS number, "
            "unnest($a::INTEGER[]) AS address",
            {"n": [number for number, _ in links], "a": [address for _, address in links]},
        )
        connection.execute(
            "CREATE TEMP TABLE labels AS SELECT unnest($ids::INTEGER[]) AS number, number AS id, "
            "number AS label",
            {"ids": ids},
        )
        components.label("labels", links="links", connection=connection)
        return dict(connection.execute("SELECT id, label FROM labels").fetchall())


def plain(links: Iterable[tuple[int, int]]) -> dict[int, int]:
    union = Union()
    for number, address in links:
        union.join(f"n{number}", f"a{address}")
    smallest: dict[str, int] = {}
    for number in sorted({number for number, _ in links}):
        smallest.setdefault(union.find(f"n{number}"), number)
    return {number: smallest[union.find(f"n{number}")] for number, _ in links}


@pytest.mark.parametrize("order", [1, -1, 37])
def test_a_long_chain_takes_few_turns(monkeypatch: pytest.MonkeyPatch, order: int) -> None:
    turns = []
    take_turn = components._take_turn

    def counted(*arguments, **named):
        turns.append(1)
        return take_turn(*arguments, **named)

    monkeypatch.setattr(components, "_take_turn", counted)
    chain = [1 + place * order % 2003 for place in range(2002)]
    links = [(number, (place + side) // 2) for place, number in enumerate(chain) for side in (0, 1)]

    assert set(labels(links).values()) == {1}
    assert len(turns) <= 12

"""Customers who are parted at the moment at which something of theirs is booked."""

from __future__ import annotations

from at_once import at_once  # type: ignore[import-not-found]
from flows.test_wallets_of_one_person import two_in
from stammkunde.ledger.commands import Adjust
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]


def test_whoever_parts_while_something_is_booked_keeps_nothing_of_the_other(
    own_store: Store,
) -> None:
    two = two_in(make_cast())
    one, other = two.of(two.anna), two.of(two.again)
    two.earn(one, 10, order="1")
    two.earn(other, 1_000, order="2")
    for _round in range(6):
        merge = two.merge()
        at_once(
            lambda: two.book(Adjust, owner=one, amount=-20, reason="error", by="person:1"),
            lambda merge=merge: two.part(merge),
        )
        assert two.has(other) == (1_000, 0)

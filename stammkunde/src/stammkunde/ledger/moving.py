"""Transfer, donate, convert: lots that leave their owner or their unit, in the order of spending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stammkunde.ledger import charities, refusals, spending
from stammkunde.ledger.apportionment import apportion
from stammkunde.ledger.book import Book, Posting
from stammkunde.ledger.commands import Convert, Donate, Transfer
from stammkunde.ledger.posting import Units, Verb, named_owner
from stammkunde.ledger.reading import Wanted


def write_transfer(book: Book, posting: Posting, command: Transfer) -> None:
    """Book available of one to available of another; lots keep their instants."""
    if command.to == command.owner:
        raise refusals.BadCommand("to")
    unit = book.units[command.shop_id, command.unit]
    giver, taker = book.holder(unit, command.owner), book.holder(unit, command.to)
    posting.holder = giver
    between = unit.accounts["transfer"]
    for lot, amount in spending.choose(giver, command.amount, at=command.effective_at):
        posting.out(giver, "available", lot, amount)
        posting.system(between, lot, amount)
        given = book.new_lot(
            posting,
            taker,
            source=lot.source,
            earned=amount,
            available_at=lot.available_at,
            expires_at=lot.expires_at,
            policy=lot.policy,
            unit_value_minor=lot.unit_value_minor,
        )
        posting.system(between, given, -amount)
        posting.credit(taker, given, amount)


def write_donate(book: Book, posting: Posting, command: Donate) -> None:
    """Book available to the account of a charity."""
    if not command.charity:
        raise refusals.BadCommand("charity")
    unit = book.units[command.shop_id, command.unit]
    holder = posting.holder = book.holder(unit, command.owner)
    for lot, amount in spending.choose(holder, command.amount, at=command.effective_at):
        posting.out(holder, "available", lot, amount)
        posting.system(book.charities[unit.id, command.charity], lot, amount)
        posting.lots.append((lot.id, amount))


def write_convert(book: Book, posting: Posting, command: Convert) -> None:
    """Book available of one unit to available of another; the whole is rounded down, once."""
    if command.numerator <= 0 or command.denominator <= 0:
        raise refusals.BadCommand("numerator")
    if command.to_unit == command.unit:
        raise refusals.BadCommand("to_unit")
    unit = book.units[command.shop_id, command.unit]
    other = book.units[command.shop_id, command.to_unit]
    giver, taker = book.holder(unit, command.owner), book.holder(other, command.owner)
    posting.holder = giver
    chosen = spending.choose(giver, command.amount, at=command.effective_at)
    whole, rest = divmod(command.amount * command.numerator, command.denominator)
    if rest:
        posting.notes.append(f"rounded_down:{rest}/{command.denominator}")
    shares = apportion(whole, [amount for _lot, amount in chosen])
    for (lot, amount), share in zip(chosen, shares, strict=True):
        posting.out(giver, "available", lot, amount)
        posting.system(unit.accounts["conversion"], lot, amount)
        if share:
            given = book.new_lot(
                posting,
                taker,
                source=lot.source,
                earned=share,
                available_at=lot.available_at,
                expires_at=lot.expires_at,
                policy=lot.policy,
            )
            posting.system(other.accounts["conversion"], given, -share)
            posting.credit(taker, given, share)


def _both(units: Units, commands: Sequence[Transfer]) -> Iterable[Wanted]:
    yield from named_owner(units, commands)
    for command in commands:
        unit = units[command.shop_id, command.unit]
        yield (unit.id, command.to.kind, command.to.id)


def _in_both(units: Units, commands: Sequence[Convert]) -> Iterable[Wanted]:
    yield from named_owner(units, commands)
    for command in commands:
        other = units[command.shop_id, command.to_unit]
        yield (other.id, command.owner.kind, command.owner.id)


def _two_units(command: Convert) -> Iterable[str]:
    return (command.unit, command.to_unit)


def _load_charities(book: Book, commands: Sequence[Donate]) -> None:
    spending.load(book, commands)
    units = {unit.id: unit for unit in book.units.values()}
    named = {
        (book.units[command.shop_id, command.unit].id, command.charity) for command in commands
    }
    book.charities |= charities.accounts(named, units_by_id=units)


TRANSFER = Verb(write_transfer, _both, spending.load)
DONATE = Verb(write_donate, named_owner, _load_charities)
CONVERT = Verb(write_convert, _in_both, spending.load, units=_two_units)

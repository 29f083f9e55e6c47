"""Return and cancel: what an order earned is clawed back, what was spent on it goes back to its lots.

First what was spent is given back, then what was earned is taken: so that little becomes debt.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from stammkunde.ledger import bodies, holding, homing, reading, refusals, rules, sources
from stammkunde.ledger.apportionment import clawed_back
from stammkunde.ledger.book import Book, Hold, Holder, Lot, Posting, Spending
from stammkunde.ledger.commands import Cancel, Return
from stammkunde.ledger.models import OPEN, RELEASED
from stammkunde.ledger.posting import Units, Verb
from stammkunde.ledger.reading import Wanted

Coming = Return | Cancel
Found = TypeVar("Found")


def write_return(book: Book, posting: Posting, command: Return) -> None:
    """Take lines back by their pieces, and give spendings back by their amounts."""
    numbers = [number for _source, number in (*command.lines, *command.give_back)]
    if not numbers or min(numbers) <= 0 or command.minimum_days < 0:
        raise refusals.BadCommand("lines")
    unit = book.units[command.shop_id, command.unit]
    lines = [
        (lot, pieces)
        for source, pieces in command.lines
        for lot in _known([each for each in book.lines[unit.id] if each.source == source])
    ]
    given = [
        (_known([each for each in book.spendings[unit.id] if each.source == source]), amount)
        for source, amount in command.give_back
    ]
    _check(book, lines, given)
    first = lines[0][0] if lines else book.lots[given[0][0][0].lot_id]
    posting.holder = book.holder_of(first)
    for spendings, amount in given:
        give_back(book, posting, spendings, amount, minimum_days=command.minimum_days)
    for lot, pieces in lines:
        _take_back(book, posting, lot, pieces)


def _known(found: list[Found]) -> list[Found]:
    if not found:
        raise refusals.UnknownSource
    return found


def _check(
    book: Book,
    lines: Sequence[tuple[Lot, int]],
    given: Sequence[tuple[list[Spending], int]],
) -> None:
    pieces, amounts = Counter[int](), Counter[str]()
    for lot, number in lines:
        pieces[lot.id] += number
        if book.returned[lot.id] + pieces[lot.id] > lot.quantity:
            raise refusals.TooMuchReturned
    for spendings, amount in given:
        source = spendings[0].source
        amounts[source] += amount
        if amounts[source] > sum(each.left for each in spendings):
            raise refusals.TooMuchReturned


def write_cancel(book: Book, posting: Posting, command: Cancel) -> None:
    """Release the holds of an order, give back what was spent on it, claw back what it earned."""
    unit = book.units[command.shop_id, command.unit]

    def of(source: str) -> bool:
        return bodies.within(source, command.source)

    holds = [each for each in book.holds.values() if each.unit_id == unit.id and of(each.source)]
    spendings = [each for each in book.spendings[unit.id] if of(each.source)]
    lots = [each for each in book.lines[unit.id] if of(each.source)]
    found: list[Lot | Hold] = [*holds, *(book.lots[each.lot_id] for each in spendings), *lots]
    if not found:
        raise refusals.UnknownSource
    posting.holder = book.holder_of(found[-1])
    for hold in holds:
        if hold.state == OPEN:
            holding.end(book, posting, hold, state=RELEASED)
    give_back(book, posting, spendings, sum(each.left for each in spendings))
    for lot in lots:
        _take_back(book, posting, lot, lot.quantity - book.returned[lot.id])


def give_back(
    book: Book,
    posting: Posting,
    spendings: Sequence[Spending],
    amount: int,
    *,
    minimum_days: int = 0,
) -> None:
    """Give back what was spent, what was spent last first, to the lots it came from.

    A lot that would expire too soon is restored by a new one.
    """
    earliest = posting.effective_at + dt.timedelta(days=minimum_days)
    for spending in reversed(spendings):
        part = min(spending.left, amount)
        if not part:
            continue
        amount, spending.left = amount - part, spending.left - part
        lot = book.lots[spending.lot_id]
        holder = book.holder_of(lot)
        posting.givings.append((spending.id, lot.id, part))
        if minimum_days and lot.expires_at and lot.expires_at < earliest:
            lot = book.new_lot(
                posting,
                holder,
                source=lot.source,
                earned=part,
                available_at=posting.effective_at,
                expires_at=earliest,
                policy=lot.policy,
                unit_value_minor=lot.unit_value_minor,
                restores_id=lot.id,
            )
        else:
            posting.lots.append((lot.id, part))
        posting.system(holder.unit.accounts["redemption"], lot, -part)
        posting.credit(holder, lot, part)


def _take_back(book: Book, posting: Posting, lot: Lot, pieces: int) -> None:
    if not pieces:
        return
    points = clawed_back(lot.earned, lot.quantity, before=book.returned[lot.id], now=pieces)
    book.returned[lot.id] += pieces
    posting.takings.append((lot.id, pieces, points))
    claw(book, posting, lot, points, against=book.holder_of(lot).unit.accounts["clawback"])


def claw(book: Book, posting: Posting, lot: Lot, amount: int, *, against: int) -> None:
    """Take back: from the lot itself, then from others in the order of spending, the rest as debt.

    What expired of the lot is taken out of breakage: nobody had any use of it, so nobody owes it. So is what expired
    where it had been handed on by people who are one, or given back with more time; what such people still have
    of it is taken as well. What is held stays held; once it is released it repays the debt.
    """
    holder = book.holder_of(lot)
    amount -= _taken(posting, [(lot, "pending"), (lot, "available")], amount, holder, against)
    amount -= homing.come_home(book, posting, lot, amount, against=against)
    others = [each for each in rules.by_expiry(holder.lots.values()) if each is not lot]
    places = [(each, "available") for each in others]
    if rest := amount - _taken(posting, places, amount, holder, against):
        posting.owe(holder, lot, rest)
        posting.system(against, lot, rest)


def _taken(
    posting: Posting,
    places: Sequence[tuple[Lot, str]],
    amount: int,
    holder: Holder,
    against: int,
) -> int:
    """Take what there is from places in their order, at most an amount; return how much it was."""
    parts = rules.shares([getattr(lot, role) for lot, role in places], amount)
    for (lot, role), part in zip(places, parts, strict=True):
        if part:
            posting.out(holder, role, lot, part)
            posting.system(against, lot, part)
            posting.lots.append((lot.id, part))
    return sum(parts)


def _named(command: Coming) -> list[str]:
    if isinstance(command, Cancel):
        return [command.source]
    return [source for source, _number in (*command.lines, *command.give_back)]


def owners(units: Units, commands: Sequence[Coming]) -> Iterable[Wanted]:
    """Return who earned or spent on the orders; the owner of a lot never changes."""
    for (shop_id, code), unit in units.items():
        roots = _roots(commands, shop_id, code)
        if roots:
            yield from sources.owners(unit, roots)


def load(book: Book, commands: Sequence[Coming]) -> None:
    """Take lines, spendings and holds of the orders in hand, and what is open of their owners."""
    for (shop_id, code), unit in book.units.items():
        roots = _roots(commands, shop_id, code)
        if not roots:
            continue
        lines, spendings = sources.lines(unit, roots), sources.spendings(unit, roots)
        book.keep(lines)
        book.keep(reading.lots(each.lot_id for each in spendings))
        book.lines[unit.id] = [book.lots[each.id] for each in lines]
        book.spendings[unit.id] = spendings
        book.returned.update(sources.returned([each.id for each in lines]))
        homing.load(book, unit, book.lines[unit.id])
        holding.keep(book, sources.holds(unit, roots))
    book.keep(reading.open_lots(list(book.holders)))


def _roots(commands: Sequence[Coming], shop_id: int, code: str) -> list[str]:
    return bodies.many_of(
        source
        for command in commands
        if (command.shop_id, command.unit) == (shop_id, code)
        for source in _named(command)
    )


RETURN = Verb(write_return, owners, load, family="return")
CANCEL = Verb(write_cancel, owners, load, family="return")

"""The part of the oracle in which points change hands: corrections, gifts, and people who are one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import oracle_proof  # type: ignore[import-not-found]
from oracle_parts import (  # type: ignore[import-not-found]
    Answer,
    Booked,
    Lot,
    No,
    Proposal,
    Who,
    fault_of_hold,
    whose,
)

from stammkunde.ledger.apportionment import apportion

# Corrections above this need a second person, in this unit.
FOUR_EYES = {"points": 40}


class Moves:
    """What `Oracle` does with points that change hands; everything else is there."""

    def _adjust(self: Any, c: Any) -> tuple[str, Who]:
        who = whose(c.owner)
        if c.amount < 0:
            for lot, part in self._chosen(c.unit, who, -c.amount, c.effective_at):
                self._book(lot, "available", -part, "adjustment")
        else:
            lot = self._lot(c.unit, who, "", c.amount, c.effective_at, expires_at=c.expires_at)
            self._give(lot, "adjustment")
            self._settle(c.unit, who)
        return c.unit, who

    def _transfer(self: Any, c: Any) -> tuple[str, Who]:
        who, to = whose(c.owner), whose(c.to)
        for lot, part in self._chosen(c.unit, who, c.amount, c.effective_at):
            self._book(lot, "available", -part, "transfer")
            again = self._lot(
                c.unit, to, lot.source, part, lot.available_at, expires_at=lot.expires_at
            )
            if getattr(c, "is_within_a_person", False):
                again.parent, again.way = lot, "transfer"
            self._give(again, "transfer")
        self._settle(c.unit, to)
        return c.unit, who

    def _donate(self: Any, c: Any) -> tuple[str, Who]:
        who = whose(c.owner)
        for lot, part in self._chosen(c.unit, who, c.amount, c.effective_at):
            self._book(lot, "available", -part, "donation")
        return c.unit, who

    def _convert(self: Any, c: Any) -> tuple[str, Who]:
        who = whose(c.owner)
        parts = self._chosen(c.unit, who, c.amount, c.effective_at)
        shares = apportion(c.amount * c.numerator // c.denominator, [part for _, part in parts])
        for (lot, part), share in zip(parts, shares, strict=True):
            self._book(lot, "available", -part, "conversion")
            if share:
                again = self._lot(
                    c.to_unit, who, lot.source, share, lot.available_at, expires_at=lot.expires_at
                )
                self._give(again, "conversion")
        self._settle(c.to_unit, who)
        return c.unit, who

    # Four eyes.

    @staticmethod
    def waits(c: Any) -> bool:
        """Return whether a correction needs a second person."""
        return c.unit in FOUR_EYES and abs(c.amount) > FOUR_EYES[c.unit]

    @staticmethod
    def _propose(c: Any) -> tuple[str, Who]:
        return c.unit, whose(c.owner)

    def decide(
        self: Any,
        proposal_id: object,
        *,
        by: str,
        at: dt.datetime,
        is_agreed: bool,
        transaction_id: object = None,
    ) -> Answer | None:
        """Approve or refuse what somebody proposed, or raise the refusal."""
        self.entries, self.met = [], set()
        found: Proposal | None = self.proposals.get(proposal_id)
        if found is None:
            raise No("ledger.unknown_proposal")
        if found.state != "open":
            raise No("ledger.proposal_decided")
        if not is_agreed:
            found.state = "declined"
            return None
        c = found.command
        if by == c.by:
            raise No("ledger.needs_second_person")
        if c.expires_at and c.expires_at <= at:
            raise No("ledger.bad_command")
        made, self.number = len(self.lots), transaction_id
        agreed = SimpleNamespace(
            kind="adjust", unit=c.unit, owner=c.owner, amount=c.amount, effective_at=at,
            expires_at=c.expires_at,
        )  # fmt: skip
        unit, who = self._adjust(agreed)
        found.state = "approved"
        self.transactions[transaction_id] = self.entries
        self.commands[transaction_id], self.made[transaction_id] = agreed, self.lots[made:]
        return Answer(transaction_id, self.balances(unit, who))

    def revive(self: Any, lot: Lot, amount: int) -> None:
        """Undo an expiry of a lot, but for what was clawed back since."""
        self.entries, self.met = [], {(lot.unit, lot.who)}
        self._book(lot, "available", min(amount, lot.gone["breakage"]), "breakage")
        self._settle(lot.unit, lot.who)
        self.transactions["revive", len(self.transactions)] = self.entries
        oracle_proof.of_entries(self, self.entries)

    # Several who are one person.

    def gather(self: Any, c: Any, others: Sequence[Who]) -> None:
        """Let an owner have what a command takes, out of what the others have; debts are repaid first.

        Whatever cannot be paid by all of them together moves nothing.
        """
        amount = getattr(c, "amount", 0) if hasattr(c, "owner") else 0
        amount = max(0, -amount) if c.kind == "adjust" else amount
        if not amount:
            return
        people = [whose(c.owner), *others]
        lots = sorted(
            (
                lot
                for who in people
                for lot in self.of[c.unit, who]
                if lot.available and lot.is_open_at(c.effective_at)
            ),
            key=lambda lot: lot.order(),
        )
        has, owed = sum(lot.available for lot in lots), sum(self.debts[c.unit, w] for w in people)
        if self._is_refused(c):
            return
        if has + owed < amount:
            raise No("ledger.not_enough")
        left = {lot.place: lot.available for lot in lots}
        moves: dict[tuple[Who, Who], int] = {}
        for taker, most in [(w, -self.debts[c.unit, w]) for w in people] + [(people[0], amount)]:
            for lot in lots:
                part = min(left[lot.place], most)
                left[lot.place], most = left[lot.place] - part, most - part
                if part and lot.who != taker:
                    moves[lot.who, taker] = moves.get((lot.who, taker), 0) + part
        for (giver, taker), part in moves.items():
            self._hand_on(c, giver, taker, part)

    @staticmethod
    def _is_refused(c: Any) -> bool:
        """Return whether a command would be refused whatever its owner has."""
        return c.kind == "hold" and bool(fault_of_hold(c))

    def _hand_on(self: Any, c: Any, giver: Who, taker: Who, part: int) -> None:
        owner, to = (SimpleNamespace(kind=who[0], id=who[1]) for who in (giver, taker))
        move = SimpleNamespace(
            kind="transfer", unit=c.unit, owner=owner, to=to, amount=part,
            effective_at=c.effective_at, is_within_a_person=True,
        )  # fmt: skip
        number, made = ("gather", len(self.gathered)), len(self.lots)
        self.entries = []
        self._transfer(move)
        self.transactions[number] = self.entries
        self.commands[number], self.made[number] = move, self.lots[made:]
        self.gathered.append((number, frozenset((giver, taker))))
        self.met |= {(c.unit, giver), (c.unit, taker)}

    def _home(self: Any, lot: Lot, points: int, against: str) -> int:
        """Take what nobody used of a lot's points: what expired, here or where a part of it went."""
        found = min(lot.gone["breakage"], points)
        if found:
            # Nobody used what expired, so nobody owes it: it was no breakage after all.
            self.entries += [Booked(lot.unit, "breakage", -found)]
            self.entries += [Booked(lot.unit, against, found)]
            lot.gone["breakage"] -= found
            lot.gone[against] += found
        # What was given by hand and names no line does not come back with goods.
        for part in [each for each in self.lots if each.parent is lot and lot.source]:
            inside = [(part, "available")] if part.way == "transfer" else []
            came = self._out(inside, points - found, part.way)
            came += self._home(part, points - found - came, part.way)
            self.entries += [Booked(lot.unit, part.way, -came), Booked(lot.unit, against, came)]
            lot.gone[part.way] -= came
            lot.gone[against] += came
            part.home, found = part.home + came, found + came
        return found

    def part(self: Any, at: dt.datetime, is_one: Callable[[frozenset[Who]], bool]) -> None:
        """Reverse what people handed on to each other who are not one any more, the last first."""
        self.met = set()
        for number, people in reversed(self.gathered):
            if number not in self.reversed and not is_one(people):
                self.entries = []
                self._reverse(SimpleNamespace(transaction_id=number, effective_at=at))
                self.transactions["part", number] = self.entries
                self.met |= {(e.unit, e.who) for e in self.entries if e.who}

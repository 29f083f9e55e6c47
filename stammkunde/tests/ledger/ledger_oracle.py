"""The ledger again, in memory and in plain words: what every verb must do, written without looking at how it does it.

Points are moved between roles of lots, one booking at a time, and every booking is kept, so that the promises
(I1 to I12, I17, I18) can be counted anew from nothing but the bookings.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import oracle_proof  # type: ignore[import-not-found]
from oracle_moves import Moves  # type: ignore[import-not-found]
from oracle_parts import (
    NEVER,
    REVERSIBLE,
    ROLE_OF,
    ROLES,
    Answer,
    Booked,
    Held,
    Lot,
    No,
    Proposal,
    Spent,
    Who,
    fault_of_hold,
    whose,
)

from stammkunde.ledger.apportionment import clawed_back


class Oracle(Moves):
    """One shop's ledger."""

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.of: dict[tuple[str, Who], list[Lot]] = defaultdict(list)
        self.holds: dict[object, Held] = {}
        self.spent: list[Spent] = []
        self.debts: dict[tuple[str, Who], int] = defaultdict(int)
        self.transactions: dict[object, list[Booked]] = {}
        self.commands: dict[object, Any] = {}
        self.made: dict[object, list[Lot]] = {}
        self.reversed: set[object] = set()
        self.proposals: dict[object, Proposal] = {}
        # Transactions that only propose, and what people who are one handed on to each other.
        self.waiting: set[object] = set()
        self.gathered: list[tuple[object, frozenset[Who]]] = []
        # Who was concerned besides by what was booked last.
        self.met: set[tuple[str, Who]] = set()
        self.answers: dict[tuple[str, str], tuple[Any, Answer]] = {}
        self.entries: list[Booked] = []
        self.number: object = None

    def do(
        self,
        command: Any,
        *,
        others: Sequence[Who] = (),
        transaction_id: object = None,
        hold_id: object = None,
        proposal_id: object = None,
    ) -> Answer:
        """Do what a command asks, or raise the refusal; ids come from the other side.

        `others` are one person with the owner.
        """
        verb = command.kind
        scope, body = command.scope or verb, replace(command, key="")
        if kept := self.answers.get((scope, command.key)):
            if kept[0] != body:
                raise No("ledger.key_reused")
            return replace(kept[1], replayed=True)
        self.met = set()
        if others and not (verb == "adjust" and self.waits(command)):
            self.gather(command, others)
        self.entries, made, self.number = [], len(self.lots), transaction_id
        work = getattr(self, f"_{verb}")
        if verb == "adjust" and self.waits(command):
            self.proposals[proposal_id] = Proposal(command)
            self.waiting.add(transaction_id)
            work = self._propose
        unit, who = work(command, hold_id) if verb == "hold" else work(command)
        self.transactions[transaction_id] = self.entries
        self.commands[transaction_id], self.made[transaction_id] = command, self.lots[made:]
        answer = Answer(transaction_id, self.balances(unit, who))
        self.answers[scope, command.key] = (body, answer)
        oracle_proof.of_entries(self, self.entries)
        return answer

    def tick(self, verb: str, at: dt.datetime, limit: int) -> tuple[int, int]:
        """Mature, expire or lapse what is due, at most so many, what was due first first."""
        self.entries, self.met = [], set()
        count, amount = getattr(self, f"_{verb}")(at, limit)
        self.transactions[verb, at, len(self.transactions)] = self.entries
        oracle_proof.of_entries(self, self.entries)
        return count, amount

    def balances(self, unit: str, who: Who) -> tuple[int, int, int, int]:
        own = self.of[unit, who]
        pending, available, held = (sum(getattr(lot, role) for lot in own) for role in ROLES)
        return pending, available, held, self.debts[unit, who]

    def concerned(self) -> set[tuple[str, Who]]:
        """Return who was concerned by what was booked last."""
        return self.met | {(e.unit, e.who) for e in self.entries if e.who}

    def _book(self, lot: Lot, role: str, amount: int, against: str) -> None:
        """Move points into a role of a lot, or out of it if negative, against a system account."""
        if amount:
            self._shift(lot, role, amount)
            self.entries.append(Booked(lot.unit, against, -amount))
            lot.gone[against] -= amount

    def _give(self, lot: Lot, against: str) -> None:
        """Let a new lot be available as a whole."""
        self._shift(lot, "available", lot.earned)
        self.entries.append(Booked(lot.unit, against, -lot.earned))

    def _shift(self, lot: Lot, role: str, amount: int) -> None:
        setattr(lot, role, getattr(lot, role) + amount)
        self.entries.append(Booked(lot.unit, role, amount, lot.who, lot))

    def _move(self, lot: Lot, from_role: str, to_role: str, amount: int) -> None:
        if amount:
            self._shift(lot, from_role, -amount)
            self._shift(lot, to_role, amount)

    def _owe(self, unit: str, who: Who, amount: int) -> None:
        if amount:
            self.debts[unit, who] += amount
            self.entries.append(Booked(unit, "debt", amount, who))

    def _settle(self, unit: str, who: Who) -> None:
        """Repay debt out of whatever is available."""
        for lot in self._available(unit, who):
            part = min(lot.available, -self.debts[unit, who])
            if part:
                self._shift(lot, "available", -part)
                self._owe(unit, who, part)
                lot.gone["debt"] += part

    def _available(self, unit: str, who: Who, at: dt.datetime | None = None) -> list[Lot]:
        """Return lots in the order in which they are spent, at an instant only those that are open then."""
        found = [
            lot
            for lot in self.of[unit, who]
            if lot.available and (at is None or lot.is_open_at(at))
        ]
        return sorted(found, key=Lot.order)

    def _chosen(self, unit: str, who: Who, amount: int, at: dt.datetime) -> list[tuple[Lot, int]]:
        found, left = [], amount
        for lot in self._available(unit, who, at):
            if part := min(lot.available, left):
                found.append((lot, part))
                left -= part
        if left:
            raise No("ledger.not_enough")
        return found

    def _lot(
        self, unit: str, who: Who, source: str, amount: int, at: dt.datetime, **more: Any
    ) -> Lot:
        more = {"available_at": at, "expires_at": None} | more
        more["available_at"] = more["available_at"] or at
        lot = Lot(len(self.lots), who, source, amount, unit=unit, **more)
        self.lots.append(lot)
        self.of[unit, who].append(lot)
        return lot

    def _earn(self, c: Any) -> tuple[str, Who]:
        who = whose(c.owner)
        if c.expires_at and c.expires_at <= (c.available_at or c.effective_at):
            raise No("ledger.bad_command")
        for line in c.lines:
            lot = self._lot(
                c.unit,
                who,
                line.source,
                line.amount,
                c.effective_at,
                quantity=line.quantity,
                available_at=c.available_at,
                expires_at=c.expires_at,
                is_line=True,
            )
            role = "pending" if lot.available_at > c.effective_at else "available"
            self._shift(lot, role, line.amount)
            self.entries.append(Booked(c.unit, "issuance", -line.amount))
        self._settle(c.unit, who)
        return c.unit, who

    def _mature(self, at: dt.datetime, limit: int) -> tuple[int, int]:
        due = [lot for lot in self.lots if lot.pending and lot.available_at <= at]
        due = sorted(due, key=lambda lot: (lot.available_at, lot.place))[:limit]
        total = sum(lot.pending for lot in due)
        for lot in due:
            self._move(lot, "pending", "available", lot.pending)
        for unit, who in {(lot.unit, lot.who) for lot in due}:
            self._settle(unit, who)
        return len(due), total

    def _expire(self, at: dt.datetime, limit: int) -> tuple[int, int]:
        over = (lot for lot in self.lots if (lot.expires_at or NEVER) <= at)
        due = sorted((lot for lot in over if lot.pending + lot.available), key=Lot.order)[:limit]
        total = sum(lot.pending + lot.available for lot in due)
        for lot in due:
            for role in ("pending", "available"):
                self._book(lot, role, -getattr(lot, role), "breakage")
        return len(due), total

    def _lapse(self, at: dt.datetime, limit: int) -> tuple[int, int]:
        due = [h for h in self.holds.values() if h.state == "open" and h.expires_at <= at]
        # What was due first is let go now, what was held first is let go first.
        now = {id(h) for h in sorted(due, key=lambda h: h.expires_at)[:limit]}
        due = [h for h in due if id(h) in now]
        for hold in due:
            self._let_go(hold, "lapsed")
        return len(due), sum(part for hold in due for _, part in hold.parts)

    def _spend(self, c: Any) -> tuple[str, Who]:
        who = whose(c.owner)
        self._redeem(self._chosen(c.unit, who, c.amount, c.effective_at), "available", c.source)
        return c.unit, who

    def _redeem(self, parts: Iterable[tuple[Lot, int]], role: str, source: str) -> None:
        for lot, part in parts:
            self._book(lot, role, -part, "redemption")
            self.spent.append(Spent(lot, source, part, self.number))

    def _hold(self, c: Any, hold_id: object) -> tuple[str, Who]:
        who = whose(c.owner)
        if fault := fault_of_hold(c):
            raise No(fault)
        parts = self._chosen(c.unit, who, c.amount, c.effective_at)
        for lot, part in parts:
            self._move(lot, "available", "held", part)
        self.holds[hold_id] = Held(who, c.unit, c.source, c.expires_at, parts)
        return c.unit, who

    def _open(self, hold_id: object) -> Held:
        if hold_id not in self.holds:
            raise No("ledger.unknown_hold")
        hold = self.holds[hold_id]
        if hold.state != "open":
            raise No("ledger.hold_ended")
        return hold

    def _capture(self, c: Any) -> tuple[str, Who]:
        hold = self._open(c.hold_id)
        if hold.expires_at <= c.effective_at:
            raise No("ledger.hold_ended")
        left = c.amount if c.amount is not None else sum(part for _, part in hold.parts)
        if left > sum(part for _, part in hold.parts):
            raise No("ledger.not_enough")
        for lot, part in hold.parts:
            taken = min(part, left)
            left -= taken
            if taken:
                self._redeem([(lot, taken)], "held", hold.source)
            self._move(lot, "held", "available", part - taken)
        hold.state = "captured"
        self._settle(hold.unit, hold.who)
        return hold.unit, hold.who

    def _release(self, c: Any) -> tuple[str, Who]:
        hold = self._open(c.hold_id)
        self._let_go(hold, "released")
        return hold.unit, hold.who

    def _let_go(self, hold: Held, state: str) -> None:
        for lot, part in hold.parts:
            self._move(lot, "held", "available", part)
        hold.state = state
        self._settle(hold.unit, hold.who)

    def _return(self, c: Any) -> tuple[str, Who]:
        known = [lot for lot in self.lots if lot.is_line and lot.unit == c.unit]
        lines = [([lot for lot in known if lot.source == s], q) for s, q in c.lines]
        given = [
            ([s for s in self.spent if s.source == x and s.lot.unit == c.unit], a)
            for x, a in c.give_back
        ]
        if not (lines or given):
            raise No("ledger.bad_command")
        if not all(found for found, _ in (*lines, *given)):
            raise No("ledger.unknown_source")
        asked: dict[int, int] = defaultdict(int)
        for lots, pieces in lines:
            for lot in lots:
                asked[lot.place] += pieces
        if any(
            self.lots[p].returned + pieces > self.lots[p].quantity for p, pieces in asked.items()
        ):
            raise No("ledger.too_much_returned")
        for spends, amount in given:
            if amount > sum(spend.left for spend in spends):
                raise No("ledger.too_much_returned")
            self._give_back(spends, amount, c.effective_at, c.minimum_days)
        for lots, pieces in lines:
            for lot in lots:
                self._come_back(lot, pieces)
        whoever = lines[0][0][0].who if lines else given[0][0][0].lot.who
        return c.unit, whoever

    def _come_back(self, lot: Lot, pieces: int) -> None:
        points = clawed_back(lot.earned, lot.quantity, before=lot.returned, now=pieces)
        lot.returned, lot.clawed = lot.returned + pieces, lot.clawed + points
        self._claw(lot, points, "clawback")

    def _claw(self, lot: Lot, points: int, against: str) -> None:
        """Take points back: from the lot itself, from others of its owner, and the rest on credit."""
        points -= self._out([(lot, "pending"), (lot, "available")], points, against)
        points -= self._home(lot, points, against)
        others = [(o, "available") for o in self._available(lot.unit, lot.who) if o is not lot]
        points -= self._out(others, points, against)
        self._owe(lot.unit, lot.who, -points)
        if points:
            self.entries.append(Booked(lot.unit, against, points))

    def _out(self, places: list[tuple[Lot, str]], points: int, against: str) -> int:
        left = points
        for lot, role in places:
            part = min(getattr(lot, role), left)
            self._book(lot, role, -part, against)
            left -= part
        return points - left

    def _give_back(self, spends: list[Spent], amount: int, at: dt.datetime, days: int) -> None:
        earliest = at + dt.timedelta(days=days)
        for spend in reversed(spends):
            part = min(spend.left, amount)
            if not part:
                continue
            spend.given_back, amount = spend.given_back + part, amount - part
            lot = spend.lot
            if days and (lot.expires_at or NEVER) < earliest:
                again = self._lot(lot.unit, lot.who, lot.source, part, at, expires_at=earliest)
                again.parent, again.way = lot, "redemption"
                self._give(again, "redemption")
            else:
                self._book(lot, "available", part, "redemption")
            self._settle(lot.unit, lot.who)

    def _cancel(self, c: Any) -> tuple[str, Who]:
        def of(source: str) -> bool:
            return source == c.source or source.startswith(f"{c.source}/")

        holds = [h for h in self.holds.values() if h.unit == c.unit and of(h.source)]
        spends = [s for s in self.spent if s.lot.unit == c.unit and of(s.source)]
        lots = [x for x in self.lots if x.is_line and x.unit == c.unit and of(x.source)]
        found = [h.who for h in holds] + [s.lot.who for s in spends] + [x.who for x in lots]
        if not found:
            raise No("ledger.unknown_source")
        for hold in holds:
            if hold.state == "open":
                self._let_go(hold, "released")
        self._give_back(spends, sum(s.left for s in spends), c.effective_at, 0)
        for lot in lots:
            self._come_back(lot, lot.quantity - lot.returned)
        return c.unit, found[-1]

    def _reverse(self, c: Any) -> tuple[str, Who]:
        if c.transaction_id not in self.commands:
            raise No("ledger.unknown_transaction")
        if c.transaction_id in self.reversed:
            raise No("ledger.already_reversed")
        old, made = self.commands[c.transaction_id], self.made[c.transaction_id]
        if old.kind not in REVERSIBLE or c.transaction_id in self.waiting:
            raise No("ledger.not_reversible")
        self.reversed.add(c.transaction_id)
        entries = self.transactions[c.transaction_id]
        spends = [s for s in self.spent if s.transaction_id == c.transaction_id]
        first = next(e for e in entries if e.who)
        # All of it comes back, so debt is repaid in the order of spending.
        self._give_back(spends[::-1], sum(s.left for s in spends), c.effective_at, 0)
        for entry in () if spends else entries:
            # What was taken out of lots; not what then repaid the debt of another.
            if entry.lot and entry.amount < 0 and entry.lot not in made:
                gone_home = sum(lot.home for lot in made if lot.parent is entry.lot)
                self._book(entry.lot, "available", -entry.amount - gone_home, ROLE_OF[old.kind])
        for lot in made:
            lot.parent = None
            if old.kind == "earn":
                self._come_back(lot, lot.quantity - lot.returned)
            else:
                self._claw(lot, lot.earned - lot.home, ROLE_OF[old.kind])
        for unit, who in {(e.unit, e.who) for e in entries if e.who}:
            self._settle(unit, who)
        assert first.who
        return first.unit, first.who

"""What a history answers about pauses: how long they last, whose is too long, why some never end."""

from __future__ import annotations

from kohorte import due, reasons, survival
from kohorte.errors import UnknownNameError
from kohorte.ground import Ground
from kohorte.results import Listing, Reasons, Survival
from kohorte.survival import Wait


class Waiting(Ground):
    """Questions about the time between orders, and about what customers say when they go."""

    def survival(self, to_order: int = 2) -> Survival:
        """Return how long customers take to an order after the one before it, by Kaplan–Meier.

        Those who are still waiting count for as long as they have been watched. Orders of one
        customer on one day are one.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-15"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-01"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     history.survival().quantile(0.5)
        10
        """
        return survival.estimate(
            self.waits(to_order),
            to_order=to_order,
            confidence_percent=self.settings.confidence_percent,
        )

    def waits(self, to_order: int = 2) -> list[Wait]:
        """Return how many customers waited how long for an order, from which `survival` follows."""
        if to_order < 2:
            raise UnknownNameError("The first order follows no other; ask for order 2 or later.")
        return survival.waits(self.engine, to_order=to_order) if self.span else []

    def due(self, *, status: str | None = None) -> Listing:
        """Return when each customer's next order is to be expected, the overdue ones first.

        Columns: customer_id, status, last_on, elapsed_days, purchase_days, basis, usual_days,
        late_days, due_on, late_on, chance_percent, revenue. `usual_days` and `late_days` are when
        half, and four of five, of those who come back within w days have ordered again after as
        many purchase days (`basis` is `shop`), or the customer's own pauses if there are six
        (`own`). `due_on` and `late_on` are the same days, given that the customer has not come
        until today; `chance_percent` is the share of those still waiting so long who came within
        the w days. `status` is `not_due`; `due`, if more than the usual days have passed;
        `overdue`, if more than the late ones have; or `lapsed`, if that and w days have. Nobody is
        listed before the first customer has come back.

        Parameters
        ----------
        status
            Only customers of this status.

        Raises
        ------
        UnknownNameError
            There is no such status.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-15"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-03"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [(row[0], row[1], row[8]) for row in history.due().rows]
        [('ben', 'overdue', None), ('anna', 'not_due', datetime.date(2026, 1, 25))]
        """
        return due.customers(self.engine, status=status) if self.span else due.NOBODY

    def reasons(self, kind: str | None = None) -> list[Reasons]:
        """Return why customers leave, send back, cancel and get in touch, as far as it was said.

        Parameters
        ----------
        kind
            Only one of `reasons.KINDS`.

        Raises
        ------
        UnknownNameError
            There is no such kind.

        Examples
        --------
        >>> from kohorte import History
        >>> answers = [
        ...     dict(response_id=str(n), question="leaving", answered_at="2026-01-05", answer=said)
        ...     for n, said in enumerate(["Found it cheaper", "found it cheaper", "No need", None])
        ... ]
        >>> with History.from_records(orders=[], responses=answers) as history:
        ...     (found,) = history.reasons()
        >>> found.given, found.silent, [(one.words, one.times) for one in found.reasons]
        (3, 1, [('Found it cheaper', 2), ('No need', 1)])
        """
        if not self.span:
            return []
        return reasons.stated(
            self.engine, kind=kind, confidence_percent=self.settings.confidence_percent
        )

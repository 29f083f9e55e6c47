"""Some customers instead of all, groups side by side, and why a number moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from kohorte import causes, differences, metrics
from kohorte.answers import Answers
from kohorte.conditions import customers
from kohorte.errors import UnknownNameError
from kohorte.language import LANGUAGES, Text
from kohorte.results import Decomposition, Grain, Move, Row
from kohorte.scope import Group, among


class Narrowing(Answers):
    """The same questions about parts of the customers."""

    @contextmanager
    def only(self, where: str) -> Iterator[Self]:
        """Count only customers of whom a condition holds, as long as the block lasts.

        Days in the condition are counted from the last day of the data; facts are those at its
        end. A condition on what customers did, such as `orders >= 2`, chooses by the outcome:
        rates inside it describe those customers and foretell nothing.

        Raises
        ------
        ConditionError
            The condition cannot be understood.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-09"),
        ... ]
        >>> with History.from_records(orders=orders) as history, history.only("orders >= 2"):
        ...     [row.value for row in history.metric("orders", grain="all", segment="all")]
        [2.0]
        """
        from kohorte import conditions

        facts = customers.facts(exponent=self.exponent)
        node = conditions.parse(where, facts)
        if self.span is None:
            yield self
            return
        today = self.span.ends_on - dt.timedelta(days=1)
        said = [
            conditions.sentence(node, facts=facts, language=language, currency=self.currency)
            for language in LANGUAGES
        ]
        self.narrowed = (*self.narrowed, Text(*said))
        try:
            with self._scope.only(conditions.where(node, facts=facts, today=today)):
                yield self
        finally:
            self.narrowed = self.narrowed[:-1]

    def by(self, dimension: str, *, most: int = 8) -> Iterator[tuple[Group, Self]]:
        """Return the history of each group of customers in turn, the largest first.

        Parameters
        ----------
        dimension
            A fact of customers such as `country`; see `conditions.customers.DIMENSIONS`.
        most
            So many groups at most; all smaller ones together are the last.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-02-09"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [(group.value, part.metric("orders", grain="all")[0].value) for group, part in history.by("cohort")]
        [('2026-01', 1.0), ('2026-02', 1.0)]
        """
        if dimension not in customers.DIMENSIONS:
            raise UnknownNameError(
                "Customers cannot be told apart by “{name}”. There are: {names}.",
                name=dimension,
                names=", ".join(customers.DIMENSIONS),
            )
        groups = self._scope.groups(dimension, most=most) if self.span else []
        for group in groups:
            with self._scope.only(among(dimension, group, groups)):
                yield group, self

    def why(
        self, slug: str, *, grain: Grain, before: str, after: str, by: str, most: int = 8
    ) -> Decomposition | None:
        """Return why a metric moved between two periods, by groups of customers.

        None if the metric is not known in both periods. Orders without a customer are in no group.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", amount_minor=1000),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09", amount_minor=1000),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-02-10", amount_minor=3000),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     found = history.why("revenue", grain="month", before="2026-01", after="2026-02", by="cohort")
        >>> [(cause.group, cause.rate) for cause in found.causes], found.rest
        ([('2026-02', 30.0), ('2026-01', 0.0)], 0.0)
        """
        periods = [self.period(grain, label).label for label in (before, after)]
        start, end = self._pair(slug, grain, periods)
        parts = [
            causes.Part(group, *part._pair(slug, grain, periods))
            for group, part in self.by(by, most=most)
        ]
        return causes.decompose(start, end, parts)

    def _pair(self, slug: str, grain: Grain, periods: Sequence[str]) -> list[Row]:
        rows = {row.period: row for row in self.metric(slug, grain=grain, segment="all")}
        return [rows[period] for period in periods]

    def moves(self, grain: Grain = "month") -> list[Move]:
        """Return the metrics that moved by more than chance into the last whole period.

        Each is compared with the period before; the probabilities are corrected for having looked
        at all of them, so that in a shop where nothing changes one in twenty periods at most gives
        any alarm.
        """
        pairs = [
            (known[-2], known[-1])
            for slug in metrics.every()
            if len(known := _whole(self.metric(slug, grain=grain, segment="all"))) >= 2
        ]
        found = {
            (before, after): p
            for before, after in pairs
            if (
                p := differences.probability(
                    after, before, confidence_percent=self.settings.confidence_percent
                )
            )
            is not None
        }
        level = 1 - self.settings.confidence_percent / 100
        corrected = differences.together(found)
        return [Move(*pair, p) for pair, p in corrected.items() if p < level]


def _whole(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.complete and row.value is not None]

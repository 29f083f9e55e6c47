"""What changed from one period to another: by more than chance, and why."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte import causes, moving
from kohorte.channels import Reaching
from kohorte.results import Decomposition, Grain, Move, Row


class Changing(Reaching):
    """Questions about two periods of one history."""

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

    def compared(self, grain: Grain = "month") -> list[Move]:
        """Return how every metric moved into its last whole period, the surest moves first.

        Each is compared with the period before and with the same one a year before, where they are
        known; the probabilities are corrected for having looked at all of them.
        """
        return moving.compare(self.rows(grain), confidence_percent=self.settings.confidence_percent)

    def moves(self, grain: Grain = "month") -> list[Move]:
        """Return the metrics that moved by more than chance into the last whole period.

        In a shop where nothing changes one in twenty periods at most gives any alarm.
        """
        return moving.beyond_chance(
            self.compared(grain), confidence_percent=self.settings.confidence_percent
        )

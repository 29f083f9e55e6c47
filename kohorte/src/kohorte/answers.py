"""What a history answers: metrics, movements, cohorts, RFM, and who is behind a number."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from kohorte import behind, cohorts, metrics, movements, rfm
from kohorte.errors import UnknownNameError
from kohorte.metrics import Metric, evaluate
from kohorte.periods import Period, Span
from kohorte.results import CohortGrid, Grain, Listing, Movement, Rfm, Row
from kohorte.tables import BESIDE
from kohorte.waiting import Waiting


class Answers(Waiting):
    """Questions about all customers that the tables show."""

    def measurable(self) -> dict[str, Metric]:
        """Return the metrics whose tables the data hold.

        A metric that lacks a setting or a column is among them and says so; one whose table beside
        the orders is missing altogether is not.
        """
        return {
            slug: metric
            for slug, metric in metrics.every().items()
            if not metric.needs & self.lacking & set(BESIDE)
        }

    def rows(self, grain: Grain = "month") -> list[Row]:
        """Return every measurable metric for every period of one grain."""
        span = self._lay_out(grain)
        if span is None:
            return []
        asked = self._question(grain, span)
        return [
            row
            for metric in self.measurable().values()
            for row in evaluate.rows(metric, self.engine, asked)
        ]

    def metric(self, slug: str, *, grain: Grain = "month", segment: str | None = None) -> list[Row]:
        """Return one metric for every period of a grain, in all its segments or in one."""
        metric = metrics.get(slug)
        if segment is not None and segment not in metric.segments:
            raise UnknownNameError(
                "{slug} has no segment “{name}”. It has: {names}.",
                slug=slug,
                name=segment,
                names=", ".join(metric.segments),
            )
        span = self._lay_out(grain)
        if span is None:
            return []
        found = evaluate.rows(metric, self.engine, self._question(grain, span))
        return [row for row in found if segment in (None, row.segment)]

    def over(self, metric: Metric, days: Span, *, grain: Grain = "day") -> Row | None:
        """Return one number of a metric, or of another definition of it, over any days.

        None if no order counts. `grain` is that of the period that the days are, if they are one.

        Examples
        --------
        >>> import datetime as dt
        >>> from kohorte import History, metrics
        >>> from kohorte.periods import Span
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-02-09"),
        ... ]
        >>> days = Span(dt.date(2026, 1, 20), dt.date(2026, 2, 20))
        >>> with History.from_records(orders=orders) as history:
        ...     history.over(metrics.get("orders"), days).value
        1.0
        """
        span = self.span
        if span is None:
            return None
        period = Period(
            f"{days.starts_on}/{days.ends_on - dt.timedelta(days=1)}",
            days.starts_on,
            days.ends_on,
            min(days.ends_on, span.ends_on),
            span.starts_on <= days.starts_on and days.ends_on <= span.ends_on,
        )
        self._cut(grain, [period])
        asked = self._question(grain, span, [period])
        return next(
            (row for row in evaluate.rows(metric, self.engine, asked) if row.segment == "all"), None
        )

    def movements(self, grain: Grain = "month") -> list[Movement]:
        """Return who came and went over the retention period that ends with each period."""
        span = self._lay_out(grain)
        if span is None:
            return []
        return movements.of(
            self.engine, self.periods(grain), grain=grain, span=span, settings=self.settings
        )

    def cohorts(
        self,
        grain: Grain = "month",
        *,
        age: Literal["calendar", "rolling"] = "calendar",
        only_customers: bool = False,
    ) -> CohortGrid:
        """Return customers by the period of their first order and what they did at each age.

        With `only_customers` a calendar grid counts customers, leaves orders and revenue empty
        and does not mark cohorts that may hold older customers; that is several times faster on
        millions of orders.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-31"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [(cohort.period, cohort.customers) for cohort in history.cohorts().cohorts]
        [('2026-01', (2, 1))]
        """
        if age not in ("calendar", "rolling"):
            raise UnknownNameError(
                "Cohorts age by calendar or rolling, not by “{name}”.", name=str(age)
            )
        span = self._lay_out(grain)
        if span is None:
            return CohortGrid(grain, age, None, ())
        cut = self.periods(grain)
        if age == "rolling":
            return cohorts.rolling(
                self.engine,
                cut,
                span=span,
                grain=grain,
                exponent=self.exponent,
                age_days=self.settings.cohort_days,
            )
        masked = only_customers and len(cut) <= cohorts.MASK_PERIODS
        return cohorts.calendar(
            self.engine,
            cut,
            span=span,
            grain=grain,
            exponent=self.exponent,
            relation="masked_cohorts" if masked else "calendar_cohorts",
        )

    def overlaps(self, grain: Grain = "month") -> Listing:
        """Return how many buyers of each period bought again every number of periods later.

        Columns: period, lag, customers, share. A lag that ends in an unfinished period is left
        out. At most 62 periods: choose a coarser grain for a longer history.
        """
        cut = self.periods(grain)
        if len(cut) > cohorts.MASK_PERIODS:
            raise UnknownNameError(
                "That is {count} periods of the grain {grain}; up to {most} can be compared. "
                "Choose a coarser grain.",
                count=len(cut),
                grain=grain,
                most=cohorts.MASK_PERIODS,
            )
        return cohorts.overlaps(self.engine, cut) if self._lay_out(grain) else cohorts.NO_OVERLAPS

    def rfm(self, *, thresholds: rfm.Thresholds | None = None) -> Rfm:
        """Return the RFM map at the end of the data; kept thresholds keep customers in place."""
        as_of = self.span.ends_on if self.span else dt.date.min
        if self.span is None:
            return Rfm(as_of, 0, (), {}, {})
        return rfm.segment(self.engine, as_of=as_of, exponent=self.exponent, kept=thresholds)

    def customers(self) -> list[dict[str, Any]]:
        """Return one record per customer: dates, orders, value, and x, t_x, T, monetary.

        x counts repeat purchase days, t_x and T are days from the first purchase day to the last
        one and to the end of the data; monetary is the mean revenue of repeat purchase days.
        """
        if self.span is None:
            return []
        return behind.every_customer(self.engine, exponent=self.exponent)

    def behind(self, slug: str, *, grain: Grain = "all", period: str = "all") -> Listing:
        """Return the customers behind one number, with their part in it.

        `numerator` and `denominator` sum to the two halves of the formula; amounts are in minor
        units.
        """
        return behind.customers(self.engine, metrics.get(slug), period=self.period(grain, period))

    def profits(self, *, grain: Grain = "all", period: str = "all") -> Listing:
        """Return revenue, cost and gross profit of every buyer of a period, the best first.

        In major units, after refunds; reckoned as `profit_per_customer`, which is the mean of them.
        Where the cost of an order is not known, its customer's cost and profit are empty and
        `orders_of_unknown_cost` counts such orders.

        Examples
        --------
        >>> from kohorte import History, Settings
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", amount_minor=1000),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-01-09", amount_minor=5000),
        ... ]
        >>> with History.from_records(orders=orders, settings=Settings(margin_percent=40)) as history:
        ...     [(who, profit) for who, _, _, _, profit, _ in history.profits().rows]
        [('ben', 20.0), ('anna', 4.0)]
        """
        return behind.profits(
            self.engine, period=self.period(grain, period), exponent=self.exponent
        )

    def orders_behind(
        self, slug: str, *, grain: Grain = "all", period: str = "all", segment: str = "all"
    ) -> Listing:
        """Return the counted orders that one number was computed from, in all segments or in one.

        Orders without a known customer are behind the segment `unidentified` only.
        """
        return behind.orders(
            self.engine,
            metrics.get(slug),
            period=self.period(grain, period),
            segment=segment,
            exponent=self.exponent,
        )

"""A shop's order history, ready to be asked: the front door of the library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from kohorte import (
    behind,
    cohorts,
    currencies,
    metrics,
    movements,
    periods,
    question,
    rfm,
    tables,
)
from kohorte.engine import Engine
from kohorte.errors import SettingError, UnknownNameError
from kohorte.metrics import evaluate
from kohorte.periods import Period, Span
from kohorte.results import GRAINS, CohortGrid, Grain, Listing, Movement, Rfm, Row
from kohorte.settings import FIRST_DAY, LAST_DAY, Settings

if TYPE_CHECKING:
    from kohorte.reading import Progress, Reading, ReadOptions

# What several questions need is computed once; what depends on the periods, once per grain.
_HOT = ("purchases", "unidentified_days", "activity", "customer_totals")
_HOT_BY_PERIOD = ("customer_periods", "period_totals", "group_retention", "mask_counts")
# More years than a shop has orders for: then a date is wrong.
_YEARS_AT_MOST = 40


class History:
    """The counted orders of one shop with its settings.

    Parameters
    ----------
    engine
        Holds the canonical tables (see `kohorte.tables`); the history closes it.
    settings
        The shop's decisions.
    currency, exponent
        Currency of all amounts and the digits of its minor unit (EUR 2, JPY 0, KWD 3).
    lacking
        What the data do not hold: `amounts`, `units`.
    reading
        How the files were understood, if it came from files.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
    ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-09"),
    ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-09"),
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     [row.value for row in history.metric("repeat_purchase_rate", grain="all")]
    [50.0]
    """

    def __init__(
        self,
        engine: Engine,
        *,
        settings: Settings,
        currency: str | None = None,
        exponent: int = 2,
        lacking: frozenset[str] = frozenset(),
        reading: Reading | None = None,
    ) -> None:
        self.engine = engine
        self.reading = reading
        self.settings = settings
        self.currency = currency
        self.exponent = exponent
        self.lacking = lacking | ({"margin"} if settings.margin_percent is None else frozenset())
        self._laid_out: Grain | None = None
        engine.hot = frozenset({*_HOT, *_HOT_BY_PERIOD})
        engine.parameters.update(
            timezone=settings.timezone,
            active_days=settings.active_days,
            retention_days=settings.retention_days,
            repeat_days=settings.repeat_days,
            cohort_days=settings.cohort_days,
            since_day=periods.day_number(settings.since or FIRST_DAY),
            until_day=periods.day_number(settings.until or LAST_DAY),
            counted_reasons=_listed("counted", *_open_counts(settings), *settings.count),
            left_out_reasons=_listed(*settings.leave_out),
        )
        engine.parameters["unpaid_before_day"] = self._unpaid_before()
        self.span = self._measure()

    @classmethod
    def from_records(
        cls,
        *,
        orders: Sequence[Mapping[str, Any]],
        refunds: Sequence[Mapping[str, Any]] = (),
        currency: str | None = None,
        exponent: int | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Return a history of plain records with the columns of `orders` and `refunds`.

        Ids are kept as text; the exponent follows from the currency unless given.

        Raises
        ------
        TableError
            A record does not hold what the table promises.
        """
        engine = Engine()
        with engine.closed_on_error():
            for table in tables.TABLES.values():
                tables.create(engine.connection, table)
            stated = [{"state": "counted", **order} for order in orders]
            tables.create(engine.connection, tables.ORDERS, stated)
            tables.create(engine.connection, tables.REFUNDS, refunds)
            tables.check(engine.connection)
            lacking = {
                name
                for name, column in (("amounts", "amount_minor"), ("units", "units"))
                if all(order.get(column) is None for order in orders)
            }
            return cls(
                engine,
                settings=settings or Settings(),
                currency=currency,
                exponent=currencies.exponent(currency) if exponent is None else exponent,
                lacking=frozenset(lacking),
            )

    @classmethod
    def from_files(
        cls,
        *paths: str | Path,
        settings: Settings | None = None,
        options: ReadOptions | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Return the history that a shop's files hold; several files are joined."""
        from kohorte import reading

        settings = settings or Settings()
        engine = Engine()
        with engine.closed_on_error():
            found = reading.read(
                paths,
                connection=engine.connection,
                settings=settings,
                options=options or reading.ReadOptions(),
                progress=progress or reading.silent,
            )
            present = {"amounts": found.has_amounts, "units": found.has_units}
            return cls(
                engine,
                settings=settings,
                currency=found.currency,
                exponent=found.exponent,
                lacking=frozenset(name for name, there in present.items() if not there),
                reading=found,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory and the temporary files."""
        self.engine.close()

    def rows(self, grain: Grain = "month") -> list[Row]:
        """Return every metric for every period of one grain."""
        span = self._lay_out(grain)
        if span is None:
            return []
        asked = self._question(grain, span)
        return [
            row
            for metric in metrics.every().values()
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

    def periods(self, grain: Grain) -> list[Period]:
        """Return the periods of a grain; a grain that does not exist is answered with those that do."""
        if grain not in GRAINS:
            raise UnknownNameError(
                "There is no grain “{name}”. There are: {names}.",
                name=grain,
                names=", ".join(GRAINS),
            )
        if self.span is None:
            return []
        return periods.cut(grain, self.span, week_start=self.settings.week_start)

    def period(self, grain: Grain, label: str) -> Period:
        """Return one period by its label."""
        cut = self.periods(grain)
        for period in cut:
            if period.label == label:
                return period
        raise UnknownNameError(
            "There is no {grain} “{name}” in these data. They run from {first} to {last}.",
            grain=grain,
            name=label,
            first=cut[0].label if cut else "–",
            last=cut[-1].label if cut else "–",
        )

    def _unpaid_before(self) -> int:
        """Return the day before which an open order has had its time to pay, as the data end."""
        first = periods.day_number(FIRST_DAY)
        is_open = self.engine.rows("SELECT order_id FROM orders WHERE state = 'open' LIMIT 1")
        if not is_open or "unpaid" in self.settings.count:
            return first
        (known,) = self.engine.rows("SELECT MAX(day) AS last_day FROM dated_orders")
        until = periods.day_number(self.settings.until or LAST_DAY)
        return max(first, min(int(known["last_day"]), until) - self.settings.payment_days)

    def _measure(self) -> Span | None:
        (bounds,) = self.engine.rows("SELECT first_day, last_day FROM history_range")
        if bounds["first_day"] is None:
            return None
        settings = self.settings
        span = Span(
            settings.since or periods.from_day_number(bounds["first_day"]),
            (settings.until or periods.from_day_number(bounds["last_day"])) + dt.timedelta(days=1),
        )
        if (span.ends_on - span.starts_on).days > _YEARS_AT_MOST * 366:
            raise SettingError(
                "The orders run from {first} to {last}. That is longer than {years} years, so a "
                "date must be wrong. Leave it out with --since and --until.",
                first=span.starts_on.isoformat(),
                last=span.ends_on.isoformat(),
                years=_YEARS_AT_MOST,
            )
        question.lay_out_history(self.engine, span)
        return span

    def _lay_out(self, grain: Grain) -> Span | None:
        cut = self.periods(grain)
        if not cut:
            return None
        if self._laid_out != grain:
            self.engine.forget(*_HOT_BY_PERIOD)
            question.lay_out_periods(self.engine, cut)
            self._laid_out = grain
        return self.span

    def _question(self, grain: Grain, span: Span) -> evaluate.Question:
        return evaluate.Question(
            grain,
            self.periods(grain),
            self.settings,
            span.starts_on,
            self.exponent,
            self.lacking,
        )


def _open_counts(settings: Settings) -> tuple[str, ...]:
    return () if "open" in settings.leave_out else ("open",)


def _listed(*reasons: str) -> str:
    """Return reasons as one text in which SQL can look for each between bars."""
    return "".join(f"|{reason}" for reason in reasons) + "|"


read = History.from_files

"""What every question to a history stands on: the engine, the settings, the span and its periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kohorte import arrays, intervals, periods, question, tables
from kohorte.engine import Engine
from kohorte.errors import SettingError, UnknownNameError
from kohorte.language import Text
from kohorte.metrics import evaluate
from kohorte.periods import Period, Span
from kohorte.results import GRAINS, Grain
from kohorte.scope import Scope
from kohorte.settings import FIRST_DAY, LAST_DAY, Settings

if TYPE_CHECKING:
    from kohorte.reading import Reading

# What several questions need is computed once; what depends on the periods, once per grain.
_HOT = (
    *("purchases", "unidentified_days", "group_days", "activity", "customer_totals"),
    "order_costs",
    *("first_days", "first_years", "wait_counts", "lapses"),
    *("order_value_bins", "sampled_purchases"),
)
_HOT_BY_PERIOD = (
    *(
        "shared_periods",
        "period_sums",
        "split_sums",
        "period_totals",
        "year_on_year",
        "calendar_cohorts",
        "group_retention",
        "mask_counts",
        "period_overlaps",
        "active_orders",
    ),
    *("period_frequencies", "wait_curves", "wait_quantiles"),
    *("order_value_ranks", "order_value_marks"),
)
# What no data need to hold, and how to find out whether these do.
_EVENTS = {
    "products": "SELECT 1 FROM products WHERE unit_cost IS NOT NULL LIMIT 1",
    "returns": "SELECT 1 FROM returns WHERE kind = 'return' LIMIT 1",
    "cancellations": "SELECT 1 FROM orders WHERE state = 'cancelled' "
    "UNION ALL SELECT 1 FROM returns WHERE kind = 'cancellation' LIMIT 1",
}
# Where no refund names an order, orders are judged without them.
_NAMED_REFUNDS = "SELECT 1 FROM refunds WHERE order_id IS NOT NULL LIMIT 1"
# More years than a shop has orders for: then a date is wrong.
_YEARS_AT_MOST = 40

PERIODS_PER_YEAR = {"month": 12, "quarter": 4, "year": 1}


class Ground:
    """An engine with the orders of one shop, laid out for questions over periods."""

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
        self.currency = currency
        self.exponent = exponent
        self._absent = lacking | tables.complete(engine.connection)
        self._absent |= {name for name, sql in _EVENTS.items() if not engine.rows(sql)}
        engine.hot = frozenset({*_HOT, *_HOT_BY_PERIOD})
        engine.ways = arrays.WAYS
        self.narrowed: tuple[Text, ...] = ()
        self._scope = Scope(engine, exponent=exponent)
        self._decide(settings)

    def _decide(self, settings: Settings) -> None:
        """Let the settings hold, and forget what others gave."""
        self.settings = settings
        self.lacking = self._absent
        if settings.margin_percent is None:
            self.lacking |= {"margin"} | ({"costs"} if "products" in self.lacking else set())
        self._laid_out: Grain | None = None
        self._scope.lift()
        self.engine.parameters.update(
            timezone=settings.timezone,
            active_days=settings.active_days,
            retention_days=settings.retention_days,
            repeat_days=settings.repeat_days,
            cohort_days=settings.cohort_days,
            renewal_days=settings.renewal_days,
            lead_days=settings.lead_days,
            return_days=settings.return_days,
            margin_share=None if settings.margin_percent is None else settings.margin_percent / 100,
            minor_units=10**self.exponent,
            z=intervals.quantile(settings.confidence_percent),
            periods_per_year=0,
            since_day=periods.day_number(settings.since or FIRST_DAY),
            until_day=periods.day_number(settings.until or LAST_DAY),
            counted_reasons=_listed("counted", *_open_counts(settings), *settings.count),
            left_out_reasons=_listed(*settings.leave_out),
        )
        named = self.engine.rows(_NAMED_REFUNDS)
        self.engine.instead = {} if named else {"judged_orders": "unrefunded_orders"}
        self.engine.parameters["unpaid_before_day"] = self._unpaid_before()
        self.span = self._measure()
        self._scope.renew()

    @contextmanager
    def under(self, settings: Settings) -> Iterator[Self]:
        """Answer by other settings, as long as the block lasts.

        What reading decided stays as it is: which rows are no orders, and when an order was placed.
        A day is then a day of the other time zone.

        Examples
        --------
        >>> from kohorte import History, Settings
        >>> orders = [dict(order_id="1", customer_id="anna", placed_at="2026-01-05", state="test")]
        >>> with History.from_records(orders=orders) as history:
        ...     with history.under(Settings(count=("test",))):
        ...         counted = history.metric("orders", grain="all", segment="all")
        ...     history.span, counted[0].value
        (None, 1.0)
        """
        own = self.settings
        try:
            self._decide(settings)
            yield self
        finally:
            self._decide(own)

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
            (bounds,) = self.engine.rows("SELECT first_day, last_day FROM beside_range")
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
            self._cut(grain, cut)
            self._laid_out = grain
        return self.span

    def _cut(self, grain: Grain, cut: Sequence[Period]) -> None:
        """Write the periods that the next questions are about; they are those of no grain as a whole."""
        self.engine.forget(*_HOT_BY_PERIOD)
        question.lay_out_periods(self.engine, cut)
        self.engine.parameters["periods_per_year"] = PERIODS_PER_YEAR.get(grain, 0)
        self._laid_out = None

    def _question(
        self, grain: Grain, span: Span, cut: Sequence[Period] | None = None
    ) -> evaluate.Question:
        return evaluate.Question(
            grain,
            self.periods(grain) if cut is None else cut,
            self.settings,
            span.starts_on,
            self.exponent,
            self.lacking,
            reach=self._scope.reach,
        )


def _open_counts(settings: Settings) -> tuple[str, ...]:
    return () if "open" in settings.leave_out else ("open",)


def _listed(*reasons: str) -> str:
    """Return reasons as one text in which SQL can look for each between bars."""
    return "".join(f"|{reason}" for reason in reasons) + "|"

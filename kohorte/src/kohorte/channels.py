"""What each channel costs and brings, and after how long a customer of it has paid for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kohorte.conditions.customers import CHANNEL
from kohorte.goods import Goods
from kohorte.results import Channels, ChannelWorth, CohortGrid, Row

# What is told of a channel, where the data can tell it.
TOLD = (
    "new_customers", "customer_acquisition_cost", "customer_retention_cost",
    "lead_to_customer_ratio", "return_on_investment", "repeat_rate_90_days", "customer_value",
    "profit_per_customer",
)  # fmt: skip
_UNASSIGNED = """
SELECT purpose, CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
FROM spend
WHERE channel IS NULL AND purpose IN ('acquisition', 'retention')
GROUP BY purpose
ORDER BY purpose
"""
Profits = Mapping[str, Sequence[float | None]]


class Reaching(Goods):
    """Questions about channels."""

    def channels(self, *, most: int = 12) -> Channels:
        """Return metrics of every channel, and after how many days its customers have paid back.

        A channel has paid back once the gross profit of a customer, added up over steps of
        `cohort_days` since the first order, reaches what a new customer cost there. Each step is the
        mean over the customers who have lived through it. `unassigned` are expenses that name no
        channel, by purpose: they are in no channel's cost.

        Raises
        ------
        SettingError
            No channel of any customer is known.

        Examples
        --------
        >>> from kohorte import History, Settings
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", amount_minor=1000, channel="search"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-20", amount_minor=1000, channel="search"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-05-09", amount_minor=1000, channel="mail"),
        ... ]
        >>> spent = [dict(starts_on="2026-01-01", ends_on="2026-01-31", purpose="acquisition", channel="search", amount_minor=600)]
        >>> with History.from_records(orders=orders, spend=spent, settings=Settings(margin_percent=50)) as history:
        ...     found = history.channels()
        >>> [(each.group.value, each.payback_days) for each in found.each]
        [('mail', None), ('search', 60)]
        """
        if self.span is None:
            return Channels((), {})
        known = self.measurable()
        told = [slug for slug in TOLD if slug in known and not known[slug].needs & self.lacking]
        each = []
        for group, part in self.by(CHANNEL, most=most):
            rows = {
                slug: next(
                    row
                    for row in part.metric(slug, grain="all")
                    if row.segment == (known[slug].by_channel or ("all",))[0]
                )
                for slug in told
            }
            grid = part.cohorts(age="rolling")
            earned = _earned(grid, part.cohort_profits(grid))
            payback = _payback(rows.get("customer_acquisition_cost"), earned, grid)
            each.append(ChannelWorth(group, tuple(rows.values()), payback, earned))
        unassigned = {
            row["purpose"]: row["amount_minor"] / 10**self.exponent
            for row in self.engine.rows(_UNASSIGNED)
        }
        return Channels(tuple(each), unassigned)


def _earned(grid: CohortGrid, profits: Profits) -> tuple[float, ...]:
    """Return the gross profit of a customer up to the end of each step, as far as all of it is known."""
    found: list[float] = []
    for age in range(max((len(one.complete) for one in grid.cohorts), default=0)):
        lived = [one for one in grid.cohorts if age < len(one.complete) and one.complete[age]]
        values = [profits[one.period][age] for one in lived]
        known = [value for value in values if value is not None]
        if not lived or len(known) < len(values):
            break
        mean = sum(known) / sum(one.size for one in lived)
        found.append(mean + (found[-1] if found else 0.0))
    return tuple(found)


def _payback(cost: Row | None, earned: Sequence[float], grid: CohortGrid) -> int | None:
    if cost is None or cost.value is None or grid.age_days is None:
        return None
    steps = next((age for age, sum_ in enumerate(earned, 1) if sum_ >= cost.value), None)
    return None if steps is None else steps * grid.age_days

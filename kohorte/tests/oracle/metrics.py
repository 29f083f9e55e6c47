"""One small function per metric; each reads like its definition."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from fractions import Fraction

from oracle import activity, answers, intervals, middles, orders, pauses, periods, years
from oracle.answers import Answer

Metric = Callable[[orders.Log, periods.Period, str], Answer]


def reach(log: orders.Log) -> float:
    return intervals.z(log.settings.confidence_percent)


def bought(log: orders.Log, period: periods.Period, segment: str = "all") -> list[orders.Purchase]:
    """Return the purchases of a period; new ones lie on their customer's first purchase day."""
    inside = [purchase for purchase in log.purchases if purchase.placed_on in period]
    if segment == "unidentified":
        return [purchase for purchase in inside if purchase.customer_id is None]
    days = orders.days_of(log)
    found = []
    for purchase in inside:
        if purchase.customer_id is not None:
            is_new = purchase.placed_on == days[purchase.customer_id][0]
            if segment == "all" or (segment == "new") == is_new:
                found.append(purchase)
    return found


def returning_customers(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    moved = activity.turnover(log, period.evaluated_on)
    if not moved.observable:
        return answers.unknown()
    n = len(moved.start)
    low, high = intervals.wilson(len(moved.stayed), n, reach=reach(log))
    return Answer(
        Fraction(len(moved.stayed)),
        n,
        None if low is None else low * n,
        None if high is None else high * n,
        behind={customer: Fraction(customer in moved.end) for customer in moved.start},
    )


def customer_retention_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    moved = activity.turnover(log, period.evaluated_on)
    if not moved.observable:
        return answers.unknown()
    stayed = {customer: customer in moved.end for customer in moved.start}
    return answers.share(stayed, reach=reach(log))


def customer_churn_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    moved = activity.turnover(log, period.evaluated_on)
    if not moved.observable:
        return answers.unknown()
    lost = {customer: customer not in moved.end for customer in moved.start}
    return answers.share(lost, reach=reach(log))


def repeat_purchase_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    customers = orders.by_customer(bought(log, period))
    again = {customer: len(purchases) >= 2 for customer, purchases in customers.items()}
    return answers.share(again, reach=reach(log))


def repeat_rate_90_days(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    window = log.settings.repeat_days * orders.DAY
    again = {}
    too_young = False
    for customer, purchases in orders.by_customer(log.purchases).items():
        days = sorted(purchase.placed_on for purchase in purchases)
        if days[0] not in period:
            continue
        if days[0] + window >= log.end:
            too_young = True
            continue
        again[customer] = len(days) >= 2 and days[1] <= days[0] + window
    return answers.share(again, reach=reach(log), observed=not too_young)


def returning_customer_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    days = orders.days_of(log)
    returned = {}
    for customer in orders.by_customer(bought(log, period)):
        returned[customer] = any(
            day in period and day > days[customer][0] for day in days[customer]
        )
    return answers.share(returned, reach=reach(log))


def purchase_frequency(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    customers = orders.by_customer(bought(log, period))
    counts = {customer: Fraction(len(purchases)) for customer, purchases in customers.items()}
    found = answers.mean(counts, reach=reach(log))
    return found if found.low is None else dataclasses.replace(found, low=max(1.0, found.low))


def purchase_quantity(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.units_known:
        return answers.unknown()
    purchases = bought(log, period)
    pairs = {
        customer: (orders.units_of(own), Fraction(len(own)))
        for customer, own in orders.by_customer(purchases).items()
    }
    return answers.ratio(pairs, reach=reach(log))


def purchase_quantity_per_customer(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.units_known:
        return answers.unknown()
    customers = orders.by_customer(bought(log, period))
    units = {customer: orders.units_of(own) for customer, own in customers.items()}
    return answers.mean(units, reach=reach(log))


def average_order_value(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.amounts_known:
        return answers.unknown()
    purchases = bought(log, period, segment)
    pairs = {
        customer: (orders.revenue_of(own), Fraction(len(own)))
        for customer, own in orders.by_customer(purchases).items()
    }
    return answers.ratio(pairs, reach=reach(log))


def customer_value(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.amounts_known:
        return answers.unknown()
    customers = orders.by_customer(bought(log, period))
    revenue = {customer: orders.revenue_of(own) for customer, own in customers.items()}
    return answers.mean(revenue, reach=reach(log))


def orders_per_active_customer(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    active = activity.active(log, period.evaluated_on)
    if not activity.observable(log, period.evaluated_on):
        return answers.unknown()
    customers = orders.by_customer(bought(log, period))
    counts = {customer: Fraction(len(customers.get(customer, []))) for customer in active}
    return answers.mean(counts, reach=reach(log))


def customer_lifetime_value(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    return _lifetime_value(log, period, percent=Fraction(100))


def customer_lifetime_profit(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    margin = log.settings.margin_percent
    if margin is None:
        return answers.unknown()
    return _lifetime_value(log, period, percent=Fraction(margin))


def _lifetime_value(log: orders.Log, period: periods.Period, *, percent: Fraction) -> Answer:
    """Revenue per active customer and year × years until a customer is lost × margin."""
    moved = activity.turnover(log, period.evaluated_on)
    if not moved.observable or not log.amounts_known:
        return answers.unknown()
    n = len(moved.end)
    opens = period.evaluated_on - log.settings.active_days * orders.DAY
    revenue: dict[orders.Id, Fraction] = {}
    lost = {customer: customer not in moved.end for customer in moved.start}
    if not moved.end or not moved.lost:
        return Answer(None, n)
    for customer, purchases in orders.by_customer(log.purchases).items():
        if customer in moved.end:
            recent = [p for p in purchases if opens <= p.placed_on < period.evaluated_on]
            revenue[customer] = orders.revenue_of(recent)
    per_year = sum(revenue.values()) / Fraction(n) * Fraction(365, log.settings.active_days)
    churn = Fraction(len(moved.lost), len(moved.start))
    years = Fraction(log.settings.retention_days, 365) / churn
    days = Fraction(log.settings.retention_days, log.settings.active_days)
    low, high = intervals.mean_over_share(revenue, lost, factor=days, reach=reach(log))
    if low is not None and high is not None:
        bounds = (low * float(percent) / 100, high * float(percent) / 100)
        low, high = min(bounds), max(bounds)
    return Answer(per_year * years * percent / 100, n, low, high, behind=revenue)


def revenue(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.amounts_known:
        return answers.unknown()
    purchases = bought(log, period, segment)
    return answers.census(orders.revenue_of(purchases), len(purchases))


def orders_placed(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    count = len(bought(log, period, segment))
    return answers.census(count, count)


def customers(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    count = len(orders.by_customer(bought(log, period, segment)))
    return answers.census(count, count)


def new_customers(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    count = sum(days[0] in period for days in orders.days_of(log).values())
    return answers.census(count, count)


def profit_per_customer(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    """Revenue per buyer at the margin; where that is not set, it is not known without costs."""
    margin = log.settings.margin_percent
    if margin is None or not log.amounts_known:
        return answers.unknown()
    profits = {
        customer: orders.revenue_of(own) * Fraction(margin) / 100
        for customer, own in orders.by_customer(bought(log, period)).items()
    }
    return answers.mean(profits, reach=reach(log), floor=-math.inf)


def cancellation_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    """Cancelled orders among all that were meant; not known before the first one was cancelled."""
    if not any(order.is_cancelled for order in log.placed):
        return answers.unknown()
    known = [order for order in log.placed if log.start <= order.placed_on < log.end]
    inside = [order for order in known if order.placed_on in period]
    before = [order for order in known if order.placed_on < period.ends_on]
    behind: dict[orders.Id, tuple[int, int]] = {}
    for order in inside:
        cluster = order.customer_id or f"order {order.order_id}"
        cancelled, placed = behind.get(cluster, (0, 0))
        behind[cluster] = (cancelled + order.is_cancelled, placed + 1)
    if not inside or not any(order.is_cancelled for order in before):
        return Answer(None, len(inside))
    cancelled = sum(order.is_cancelled for order in inside)
    low, high = intervals.wilson_of_clusters(list(behind.values()), reach=reach(log))
    return Answer(
        Fraction(cancelled * 100, len(inside)),
        len(inside),
        None if low is None else low * 100,
        None if high is None else high * 100,
        behind={who: Fraction(cancelled) for who, (cancelled, _) in behind.items()},
    )


WHOLE = ("all",)
WITHIN_DAYS = ("all", "30_days", "365_days")
NEW_AND_EXISTING = ("all", "new", "existing")
EVERY = ("all", "new", "existing", "unidentified")


def segments_of(log: orders.Log, slug: str) -> list[str]:
    """Return the segments of a metric; `unidentified` stands only where somebody is."""
    _, segments = METRICS[slug]
    somebody = any(purchase.customer_id is None for purchase in log.purchases)
    if slug == "revenue" and not log.amounts_known:
        somebody = False
    return [segment for segment in segments if segment != "unidentified" or somebody]


METRICS: dict[str, tuple[Metric, tuple[str, ...]]] = {
    "returning_customers": (returning_customers, WHOLE),
    "customer_retention_rate": (customer_retention_rate, WHOLE),
    "customer_churn_rate": (customer_churn_rate, WHOLE),
    "repeat_purchase_rate": (repeat_purchase_rate, WHOLE),
    "repeat_rate_90_days": (repeat_rate_90_days, WHOLE),
    "returning_customer_rate": (returning_customer_rate, WHOLE),
    "purchase_frequency": (purchase_frequency, WHOLE),
    "purchase_quantity": (purchase_quantity, WHOLE),
    "purchase_quantity_per_customer": (purchase_quantity_per_customer, WHOLE),
    "average_order_value": (average_order_value, NEW_AND_EXISTING),
    "customer_value": (customer_value, WHOLE),
    "orders_per_active_customer": (orders_per_active_customer, WHOLE),
    "customer_lifetime_value": (customer_lifetime_value, WHOLE),
    "customer_lifetime_profit": (customer_lifetime_profit, WHOLE),
    "revenue": (revenue, EVERY),
    "orders": (orders_placed, EVERY),
    "customers": (customers, NEW_AND_EXISTING),
    "new_customers": (new_customers, WHOLE),
    "profit_per_customer": (profit_per_customer, WHOLE),
    "cancellation_rate": (cancellation_rate, WHOLE),
    "value_after_a_year": (years.value_after_a_year, WHOLE),
    "repeat_revenue_retention": (years.repeat_revenue_retention, ("all", "gross")),
    "kaplan_meier_repeat_rate": (pauses.kaplan_meier_repeat_rate, WITHIN_DAYS),
    "lapse_rate": (pauses.lapse_rate, WHOLE),
    "reactivation_rate": (pauses.reactivation_rate, WITHIN_DAYS),
    "time_between_orders": (pauses.time_between_orders, tuple(pauses.SHARES)),
    "median_order_value": (middles.median_order_value, ("all", "trimmed")),
    "median_orders_per_customer": (middles.median_orders_per_customer, WHOLE),
    "one_time_customer_rate": (middles.one_time_customer_rate, tuple(middles.SO_OFTEN)),
}

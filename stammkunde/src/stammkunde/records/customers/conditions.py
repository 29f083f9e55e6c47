"""Conditions in the language of `kohorte`, asked of the customers that the store holds.

A condition becomes a filter of the store, which holds exactly for those of whom `kohorte.conditions`
says that it holds: what is not known of a customer makes a test neither true nor false, so that neither
the test nor its opposite finds them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import NullIf

from kohorte import currencies
from kohorte.conditions import All, AnyOf, Facts, Node, Not, Test, customers, days, judge, tests_in
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import standings
from stammkunde.records.customers.models import Basis, Customer, Standing

# The facts that follow from a customer's own orders at once.
TOLD = (
    "orders",
    "revenue",
    "average_order_value",
    "first_order",
    "last_order",
    "country",
    "cohort",
)
AVERAGE = "average_minor"
_FIELDS = {
    "orders": "orders",
    "revenue": "revenue_minor",
    "average_order_value": AVERAGE,
    "first_order": "first_order_on",
    "last_order": "last_order_on",
    "country": "country",
    "cohort": "first_order_on",
}
# The facts that are computed from the orders of the whole shop: fields of the customer's standing, and
# how many digits beside the whole ones they are kept with.
STANDING = {
    "rfm_group": ("rfm", 0),
    "recency_score": ("recency", 0),
    "frequency_score": ("frequency", 0),
    "monetary_score": ("monetary", 0),
    "next_order_due": ("due_on", 0),
    "is_overdue": ("late_on", 0),
    "value": ("value_minor", 0),
    "profit": ("profit_minor", 0),
    "alive": ("alive_percent", 0),
    "expected_orders": ("expected_orders", 2),
    "expected_value": ("expected_value_minor", 0),
}
_LARGEST = 2**62
_OPPOSITE = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in",
    "known": "unknown", "unknown": "known",
}  # fmt: skip


def facts(shop: Shop) -> Facts:
    """Return what conditions on the list of a shop may speak of."""
    known = customers.with_standing(exponent=currencies.exponent(shop.currency))
    return Facts((known[name] for name in (*TOLD, *STANDING)), exponent=known.exponent)


def average(customer: Customer) -> int | None:
    """Return the average order value in minor units, rounded half up, as `kohorte` does."""
    orders = customer.orders
    return (2 * customer.revenue_minor + orders) // (2 * orders) if orders else None


def standing(customer: Customer) -> Standing | None:
    """Return where a customer stands, None where that is not known."""
    return getattr(customer, "standing", None)


def case(customer: Customer, *, shop: Shop, basis: Basis) -> dict[str, Any]:
    """Return the facts of a customer, as `kohorte.conditions.judge` takes them."""
    first, found = customer.first_order_on, standing(customer)
    known: dict[str, Any] = {
        "orders": customer.orders,
        "revenue": customer.revenue_minor,
        "average_order_value": average(customer),
        "first_order": first,
        "last_order": customer.last_order_on,
        "country": customer.country or None,
        "cohort": f"{first:%Y-%m}" if first else None,
    }
    if found is None:
        return known
    for name, (field, digits) in STANDING.items():
        value = getattr(found, field)
        known[name] = value if value is None or not digits else Decimal(value).scaleb(-digits)
    return known | {
        "rfm_group": standings.group(found.rfm),
        "is_overdue": standings.is_overdue(found, as_of=basis.as_of, window_days=shop.window_days),
    }


def holding(
    found: QuerySet[Customer], node: Node, *, shop: Shop, today: dt.date
) -> QuerySet[Customer]:
    """Return those customers of whom a condition holds.

    Parameters
    ----------
    found
        Customers of the shop.
    node
        What `kohorte.conditions.parse` made with the shop's facts.
    today
        The shop's day, from which tests look back and ahead. Who is overdue is so on the last day
        that the data hold.
    """
    average_minor = (2 * F("revenue_minor") + F("orders")) / (2 * NullIf(F("orders"), 0))
    asking = _Asking(found, shop, today, prefix="standing__")
    return found.alias(**{AVERAGE: average_minor}).filter(asking.holds(node))


def is_of_standing(node: Node) -> bool:
    """Return whether standings alone tell of whom a condition holds, without the customers."""
    return all(
        test.fact in STANDING and test.operator not in ("known", "unknown")
        for test in tests_in(node)
    )


def standings_holding(shop: Shop, node: Node, *, today: dt.date) -> QuerySet[Standing]:
    """Return the standings of whom a condition holds that `is_of_standing`, which is quick to count."""
    found = Standing.objects.filter(shop=shop)
    return found.filter(_Asking(Customer.objects.none(), shop, today, prefix="").holds(node))


class _Asking:
    """Makes a filter of a condition, with every “not” moved to the tests."""

    def __init__(
        self, found: QuerySet[Customer], shop: Shop, today: dt.date, *, prefix: str
    ) -> None:
        self.found, self.shop, self.today, self.prefix = found, shop, today, prefix
        self.facts = facts(shop)

    def holds(self, node: Node, *, opposite: bool = False) -> Q:
        match node:
            case Not(part):
                return self.holds(part, opposite=not opposite)
            case All(parts) | AnyOf(parts):
                way = Q.AND if isinstance(node, All) != opposite else Q.OR
                found = Q()
                for part in parts:
                    found = found._combine(self.holds(part, opposite=opposite), way)  # type: ignore[attr-defined]  # & and | by name
                return found
        return self._test(node, opposite=opposite)

    def _test(self, test: Test, *, opposite: bool) -> Q:
        fact = self.facts[test.fact]
        field, digits = self._field(test.fact)
        if opposite and test.operator in _OPPOSITE:
            test, opposite = replace(test, operator=_OPPOSITE[test.operator]), False  # type: ignore[arg-type]
        nothing = Q(country="") if test.fact == "country" else Q(**{f"{field}__isnull": True})
        match test.operator, fact.kind:
            case ("known", _):
                return ~nothing
            case ("unknown", _):
                return nothing
            case (_, "flag"):
                passing = self._overdue(field)
            case (_, "text"):
                passing = self._texts(test)
            case (_, "day"):
                passing = self._days(test, field)
            case _:
                scale = self.facts.exponent if fact.kind == "money" else digits
                passing = _numbers(test, field, scale)
        if opposite:
            passing = ~passing
        return ~nothing & passing

    def _field(self, fact: str) -> tuple[str, int]:
        if fact in _FIELDS:
            return _FIELDS[fact], 0
        field, digits = STANDING[fact]
        return f"{self.prefix}{field}", digits

    def _overdue(self, field: str) -> Q:
        """Choose who waits longer than four of five, but not so long as to be lost."""
        as_of = standings.basis(self.shop).as_of
        if as_of is None:
            return Q(pk__in=())
        since = as_of - dt.timedelta(days=self.shop.window_days)
        return Q(**{f"{field}__lt": as_of, f"{self.prefix}last_on__gt": since})

    def _days(self, test: Test, field: str) -> Q:
        if test.unit:
            return _within(field, *days.bounds(test, self.today))
        return _compared(test, field, list(test.values))

    def _texts(self, test: Test) -> Q:
        """Choose among the texts there are, so that `kohorte` alone says which of them pass."""
        if test.fact == "country" and test.operator in ("=", "!=", "in", "not in"):
            return _compared(test, "country", list(test.values))
        if test.fact == "country":
            there = self.found.exclude(country="").order_by("country")
            countries = there.values_list("country", flat=True).distinct()
            return Q(country__in=[each for each in countries if self._passes(test, each)])
        if test.fact == "rfm_group":
            places = enumerate(customers.RFM_GROUPS, start=1)
            passing = [place for place, group in places if self._passes(test, group)]
            return Q(**{f"{self.prefix}rfm__in": passing})
        there = self.found.exclude(first_order_on=None)
        months = Q(pk__in=())
        for month in there.dates("first_order_on", "month"):
            if self._passes(test, f"{month:%Y-%m}"):
                last = days.moved(month, 1, "months") - dt.timedelta(days=1)
                months |= _within("first_order_on", month, last)
        return months

    def _passes(self, test: Test, text: str) -> bool:
        verdict = judge(test, {test.fact: text}, facts=self.facts, today=self.today)
        return bool(verdict.holds)


def _within(field: str, first: Any, last: Any) -> Q:
    return Q(**{f"{field}__gte": first, f"{field}__lte": last})


def _numbers(test: Test, field: str, scale: int) -> Q:
    """Compare a whole number with any number, which may be none itself."""
    values = [value.scaleb(scale) for value in test.values if isinstance(value, Decimal)]
    whole = [_bounded(value) for value in values if value == value.to_integral_value()]
    match test.operator:
        case "=" | "in":
            return Q(**{f"{field}__in": whole})
        case "!=" | "not in":
            return ~Q(**{f"{field}__in": whole})
        case "<":
            return Q(**{f"{field}__lt": _bounded(ceil(values[0]))})
        case "<=":
            return Q(**{f"{field}__lte": _bounded(floor(values[0]))})
        case ">":
            return Q(**{f"{field}__gt": _bounded(floor(values[0]))})
        case ">=":
            return Q(**{f"{field}__gte": _bounded(ceil(values[0]))})
    return _within(field, _bounded(ceil(values[0])), _bounded(floor(values[1])))


def _bounded(value: Decimal | int) -> int:
    return max(min(int(value), _LARGEST), -_LARGEST)


def _compared(test: Test, field: str, values: list[Any]) -> Q:
    lookups: Mapping[str, str] = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
    match test.operator:
        case "=" | "in":
            return Q(**{f"{field}__in": values})
        case "!=" | "not in":
            return ~Q(**{f"{field}__in": values})
        case "between":
            return _within(field, *values)
    return Q(**{f"{field}__{lookups[test.operator]}": values[0]})

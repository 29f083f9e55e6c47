"""What is owed for a unit at the end of a month: open units, what will be redeemed of them, and their value."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.books import branches, terms
from stammkunde.ledger.books.lots_of_unit import lots_of_unit
from stammkunde.ledger.books.models import Reckoning
from stammkunde.ledger.liability.back_test import BackTest, back_test
from stammkunde.ledger.liability.lots import LotTable, first_day, month_number
from stammkunde.ledger.liability.outlook import Fate, Outlook, outlook
from stammkunde.ledger.liability.second import second_opinion
from stammkunde.ledger.models import Unit

MONTHS_OF_TRIAL = 3


def last_month(shop: Shop) -> int:
    """Return the number of the last month that is over in the shop."""
    return month_number(clock.today(shop.zone)) - 1


def reckon(shop: Shop, unit: Unit, month: int | None = None) -> Reckoning:
    """Reckon what is owed at the end of a month, the last whole one unless said, and keep it."""
    month = last_month(shop) if month is None else month
    answer = owed(shop, unit, month)
    with transaction.atomic():
        kept, _made = Reckoning.objects.update_or_create(
            shop=shop, unit=unit, kind="liability", month=month,
            defaults={"answer": answer, "made_at": clock.now()},
        )  # fmt: skip
    return kept


def kept(shop: Shop, unit: Unit, month: int | None = None) -> Reckoning | None:
    """Return what was reckoned for a month, or last."""
    found = Reckoning.objects.filter(shop=shop, unit=unit, kind="liability")
    if month is not None:
        found = found.filter(month=month)
    return found.order_by("-month").first()


def owed(shop: Shop, unit: Unit, month: int) -> dict[str, Any]:
    """Return what is owed for a unit at the end of a month, as JSON can hold it."""
    said = terms.of(unit)
    lots = lots_of_unit(unit.pk, zone=shop.zone, unit_value=said.unit_value_minor)
    found = outlook(lots, month)
    test = back_test(lots, month, months=MONTHS_OF_TRIAL)
    second = second_opinion(lots, month)
    values = _values(found)
    branch: branches.Branch = said.branch  # type: ignore[assignment]  # the database checks it
    return {
        "month": f"{first_day(month):%Y-%m}",
        "branch": branch,
        "open": found.open,
        "expected": round(found.expected),
        "low": None if found.low is None else round(found.low),
        "high": None if found.high is None else round(found.high),
        **values,
        "owed_minor": branches.owed_minor(
            branch,
            open_value=Decimal(values["open_minor"]),
            expected_value=Decimal(values["expected_minor"]),
        ),
        "cohorts": _cohorts(found.fates),
        "ages": [
            {
                "age": row.age, "at_risk": row.at_risk, "redemption": row.redemption,
                "breakage": row.breakage, "survival": row.survival,
                "ever_redeemed": row.ever_redeemed, "ever_expired": row.ever_expired,
            }
            for row in found.table.ages
        ],
        "second": second and {"reserve": round(second.reserve), "error": round(second.error)},
        "back_test": _trials(test),
    }  # fmt: skip


def owed_on(shop: Shop, unit: Unit, day: dt.date, lots: LotTable | None = None) -> int:
    """Return what stands in the books for a unit at the end of a day's month, in minor units of money."""
    said = terms.of(unit)
    if lots is None:
        lots = lots_of_unit(unit.pk, zone=shop.zone, unit_value=said.unit_value_minor)
    values = _values(outlook(lots, month_number(day)))
    return branches.owed_minor(
        said.branch,  # type: ignore[arg-type]  # the database checks it
        open_value=Decimal(values["open_minor"]),
        expected_value=Decimal(values["expected_minor"]),
    )


def _values(found: Outlook) -> dict[str, Any]:
    """Return the value of what is open and expected; units without a value are told apart."""
    whole, expected, unvalued = Decimal(0), Decimal(0), 0
    for fate in found.fates:
        worth = fate.cohort.unit_value
        if worth is None or fate.value is None:
            unvalued += fate.open
            continue
        whole += fate.open * worth
        expected += fate.value
    factor = (lambda bound: expected * Decimal(bound / found.expected)) if found.expected else None
    bounds = [
        None if bound is None or factor is None else _whole(min(factor(bound), whole))
        for bound in (found.low, found.high)
    ]
    return {
        "open_minor": _whole(whole),
        "expected_minor": _whole(expected),
        "low_minor": bounds[0],
        "high_minor": bounds[1],
        "unvalued": unvalued,
    }


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _cohorts(fates: Any) -> list[dict[str, Any]]:
    """Return the cohorts by month of earning, oldest first."""
    by_month: defaultdict[int, list[Fate]] = defaultdict(list)
    for fate in fates:
        by_month[fate.cohort.earned].append(fate)
    return [
        {
            "earned": f"{first_day(earned):%Y-%m}",
            "open": sum(fate.open for fate in some),
            "redeemed": round(sum(fate.redeemed for fate in some)),
            "expired": round(sum(fate.expired for fate in some)),
            "value_minor": _whole(sum((fate.value or Decimal(0) for fate in some), Decimal(0))),
            "expires": min(
                (f"{first_day(fate.cohort.expires):%Y-%m}" for fate in some if fate.cohort.expires),
                default=None,
            ),
        }
        for earned, some in sorted(by_month.items())
    ]


def _trials(test: BackTest) -> dict[str, Any]:
    return {
        "months": test.months,
        "count": len(test.trials),
        "inside": test.inside,
        "bias": test.bias,
        "trials": [
            {
                "month": f"{first_day(trial.month):%Y-%m}", "expected": round(trial.expected),
                "low": round(trial.low), "high": round(trial.high), "actual": trial.actual,
                "inside": trial.inside,
            }
            for trial in test.trials
        ],
    }  # fmt: skip

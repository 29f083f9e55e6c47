"""What stands on the pages of predictions, as CSV for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponseBase

from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.insights.forecasts import CLASSES_OF_ALIVE

Lines = Iterator[list[object]]


@page_of_shop("metrics.read")
def file(visit: Visit, part: str) -> HttpResponseBase:
    """Send one table or chart."""
    desk = Desk(visit)
    if part not in PARTS:
        raise Http404("There is no such part.")
    if not desk.is_foretold:
        return visit.go("predictions")
    return exports.csv_file(f"{visit.shop.slug}-predictions-{part}", PARTS[part](desk))


def _value(desk: Desk) -> Lines:
    yield [
        "months", "revenue", "low", "high", "first_order", "further_orders", "margin_percent",
        "discount_percent", "currency", "as_of",
    ]  # fmt: skip
    for one in desk.told["worth"]:
        amounts = [one[name] for name in ("value", "low", "high", "first", "newcomer")]
        yield [
            one["months"], *map(_plain, amounts), _plain(desk.told["margin_percent"]),
            desk.told["discount_percent"], desk.visit.shop.currency, desk.as_of,
        ]  # fmt: skip


def _churn(desk: Desk) -> Lines:
    yield [
        "metric", "value", "low", "high", "n", "active_days", "months", "model",
        "held_days", "held_n", "held_expected", "held_actual", "as_of",
    ]  # fmt: skip
    churn = desk.told["churn"]
    if churn:
        held = churn["held"] or {}
        yield [
            "expected_churn", *(_plain(churn[name]) for name in ("value", "low", "high")),
            churn["customers"], churn["active_days"], 12, churn["model"],
            *(_plain(held.get(name)) for name in ("days", "customers", "expected", "actual")),
            desk.as_of,
        ]  # fmt: skip


def _spread(desk: Desk) -> Lines:
    yield ["alive_from_percent", "alive_to_percent", "value_from", "value_to", "customers", "value"]
    spread = desk.told["spread"]
    if not spread:
        return
    ends = ["", *spread["limits"], ""]
    for alive, (counts, values) in enumerate(zip(spread["cells"], spread["values"], strict=True)):
        for place, (count, amount) in enumerate(zip(counts, values, strict=True)):
            width = 100 // CLASSES_OF_ALIVE
            bounds = (width * alive, width * (alive + 1), ends[place], ends[place + 1])
            yield [*bounds, count, _plain(amount)]


def _top(desk: Desk) -> Lines:
    yield ["best_percent", "customers", "value", "share_percent"]
    for one in desk.told["spread"]["top"] if desk.told["spread"] else ():
        yield list(map(_plain, one))


def _drivers(desk: Desk) -> Lines:
    yield ["fact", "value", "against", "customers", "ratio", "low", "high", "beyond_chance"]
    for *cells, beyond in desk.told["drivers"].get("rows", ()):
        yield [*map(_plain, cells), "yes" if beyond else "no"]


def _record(desk: Desk) -> Lines:
    yield [
        "model", "used", "foretold", "actual", "error_percent", "ranking", "deviance",
        "absolute_error", "loses", "customers", "days", "split_on",
    ]  # fmt: skip
    for held, one in _trials(desk):
        yield [
            one["slug"], "yes" if one["slug"] == desk.told["model"]["slug"] else "no",
            *(_plain(value) for value in (
                one["foretold"], held["actual"], one["error_percent"], one["area"],
                one["deviance"], one["absolute_error"])),
            "yes" if one["loses"] else "no", held["customers"], held["days"], held["split_on"],
        ]  # fmt: skip


def _calibration(desk: Desk) -> Lines:
    yield ["model", "tenth", "customers", "foretold", "actual"]
    for _held, one in _trials(desk):
        for place, cells in enumerate(one["deciles"]):
            yield [one["slug"], place + 1, *map(_plain, cells)]


def _tracking(desk: Desk) -> Lines:
    yield ["model", "day", "foretold", "actual"]
    for held, one in _trials(desk):
        count = len(held["tracking"])
        for place, foretold in enumerate(one["tracking"]):
            day = held["days"] * (place + 1) // count
            yield [one["slug"], day, _plain(foretold), _plain(held["tracking"][place])]


def _trials(desk: Desk) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    held = desk.trial
    for one in held["trials"] if held else ():
        yield held, one  # type: ignore[misc]  # there are trials only in a track record


def _plain(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


PARTS: dict[str, Callable[[Desk], Lines]] = {
    "value": _value,
    "churn": _churn,
    "spread": _spread,
    "top": _top,
    "drivers": _drivers,
    "record": _record,
    "calibration": _calibration,
    "tracking": _tracking,
}

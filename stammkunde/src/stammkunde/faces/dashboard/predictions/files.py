"""What stands on the pages of predictions, as CSV for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpResponseBase

from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.insights import forecast_plain
from stammkunde.insights.plain import Rows


@page_of_shop("metrics.read")
def file(visit: Visit, part: str) -> HttpResponseBase:
    """Send one table or chart."""
    desk = Desk(visit)
    if part not in PARTS:
        raise Http404("There is no such part.")
    if not desk.is_foretold:
        return visit.go("predictions")
    return exports.csv_file(f"{visit.shop.slug}-predictions-{part}", _lines(desk, part))


def _lines(desk: Desk, part: str) -> Iterator[list[object]]:
    """Yield rows with their names above, and behind each the currency and the day it looks ahead from."""
    for number, row in enumerate(PARTS[part](desk)):
        if number == 0:
            yield [*row, "currency", "as_of"]
        yield [*map(_plain, row.values()), desk.visit.shop.currency, desk.as_of]


def _plain(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6f}".rstrip("0").rstrip(".")
    return value


PARTS: dict[str, Callable[[Desk], Rows]] = {
    "value": lambda desk: forecast_plain.ahead(desk.told),
    "churn": lambda desk: forecast_plain.churn(desk.told),
    "spread": lambda desk: forecast_plain.cells(desk.told),
    "top": lambda desk: forecast_plain.top(desk.told),
    "drivers": lambda desk: forecast_plain.drivers(desk.told, desk.voice.language),
    "record": lambda desk: forecast_plain.record(desk.told),
    "calibration": lambda desk: forecast_plain.calibration(desk.told),
    "tracking": lambda desk: forecast_plain.tracking(desk.told),
}

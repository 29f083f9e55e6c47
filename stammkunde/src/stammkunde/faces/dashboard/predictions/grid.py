"""The map of customers: how likely each still is one, against what each will bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.predictions import people, value
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.insights.forecast_lists import Chosen
from stammkunde.insights.forecasts import CLASSES_OF_ALIVE

# Tints of the heatmaps; the values stand printed in the cells.
TINTS = 9


@dataclass(frozen=True)
class Cell:
    """Customers of a class of staying and of value, and what they bring together."""

    customers: str
    value: str
    css: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """A class of staying."""

    name: str
    cells: list[Cell]


@page_of_shop("metrics.read")
def grid(visit: Visit) -> HttpResponse:
    """Show the map, and the customers of the cell that is chosen."""
    desk = Desk(visit)
    found: dict[str, Any] = {}
    if desk.is_foretold and desk.told["spread"] and desk.has_amounts:
        asked = people.chosen(visit)
        is_cell = asked.alive is not None and asked.value is not None
        found = {
            "columns": value.limits(desk),
            "rows": _rows(desk, asked),
            "summary": _summary(desk),
            "page": people.page(desk, asked) if is_cell else None,
            "chosen": _name(desk, asked) if is_cell else "",
        }
    return desk.page("predictions/grid.html", **found)


def alive_names(desk: Desk) -> list[str]:
    """Return the names of the classes of staying, the least likely first."""
    width = 100 // CLASSES_OF_ALIVE
    return [
        desk.voice.interval("percent", width * place, width * (place + 1), n=1)
        for place in range(CLASSES_OF_ALIVE)
    ]


def _rows(desk: Desk, asked: Chosen) -> list[Row]:
    """Return the classes of staying, the most likely on top."""
    spread, names = desk.told["spread"], alive_names(desk)
    highest = max((amount for row in spread["values"] for amount in row), default=0.0) or 1.0
    rows = []
    for alive in reversed(range(len(names))):
        cells = [
            Cell(
                desk.voice.count(count),
                desk.about(amount),
                _tint(amount / highest) if count else "",
                f"?alive={alive}&value={place}#people",
                (asked.alive, asked.value) == (alive, place),
            )
            for place, (count, amount) in enumerate(
                zip(spread["cells"][alive], spread["values"][alive], strict=True)
            )
        ]
        rows.append(Row(names[alive], cells))
    return rows


def _tint(share: float) -> str:
    return f"h{max(1, min(TINTS, round(share**0.5 * TINTS)))}"


def _summary(desk: Desk) -> str:
    """Say how much value lies with customers who may well be gone."""
    spread = desk.told["spread"]
    customers, amount = _doubtful(spread)
    if not customers:
        return str(_("Of no customer it is doubtful that they still are one."))
    return str(
        _(
            "%(count)s customers have a chance of less than 40%% of still being one; with them lie %(value)s "
            "of the next 12 months."
        )
        % {"count": desk.voice.count(customers), "value": desk.about(amount)}
    )


def _doubtful(spread: dict[str, Any]) -> tuple[int, float]:
    """Return customers and value of the classes that end below one half."""
    low = (0, 1)
    customers = sum(sum(spread["cells"][place]) for place in low)
    amount = sum(sum(spread["values"][place]) for place in low)
    return customers, amount


def _name(desk: Desk, asked: Chosen) -> str:
    names, columns = alive_names(desk), value.limits(desk)
    if asked.alive is None or asked.value is None:
        return ""
    if asked.alive >= len(names) or asked.value >= len(columns):
        return ""
    return str(
        _("still a customer: %(alive)s · value in 12 months: %(value)s")
        % {"alive": names[asked.alive], "value": columns[asked.value]}
    )

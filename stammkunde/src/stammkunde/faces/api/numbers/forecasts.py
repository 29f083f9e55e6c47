"""Forecasts: what customers will bring, by which model, how well it did, and of each customer.

They are told from the forecast that pages show. Until there is one, `202` says which job fits it. The cursor
of a list names the forecast: when another takes its place between two pages, the list is begun anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import Field

from kohorte import currencies
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.numbers import asking
from stammkunde.faces.api.numbers import models_of_forecasts as models
from stammkunde.faces.api.paging import Asked
from stammkunde.faces.api.problems import Problem
from stammkunde.insights import forecast_lists, forecast_plain, forecasts, plain
from stammkunde.insights.forecasts import Shown

router = Router(tags=["numbers"])
CLASS = Field(ge=0, le=9, description=N("Only those of this class of the map (`/forecast`)."))


class PeopleAsked(Asked):
    """Which customers are wanted."""

    status: Annotated[
        Literal["overdue", "due"] | None,
        Field(description=N("Only those who are overdue, or due within 30 days.")),
    ] = None
    alive_class: Annotated[int | None, CLASS] = None
    value_class: Annotated[int | None, CLASS] = None
    sort: Annotated[
        Literal[
            "value", "-value", "orders", "-orders", "alive", "-alive", "due_on", "-due_on",
            "last_on", "-last_on", "late_days", "-late_days", "purchase_days", "-purchase_days",
            "customer_id", "-customer_id",
        ],
        Field(description=N("What comes first; “-” turns the order round.")),
    ] = "-value"  # fmt: skip


@asking.tell(router, "/forecast", models.Forecast, summary=N("Read what customers will bring"))
def read_forecast(visit: Visit) -> Answer:
    """Tell what today's customers will bring, and what one newly won does."""
    return _answered(visit, _whole)


@asking.tell(
    router,
    "/forecast/record",
    models.TrackRecord,
    summary=N("Read how well it was foretold before"),
)
def read_record(visit: Visit) -> Answer:
    """Tell what every model would have said of the shop's own past, and what came."""
    return _answered(visit, _record)


@asking.tell(
    router, "/forecast/drivers", models.Drivers, summary=N("Read what goes with a second order")
)
def read_drivers(visit: Visit) -> Answer:
    """Tell how often customers come again by what is known of their first order."""
    return _answered(visit, _drivers)


@asking.tell(
    router, "/forecast/customers", models.PeopleForetold,
    permission="customers.read", summary=N("List what is foretold of customers"),
)  # fmt: skip
def list_foretold(visit: Visit, asked: Query[PeopleAsked]) -> Answer:
    """Tell of each customer what is to be expected, those of most value first unless sorted otherwise."""
    shown = ready(visit)
    if isinstance(shown, Answer):
        return shown
    found = shown.forecast
    assert found is not None  # noqa: S101 – `ready` gives those that have one
    chosen = forecast_lists.Chosen(asked.alive_class, asked.value_class, asked.status or "")
    of = f"{asked.sort} {chosen}"
    mark = paging.mark_asked(visit, asked.cursor, of)
    made = f"{found.made_at:%Y-%m-%dT%H:%M:%S.%f}"
    if mark is not None and mark[0] != made:
        raise paging.outdated()
    rows, count, last = forecast_lists.following(
        visit.shop, found, chosen,
        sort=asked.sort.removeprefix("-"), downwards=asked.sort.startswith("-"),
        after=(mark[1], mark[2]) if mark else None, size=asked.limit,
    )  # fmt: skip
    told = forecast_plain.people(
        rows,
        exponent=currencies.exponent(visit.shop.currency),
        margin_percent=shown.told["margin_percent"],
    )
    page = paging.answered(visit, list(told), (made, *last) if last else None, sort=of)
    return Answer(
        {"forecast": state(visit, shown), "count": count, **page.plain}, headers=page.headers
    )


def ready(visit: Visit) -> Shown | Answer:
    """Return the forecast that pages show, or that the first one is being fitted.

    Raises
    ------
    Problem
        The shop has no orders, or none of a customer; or fitting failed.
    """
    shown = forecasts.shown(visit.shop)
    if shown.forecast is None:
        if shown.work is None:
            raise asking.no_numbers()
        return asking.computing(shown.work)
    if "fault" in shown.told:
        raise Problem(409, "forecast.none", shown.told["fault"].render(asking.language()))
    return shown


def state(visit: Visit, shown: Shown) -> dict[str, Any]:
    """Return what a forecast is of as plain data."""
    found, withheld = shown.forecast, shown.told["withheld"]
    assert found is not None  # noqa: S101 – looked at by `ready`
    return models.StateOfForecast(
        as_of=found.as_of or dt.date.min,
        data_at=found.data_at,
        made_at=found.made_at,
        currency=visit.shop.currency,
        is_current=shown.is_current,
        job_id=shown.work.job.pk if shown.work else None,
        withheld=withheld.render(asking.language()) if withheld else None,
    ).model_dump(mode="json")


def _answered(visit: Visit, show: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    shown = ready(visit)
    if isinstance(shown, Answer):
        return shown
    found, work = shown.forecast, shown.work
    assert found is not None  # noqa: S101 – `ready` gives those that have one
    return asking.unless_held(
        visit,
        (found.pk, found.made_at, shown.is_current, work.job.pk if work else None),
        lambda: {"forecast": state(visit, shown), **show(shown.told)},
    )


def _whole(told: dict[str, Any]) -> dict[str, Any]:
    model, spread = told["model"], told["spread"] or {}
    churn = next(iter(forecast_plain.churn(told)), None)
    return {
        "model": {
            **{name: model[name] for name in ("customers", "own_percent")},
            "model": model["slug"],
            "model_name": model["name"].render(asking.language()),
            "said": told["fitted"].render(asking.language()),
            "notes": _said(told["notes"]),
            "parameters": forecast_plain.parameters(told),
        },
        "data": forecast_plain.ahead(told),
        "orders_12": spread.get("orders"),
        "overdue_customers": spread.get("overdue"),
        "churn": churn and {name: value for name, value in churn.items() if name != "metric"},
        "map": forecast_plain.cells(told),
        "top": forecast_plain.top(told),
    }


def _record(told: dict[str, Any]) -> dict[str, Any]:
    held = told["trial"]
    return {
        "best": held["best"] if held else None,
        "said": _said((held["held"], *held["verdict"])) if held else _said((told["untested"],)),
        "data": forecast_plain.record(told),
        "calibration": forecast_plain.calibration(told),
        "tracking": forecast_plain.tracking(told),
    }


def _drivers(told: dict[str, Any]) -> dict[str, Any]:
    found = told["drivers"]
    return {
        "customers": found.get("customers"),
        "came": found.get("came"),
        "said": _said((found.get("fault"), found.get("boundary"))),
        "data": forecast_plain.drivers(told, asking.language()),
    }


def _said(sentences: Any) -> list[str]:
    return [plain.value(each, asking.language()) for each in sentences if each is not None]

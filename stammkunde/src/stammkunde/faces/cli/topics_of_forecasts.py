"""What `stammkunde numbers` tells of forecasts: each topic with what it takes and its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kohorte import currencies
from kohorte.language import Language
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.insights import codec, forecast_lists, forecast_plain, forecasts
from stammkunde.insights.models import Forecast
from stammkunde.insights.plain import Rows

Told = dict[str, Any]
TOPICS: Mapping[str, Callable[[Told, Language], Rows]] = {
    "forecast": lambda told, _language: forecast_plain.ahead(told),
    "expected_churn": lambda told, _language: forecast_plain.churn(told),
    "record": lambda told, _language: forecast_plain.record(told),
    "drivers": forecast_plain.drivers,
}
PEOPLE = "foretold"
STATES = ("overdue", "due")


def rows(shop: Shop, what: str, status: str | None, language: Language) -> Rows:
    """Return the rows of a topic of forecasts, fitted anew where something changed.

    Raises
    ------
    Refused
        There is nobody to foretell anything of, or the numbers are withheld.
    """
    found = forecasts.refresh(shop)
    told: Told = codec.decode(found.result)
    reason = told.get("fault") or (told["withheld"] if what in (PEOPLE, "forecast") else None)
    if reason is not None:
        raise Refused(reason.render(language), name="forecast.none")
    if what != PEOPLE:
        return TOPICS[what](told, language)
    return _people(shop, found, told, status)


def _people(shop: Shop, found: Forecast, told: Told, status: str | None) -> Rows:
    if status is not None and status not in STATES:
        raise Refused(
            _("“%(what)s” takes --status %(states)s.")
            % {"what": PEOPLE, "states": ", ".join(STATES)},
            name="numbers.option",
        )
    chosen = forecast_lists.Chosen(state=status or "")  # type: ignore[arg-type]  # one of the states
    some = forecast_lists.every(shop, found, chosen)
    exponent = currencies.exponent(shop.currency)
    margin = told["margin_percent"]
    return list(forecast_plain.people(some, exponent=exponent, margin_percent=margin))

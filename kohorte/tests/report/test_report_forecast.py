"""The chapter about what customers will bring: what it says, what it draws, and when it withholds."""

from __future__ import annotations

import dataclasses
import json

import example_forecast
import example_report
import pytest

import kohorte
from kohorte.forecasts import outlook
from kohorte.language import LANGUAGES, Language, Sentence
from kohorte.report import files, forecast_view, page
from kohorte.report.material import Material
from kohorte.report.shelf import Shelf
from kohorte.report.voice import Voice
from kohorte.results import Outlook, Report

METRICS = example_report.METRICS


def report(found: Outlook | None) -> Report:
    return dataclasses.replace(example_report.two_years(), outlook=found)


def shown(found: Outlook, language: Language = "de") -> forecast_view.ForecastView:
    whole = report(found)
    view = forecast_view.build(Material(whole, Shelf(whole.rows), METRICS, Voice(language, "EUR")))
    assert view is not None
    return view


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_the_next_year_is_said_with_its_range_and_the_error_before() -> None:
    view = shown(example_forecast.outlook())
    assert plain(view.summary) == (
        "In den nächsten 12 Monaten bringen die 5.878 Kunden von heute voraussichtlich 8.810.000 €, "
        "Spanne 8.400.000–9.120.000 €. An der eigenen Vergangenheit des Shops verfehlte das Modell "
        "die Summe der Bestellungen um +7,3 %."
    )
    assert [plain(row.name) for row in view.ahead] == ["12 Monate", "24 Monate", "36 Monate"]
    assert plain(view.ahead[2].text) == "26.400.000 €"
    assert plain(view.ahead[0].more) == "1.806,00 €"
    assert view.ahead[0].raw == "8814804.0,8400000.0,9120000.0,5878"
    assert not view.withheld


def test_the_track_record_names_who_is_behind_and_draws_both_lines() -> None:
    view = shown(example_forecast.outlook(), "en")
    assert [row.name for row in view.trials] == [
        "MBG_NBD",
        "NBD, behind the last purchase",
        "RECENCY",
    ]
    assert view.trials[0].cells == ("10,395", "+7.3%", "77.1", "3.200")
    assert view.trials[2].cells[1] == ""
    tracking, tenths = view.charts
    assert [line.name for line in tracking.panels[0].lines] == ["as they came", "as foretold"]
    assert tracking.panels[0].summary == "By the end 9,600 orders had come; 10,392 were foretold."
    assert len(tenths.panels[0].labels) == 10


def test_influences_are_held_against_one_and_grey_within_chance() -> None:
    view = shown(example_forecast.outlook(), "en")
    assert [(row.name, row.beside, row.css) for row in view.influences] == [
        ("Value of the first purchase: highest third", "against lowest third", ""),
        ("Country: Spain", "against United Kingdom", "thin"),
        ("Country: United Kingdom", "against Spain", "thin"),
    ]
    assert "1.68 times as often" in view.influences_summary
    assert 'class="middle"' in view.influences[0].picture


def test_what_is_withheld_says_why_and_keeps_the_record() -> None:
    view = shown(example_forecast.outlook(withheld=example_forecast.LOSES), "en")
    assert "told worse who comes back" in view.withheld
    assert (view.ahead, view.summary) == ((), "")
    assert len(view.trials) == 3


def test_nothing_that_goes_with_coming_back_is_said() -> None:
    why = Sentence("No fact tells customers apart.")
    found = dataclasses.replace(example_forecast.outlook(), influences=(), no_influences=why)
    assert shown(found).influences_summary == "Kein Merkmal unterscheidet die Kunden."
    only_chance = dataclasses.replace(
        example_forecast.outlook(), influences=example_forecast.outlook().influences[1:]
    )
    assert "Nothing that is known" in shown(only_chance, "en").influences_summary


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("withheld", [None, example_forecast.LOSES])
def test_the_page_holds_the_chapter(language: Language, withheld: Sentence | None) -> None:
    found = report(example_forecast.outlook(withheld=withheld))
    text = page.render(found, language=language, metrics=METRICS)
    assert 'id="forecast"' in text
    assert ('id="forecast-ahead"' in text) == (withheld is None)
    assert 'data-chart="forecast-tenths"' in text
    known = json.loads(files.as_json(found, language, METRICS))
    assert known["outlook"]["trials"][0]["error_percent"] == 7.3
    without = page.render(report(None), language=language, metrics=METRICS)
    assert 'id="forecast"' not in without


def orders(customers: int, *, days: int = 300) -> list[dict[str, object]]:
    """Customers of whom every second comes back three times."""
    found: list[dict[str, object]] = []
    for number in range(customers):
        for visit in range(4 if number % 2 else 1):
            day = (number * 7) % (days // 2) + visit * (10 + number % 20)
            placed = f"{2024 + day // 360}-{day % 360 // 30 + 1:02}-{day % 30 % 28 + 1:02}"
            found.append(
                {"order_id": f"{number}-{visit}", "customer_id": str(number), "placed_at": placed,
                 "amount_minor": 1000 + number}
            )  # fmt: skip
    return found


def test_a_history_tells_its_outlook_or_why_not() -> None:
    with kohorte.History.from_records(orders=orders(400), currency="EUR") as history:
        found = outlook.of(history)
    assert found is not None
    assert (found.customers, len(found.trials) >= 5) == (400, True)
    assert bool(found.ahead) == (found.withheld is None)
    with kohorte.History.from_records(orders=orders(60), currency="EUR") as history:
        few = outlook.of(history)
    assert few is not None
    assert few.withheld is not None
    assert "do not say enough" in few.withheld.render("en")
    with kohorte.History.from_records(orders=orders(400, days=60), currency="EUR") as history:
        short = outlook.of(history)
    assert short is not None
    bare = [{**order, "amount_minor": None} for order in orders(400)]
    with kohorte.History.from_records(orders=bare) as history:
        unpriced = outlook.of(history)
    assert unpriced is not None
    assert (unpriced.ahead, unpriced.withheld is not None) == ((), True)
    with kohorte.History.from_records(orders=[]) as nothing:
        assert outlook.of(nothing) is None

"""Targets and annotations on pages: the forms, the cards, the charts, the tables and the files."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import SHOP, YEAR, text
from importing import imported  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.insights import snapshots
from stammkunde.insights.annotations import services as notes
from stammkunde.insights.annotations.models import Annotation
from stammkunde.insights.targets import services
from stammkunde.insights.targets.models import Target
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
GIVEN = {
    "metric": "average_order_value",
    "value": "35,50",
    "grain": "",
    "since": "2025-01-01",
    "until": "",
}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture
def olga(as_: SignIn, cast: Cast) -> Client:
    """Return the owner's browser in a shop with a year of orders."""
    imported(cast.cheese, YEAR)
    snapshots.refresh(cast.cheese)
    return as_(cast.olga)


def aim(cast: Cast, **other: Any) -> Target:
    given = {"metric": "average_order_value", "value": 35.5, "since": dt.date(2025, 1, 1), **other}
    return services.add(cast.cheese, actor=COMMAND, **given)


def test_a_target_is_set_in_the_words_of_the_reader(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.anton, language="de")
    said = text(browser.get(f"{SHOP}/targets/"))
    assert "Noch kein Ziel gesetzt" in said

    said = text(browser.post(f"{SHOP}/targets/new/", GIVEN, follow=True))
    assert "Das Ziel wurde gesetzt." in said
    assert "35,50 €" in said
    assert Target.objects.get().value == 35.5

    wrong = browser.post(f"{SHOP}/targets/new/", {**GIVEN, "value": "viel"})
    assert wrong.status_code == 422
    assert "Schreiben Sie eine Zahl wie 62,5." in wrong.content.decode()
    twice = browser.post(f"{SHOP}/targets/new/", GIVEN)
    assert twice.status_code == 422
    assert "Ab 1. Jan. 2025 gilt schon ein anderes Ziel" in twice.content.decode()


def test_it_is_changed_and_deleted_after_a_question(olga: Client, cast: Cast) -> None:
    made = aim(cast)
    page = olga.get(f"{SHOP}/targets/{made.pk}/").content.decode()
    assert 'value="35.5"' in page
    olga.post(f"{SHOP}/targets/{made.pk}/", {**GIVEN, "value": "36"})
    made.refresh_from_db()
    assert made.value == 36.0

    asked = text(olga.get(f"{SHOP}/targets/{made.pk}/delete/"))
    assert "Delete the target €36.00 of “Average order value”?" in asked
    assert Target.objects.exists()
    olga.post(f"{SHOP}/targets/{made.pk}/delete/")
    assert not Target.objects.exists()


def test_cards_chart_and_table_show_it(olga: Client, cast: Cast) -> None:
    aim(cast)
    overview = text(olga.get(f"{SHOP}/"))
    assert "Target €35.50: €" in overview

    answer = olga.get(f"{SHOP}/metrics/average_order_value/")
    page = answer.content.decode()
    assert '<path class="goal"' in page
    assert re.search(r'class="goal-name"[^>]*>Target €35.50<', page)
    assert "n Target" in text(answer)
    assert "Target €35.50" not in text(olga.get(f"{SHOP}/metrics/revenue/"))


def test_some_customers_are_not_held_to_it(olga: Client, cast: Cast) -> None:
    aim(cast)
    page = f"{SHOP}/metrics/average_order_value/?where=orders > 1"
    assert "goal-name" not in olga.get(page).content.decode()


def test_the_list_says_how_each_stands(olga: Client, cast: Cast) -> None:
    aim(cast, until=dt.date(2025, 6, 30))
    aim(cast, metric="orders", value=3.0, grain="month")
    said = text(olga.get(f"{SHOP}/targets/"))
    assert re.search(
        r"Average order value €35.50 every length 1 Jan 2025 until 30 Jun 2025 €", said
    )
    assert "June 2025" in said
    assert "Orders 3 a month 1 Jan 2025 3: reached November 2025" in said


def test_a_day_is_annotated_from_the_page_of_a_metric(olga: Client, cast: Cast) -> None:
    page = olga.get(f"{SHOP}/metrics/revenue/").content.decode()
    assert f'href="{SHOP}/annotations/new/?metric=revenue"' in page
    given = {"text": "Site relaunch", "starts_on": "2025-03-03", "ends_on": "", "metric": ""}
    answer = olga.post(f"{SHOP}/annotations/new/?metric=revenue", given, follow=True)

    assert answer.redirect_chain == [(f"{SHOP}/metrics/revenue/", 302)]
    said = text(answer)
    assert "The annotation has been saved." in said
    assert "1 3 Mar 2025 Site relaunch" in said
    assert "March 2025 3 Mar 2025: Site relaunch" in said
    assert 'class="marker-name"' in answer.content.decode()


def test_one_of_a_metric_stands_with_that_metric_alone(olga: Client, cast: Cast) -> None:
    notes.add(
        cast.cheese,
        starts_on=dt.date(2025, 5, 1),
        ends_on=dt.date(2025, 6, 10),
        text="=Sale",
        metric="revenue",
        actor=COMMAND,
    )
    assert "=Sale" in text(olga.get(f"{SHOP}/metrics/revenue/"))
    assert "=Sale" not in text(olga.get(f"{SHOP}/metrics/orders/"))
    assert 'class="marked"' in olga.get(f"{SHOP}/metrics/revenue/").content.decode()

    aim(cast, metric="revenue", value=100.0, grain="month")
    file = olga.get(f"{SHOP}/metrics/revenue.csv")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("reason,target,annotations")
    held = [line for line in lines if "Sale" in line and ",all," in line]
    assert [line.split(",")[2] for line in held] == ["2025-05", "2025-06"]
    assert held[0].endswith(",,100,1 May 2025 – 10 Jun 2025: =Sale")


def test_annotations_are_found_changed_and_deleted(olga: Client, cast: Cast) -> None:
    for month, words in ((3, "Site relaunch"), (4, "Easter sale")):
        notes.add(cast.cheese, starts_on=dt.date(2025, month, 3), text=words, actor=COMMAND)
    assert "Site relaunch" not in text(olga.get(f"{SHOP}/annotations/?q=easter"))
    assert "Nothing holds these words." in text(olga.get(f"{SHOP}/annotations/?q=xmas"))
    found = Annotation.objects.get(text="Easter sale")
    given = {"text": "Easter", "starts_on": "2025-04-01", "ends_on": "2025-04-05", "metric": ""}
    olga.post(f"{SHOP}/annotations/{found.pk}/", given)
    assert "1 Apr 2025 – 5 Apr 2025 Easter all metrics" in text(olga.get(f"{SHOP}/annotations/"))
    wrong = olga.post(f"{SHOP}/annotations/{found.pk}/", {**given, "ends_on": "2025-03-01"})
    assert "The last day lies before the first." in wrong.content.decode()

    olga.post(f"{SHOP}/annotations/{found.pk}/delete/")
    assert [one.text for one in Annotation.objects.all()] == ["Site relaunch"]


def test_who_may_not_change_them_sees_them_without_buttons(
    olga: Client, as_: SignIn, cast: Cast
) -> None:
    made = aim(cast)
    sven = as_(cast.sven)
    assert "Average order value" in text(sven.get(f"{SHOP}/targets/"))
    assert "targets/new" not in sven.get(f"{SHOP}/targets/").content.decode()
    assert "annotations/new" not in sven.get(f"{SHOP}/metrics/revenue/").content.decode()
    assert sven.post(f"{SHOP}/targets/{made.pk}/delete/").status_code == 403

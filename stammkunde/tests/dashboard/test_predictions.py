"""The pages of predictions: what they say, what they withhold, and whom a click leads to."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

import foretelling  # type: ignore[import-not-found]
from dashboard.conftest import SignIn
from foretelling import fit, shop_of, told_of
from importing import imported, rows  # type: ignore[import-not-found]
from kohorte.forecasts import forecast as library
from kohorte.forecasts.first_orders import EARLY, FACTS
from kohorte.language import Sentence
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services as shops
from stammkunde.faces import personal
from stammkunde.flows import customer_erased
from stammkunde.insights import codec, forecasts
from stammkunde.insights.models import Forecast
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

SHOP = "/kaesehaus"
PAGES = ("", "value/", "map/", "drivers/", "record/")
PARTS = ("value", "churn", "spread", "top", "drivers", "record", "calibration", "tracking")
YEAR = shop_of(100)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"
    foretelling.quickly(monkeypatch)


@pytest.fixture
def olga(as_: SignIn, cast: Cast) -> Client:
    """Return the owner's browser in a shop with a forecast."""
    imported(cast.cheese, YEAR)
    told_of(cast.cheese)
    return as_(cast.olga)


def text(answer: Any) -> str:
    """Return what a page says, without its tags."""
    assert answer.status_code == 200, answer.status_code
    body = re.sub(r"(?s)<(head|aside|svg|select)\b.*?</\1>", " ", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ").split())


def table(answer: Any) -> list[dict[str, str]]:
    """Return the rows of a file."""
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


@pytest.mark.django_db
class TestBefore:
    def test_an_empty_shop_says_what_to_do(self, as_: SignIn, cast: Cast) -> None:
        said = text(as_(cast.olga).get(f"{SHOP}/predictions/"))
        assert "Nothing to foretell yet" in said
        assert "Import orders" in said
        assert not Job.objects.filter(name=forecasts.WORK).exists()

    def test_until_there_is_one_it_says_that_it_comes(self, as_: SignIn, cast: Cast) -> None:
        imported(cast.cheese, YEAR)
        browser = as_(cast.olga)
        assert "being computed" in text(browser.get(f"{SHOP}/predictions/"))
        fit(cast.cheese)
        assert "What customers will bring" in text(browser.get(f"{SHOP}/predictions/"))

    def test_orders_of_nobody_are_told(self, as_: SignIn, cast: Cast) -> None:
        imported(cast.cheese, rows("A1;05.01.2026 10:00;;;;10,00;bezahlt;Brie;1"))
        told_of(cast.cheese)
        browser = as_(cast.olga)
        for page in PAGES:
            said = text(browser.get(f"{SHOP}/predictions/{page}"))
            assert "There are no customers to learn from." in said


@pytest.mark.django_db
class TestPages:
    def test_the_first_says_value_range_and_track_record(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/predictions/"))
        assert re.search(r"Revenue of the next 12 months €[\d,.]+ €[\d,.]+ to €[\d,.]+", said)
        assert re.search(r"Held to the last \d+ days, it (expected [\d.]+% too|was right)", said)
        assert re.search(r"Expected to stay away \d+% \d+–\d+% of the \d+ active customers", said)
        assert "24 months" in said
        assert "Discounted by 10 % a year" in said

    def test_value_names_classes_the_best_and_customers(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/predictions/value/"))
        assert re.search(r"The best 20% of customers will bring \d+%", said)
        assert re.search(r"100 rows Customer .*? Person \d+ €", said)
        assert "1 / 2" in said
        assert "2 / 2" in text(olga.get(f"{SHOP}/predictions/value/?page=2"))
        assert "2 / 2" in text(olga.get(f"{SHOP}/predictions/value/?page=99999"))

    def test_the_map_leads_to_the_customers_of_a_cell(self, olga: Client, cast: Cast) -> None:
        page = olga.get(f"{SHOP}/predictions/map/").content.decode()
        cells = re.findall(r'href="\?alive=(\d)&amp;value=(\d)#people".*?<strong>(\d+)', page)
        assert sum(int(count) for _alive, _value, count in cells) == 100
        for alive, value, count in cells:
            asked = f"alive={alive}&value={value}"
            assert f"{count} row" in text(olga.get(f"{SHOP}/predictions/map/?{asked}"))
            found = table(olga.get(f"{SHOP}/predictions/customers.csv?{asked}"))
            assert len(found) == int(count)
            for one in found:
                assert int(float(one["alive"]) * 5 + 1e-3) in (int(alive), 5)

    def test_due_names_its_source_and_offers_the_other(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/due/"))
        assert "four of five customers like this one would have ordered by now" in said
        assert "which knows how often each customer orders" in said
        for status in ("overdue", "due"):
            said = text(olga.get(f"{SHOP}/due/?status={status}"))
            found = table(olga.get(f"{SHOP}/predictions/customers.csv?status={status}"))
            assert f"{len(found)} row" in said
            assert {one["overdue"] for one in found} <= {str(status == "overdue")}
        assert "being computed" in text(olga.get(f"{SHOP}/due/?by=pauses"))

    def test_drivers_say_what_is_beyond_chance_and_that_it_is_no_reason(
        self, as_: SignIn, cast: Cast
    ) -> None:
        imported(cast.cheese, YEAR)
        told_of(cast.cheese)
        said = text(as_(cast.olga).get(f"{SHOP}/predictions/drivers/"))
        assert re.search(r"come again [\d.]+ times as often \([\d.]+ to [\d.]+\)", said)
        assert "beyond chance" in said or "may be chance" in said
        assert "whether it is the reason, it does not tell" in said

    def test_every_fact_has_its_words(self, olga: Client) -> None:
        kept = Forecast.objects.get()
        told_ = codec.decode(kept.result)
        told_["drivers"] |= {
            "landmark_days": 30,
            "rows": [
                [fact, {"nps": "detractor"}.get(fact, "yes"), "no", 40, 0.8, 0.7, 0.9, True]
                for fact in (*EARLY, *FACTS)
            ],
        }
        kept.result = codec.encode(told_)
        kept.save()
        said = text(olga.get(f"{SHOP}/predictions/drivers/"))
        assert "Recommendation (NPS) within 30 days of the first purchase" in said
        assert "detractors (0–6) against no answer" in said
        assert "Discount on the first purchase" in said
        assert (
            "What happened within 30 days after the first order is looked at from then on" in said
        )
        assert not re.search(r"\b(csat|ces|first_discount|returned)\b", said)

    def test_the_track_record_shows_the_losers_too(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/predictions/record/"))
        for name in ("MBG/NBD", "BG/NBD", "Pareto/NBD", "NBD", "last purchase"):
            assert name in said
        assert said.count("in use") >= 1
        assert "Expected and real orders by tenths of customers" in said

    def test_every_part_is_a_file(self, olga: Client) -> None:
        for part in PARTS:
            assert table(olga.get(f"{SHOP}/predictions/{part}.csv")), part
        assert olga.get(f"{SHOP}/predictions/other.csv").status_code == 404

    def test_german_is_spoken(self, olga: Client, cast: Cast) -> None:
        Person.objects.filter(pk=cast.olga.pk).update(language="de")
        said = text(olga.get(f"{SHOP}/predictions/"))
        assert "Was Kunden bringen werden" in said
        assert re.search(r"An den letzten \d+ Tagen geprüft", said)
        assert "-mal so oft wieder" in text(olga.get(f"{SHOP}/predictions/drivers/"))

    def test_one_asks_for_a_new_fit(self, olga: Client, cast: Cast) -> None:
        assert "Fit it now" not in text(olga.get(f"{SHOP}/predictions/"))
        shops.change(cast.cheese, actor=COMMAND, window_days=90)
        assert "Fit it now" in text(olga.get(f"{SHOP}/predictions/"))
        assert olga.get(f"{SHOP}/predictions/fit/").status_code == 302
        assert not Job.objects.filter(name=forecasts.WORK, state__in=OPEN).exists()
        olga.post(f"{SHOP}/predictions/fit/")
        assert "It is being fitted anew." in text(olga.get(f"{SHOP}/predictions/"))


@pytest.mark.django_db
class TestWithheld:
    def test_a_model_that_loses_shows_no_numbers_but_why(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = library.of

        def loses(*args: Any, **kwargs: Any) -> Any:
            return dataclasses.replace(
                made(*args, **kwargs), withheld=Sentence("It lost."), worth=()
            )

        monkeypatch.setattr(library, "of", loses)
        # Numbers of its own: those of the same shop are remembered.
        monkeypatch.setattr(forecasts, "DRAWS", 3)
        imported(cast.cheese, YEAR)
        told_of(cast.cheese)
        browser = as_(cast.olga)
        for page in PAGES:
            said = text(browser.get(f"{SHOP}/predictions/{page}"))
            assert "No values and no customers are shown It lost." in said
            assert "Still to come" not in said
            assert "Person" not in said
        assert "customers like this one" not in text(browser.get(f"{SHOP}/due/"))
        assert browser.get(f"{SHOP}/predictions/customers.csv").status_code == 302


@pytest.mark.django_db
class TestOneCustomer:
    def test_the_page_says_what_is_to_be_expected_and_how_sure_that_is(
        self, olga: Client, cast: Cast
    ) -> None:
        customer = Customer.objects.filter(shop=cast.cheese).order_by("id")[0]
        said = text(olga.get(reverse("customers_customer", args=["kaesehaus", customer.pk])))
        card = said[said.index("What is to be expected") :]
        assert re.search(r"Still a customer \d+%", card)
        assert re.search(r"Value in 12 months €[\d,.]+ €[\d,.]+ to €[\d,.]+", card)
        assert "Held to the last" in card

    def test_who_asks_for_their_data_is_told_as_well(self, olga: Client, cast: Cast) -> None:
        customer = Customer.objects.filter(shop=cast.cheese).order_by("id")[0]
        found = customer_erased.export(cast.cheese, customer.pk, actor=COMMAND)
        (row,) = found["forecast"]["forecasts"]
        assert row["value_low_minor"] <= row["value_ahead_minor"]
        assert row["next_order_on"] > row["foretold_on"]
        with translation.override("de"):
            assert "Noch Kunde, in Prozent" in personal.readable(found)

    def test_nothing_is_expected_of_somebody_erased(self, olga: Client, cast: Cast) -> None:
        customer = Customer.objects.filter(shop=cast.cheese).order_by("id")[0]
        customer_erased.erase(cast.cheese, customer.pk, actor=COMMAND)
        said = text(olga.get(reverse("customers_customer", args=["kaesehaus", customer.pk])))
        assert "What is to be expected" not in said
        ids = {one["customer_id"] for one in table(olga.get(f"{SHOP}/predictions/customers.csv"))}
        assert len(ids) == 99
        assert str(customer.pk) not in ids


@pytest.mark.django_db
def test_an_export_of_customers_is_noted(olga: Client, cast: Cast) -> None:
    found = table(olga.get(f"{SHOP}/predictions/customers.csv"))
    assert len(found) == 100
    assert set(found[0]) >= {"customer_id", "value_12", "low_12", "high_12", "due_on"}
    assert Event.objects.filter(shop_id=cast.cheese.pk, name="customers.exported").count() == 1

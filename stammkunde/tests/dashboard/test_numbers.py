"""The pages of numbers: what stands on them, what the address chooses, and who is behind a number."""

from __future__ import annotations

import html
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops.models import Membership
from stammkunde.insights import snapshots
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

SHOP = "/kaesehaus"
LINE = (
    "A{n};{day:02}.{month:02}.2025 10:00;{c};x{c}@example.com;Person {c};{amount},00;bezahlt;Brie;1"
)
# Customer n buys first in month n and again each second month; the last month is not over.
YEAR = rows(
    *(
        LINE.format(n=f"{c}-{month}", day=3 + c, month=month, c=c, amount=10 * c)
        for c in range(1, 7)
        for month in range(c, 13, 2)
    )
)
ONE = rows("A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Gouda;1")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def work() -> None:
    """Do all jobs that wait, as the worker would."""
    while job := Job.objects.filter(state__in=OPEN, name__startswith="insights.").first():
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def text(answer: Any) -> str:
    """Return what a page says, without its tags."""
    assert answer.status_code == 200, answer.status_code
    body = re.sub(r"(?s)<(head|aside|svg|select)\b.*?</\1>", " ", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ").split())


@pytest.fixture
def olga(as_: SignIn, cast: Cast) -> Client:
    """Return the owner's browser in a shop with a year of orders."""
    imported(cast.cheese, YEAR)
    snapshots.refresh(cast.cheese)
    return as_(cast.olga)


@pytest.mark.django_db
class TestOverview:
    def test_an_empty_shop_says_what_to_do(self, as_: SignIn, cast: Cast) -> None:
        said = text(as_(cast.olga).get(f"{SHOP}/"))
        assert "Import orders" in said
        assert "being computed" not in said

    def test_until_there_are_numbers_it_says_that_they_come(self, as_: SignIn, cast: Cast) -> None:
        imported(cast.cheese, ONE)
        browser = as_(cast.olga)
        assert "The numbers are being computed" in text(browser.get(f"{SHOP}/"))
        work()
        said = text(browser.get(f"{SHOP}/"))
        assert "Data until 5 Jan 2026" in said
        assert "1 Jan" not in said.split("Data until 5 Jan 2026")[1].split("New customers")[0]

    def test_one_order_shows_what_it_can_and_why_not_more(self, as_: SignIn, cast: Cast) -> None:
        imported(cast.cheese, ONE)
        work()
        said = text(as_(cast.olga).get(f"{SHOP}/"))
        assert "€10.00" in said
        assert "There are no two whole months to compare yet." in said
        assert "It takes 730 days of data" in said

    def test_a_year_shows_value_range_n_and_change(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/"))
        card = said[said.index("Returning customer rate") :][:200]
        assert "November 2025 100%" in card
        assert "n = 3" in card
        assert "Only 3 cases: too few to rely on." in card
        assert "Whose next order is due" in said

    def test_the_address_chooses_period_and_comparison(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/?period=2025-03&compare=before"))
        card = said[said.index("New customers") :]
        assert card.startswith("New customers March 2025 1 ■ The same as in February 2025")

        said = text(olga.get(f"{SHOP}/?grain=quarter&period=2025-Q2"))
        assert "New customers Q2 2025 3" in said

    def test_a_condition_is_computed_once_and_then_shown(self, olga: Client) -> None:
        page = f"{SHOP}/?where=revenue > 200&grain=quarter&period=2025-Q2"
        assert "The numbers are being computed" in text(olga.get(page))
        work()
        said = text(olga.get(page))
        assert "Show everybody" in said
        assert "New customers Q2 2025 1" in said

    def test_a_condition_that_cannot_be_understood_says_where(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/?where=revenue >"))
        assert "New customers" in said
        assert "end" in said
        assert not Job.objects.filter(name="insights.answer").exists()

    def test_it_says_that_newer_numbers_come(self, olga: Client, cast: Cast) -> None:
        imported(cast.cheese, ONE)
        assert "Something changed since" in text(olga.get(f"{SHOP}/"))
        work()
        said = text(olga.get(f"{SHOP}/"))
        assert "Something changed since" not in said
        assert "Data until 5 Jan 2026" in said


@pytest.mark.django_db
class TestMetric:
    def test_a_page_tells_value_meaning_and_query(self, olga: Client) -> None:
        answer = olga.get(f"{SHOP}/metrics/average_order_value/?grain=all")
        said = text(answer)
        assert "What an order brings in. " in said
        assert "€31.67" in said
        assert "Formula revenue / orders of known customers" in said
        assert "SELECT" in answer.content.decode()

    def test_every_metric_has_a_page(self, olga: Client) -> None:
        said = olga.get(f"{SHOP}/metrics/").content.decode()
        slugs = set(re.findall(rf"{SHOP}/metrics/([a-z_0-9]+)/", said))
        assert len(slugs) > 25
        for slug in sorted(slugs):
            assert olga.get(f"{SHOP}/metrics/{slug}/").status_code == 200, slug
        assert olga.get(f"{SHOP}/metrics/net_promoter_score/").status_code == 200
        assert olga.get(f"{SHOP}/metrics/luck/").status_code == 404

    def test_customers_and_orders_behind_a_number_are_listed_by_name(self, olga: Client) -> None:
        for what, found in (("customers", "Person 3"), ("orders", "3-3")):
            page = f"{SHOP}/metrics/revenue/{what}/?grain=month&period=2025-03"
            assert "being computed" in text(olga.get(page))
            work()
            said = text(olga.get(page))
            assert "2 rows" in said
            assert found in said
            file = olga.get(page.replace("/?", ".csv?"))
            lines = b"".join(file.streaming_content).decode().splitlines()
            assert len(lines) == 3
            assert "Person" not in "".join(lines)
        assert Event.objects.filter(name="customers.exported").count() == 2

    def test_a_period_that_is_none_is_no_page(self, olga: Client) -> None:
        page = f"{SHOP}/metrics/revenue/customers/?grain=month&period=1999-01"
        olga.get(page)
        work()
        assert olga.get(page).status_code == 404

    def test_the_file_has_all_periods_as_programs_read_them(self, olga: Client) -> None:
        file = olga.get(f"{SHOP}/metrics/revenue.csv?grain=quarter")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0].startswith("metric,grain,period")
        whole = [line for line in lines if ",all," in line]
        assert whole[0].startswith("revenue,quarter,2025-Q1,2025-01-01,2025-04-01,all,70,")

    def test_segments_stand_beside_each_other(self, olga: Client) -> None:
        said = text(olga.get(f"{SHOP}/metrics/revenue/?period=2025-03"))
        assert "New customers €30.00" in said
        assert "Returning customers €10.00" in said


@pytest.mark.django_db
class TestPeople:
    def test_a_cohort_prints_its_values_and_leads_to_its_people(self, olga: Client) -> None:
        answer = olga.get(f"{SHOP}/cohorts/?measure=customers")
        assert "Jan 25 * 1 1 0 1 0 1" in text(answer)
        page = f"{SHOP}/cohorts/2025-03/"
        assert page in answer.content.decode()
        olga.get(page)
        work()
        assert "Person 3" in text(olga.get(page))

    @pytest.mark.parametrize("measure", ["percent", "customers", "orders", "revenue"])
    @pytest.mark.parametrize("age", ["calendar", "rolling"])
    def test_cohorts_can_be_seen_in_every_way(self, olga: Client, measure: str, age: str) -> None:
        assert "Feb 25" in text(olga.get(f"{SHOP}/cohorts/?measure={measure}&age={age}"))

    def test_a_cohort_that_is_none_is_no_page(self, olga: Client) -> None:
        olga.get(f"{SHOP}/cohorts/1999-01/")
        work()
        assert olga.get(f"{SHOP}/cohorts/1999-01/").status_code == 404

    def test_the_map_counts_everybody_once(self, olga: Client, cast: Cast) -> None:
        page = olga.get(f"{SHOP}/rfm/").content.decode()
        counts = re.findall(r"<strong>(\d+)</strong>", page[page.index('id="map"') :])
        assert sum(map(int, counts)) == Customer.objects.filter(shop=cast.cheese).count() == 6

    def test_a_cell_of_the_map_leads_to_its_people(self, olga: Client) -> None:
        page = olga.get(f"{SHOP}/rfm/").content.decode()
        cell = re.findall(rf'href="({SHOP}/rfm/\d-\d/)"><strong>1</strong>', page)[0]
        group = re.findall(rf'href="({SHOP}/rfm/[a-z_]+/)"', page)[0]
        for address in (cell, group):
            olga.get(address)
        work()
        assert "1 row" in text(olga.get(cell))
        assert "Person" in text(olga.get(group))
        assert olga.get(f"{SHOP}/rfm/luck/").status_code == 404
        file = olga.get(f"{cell[:-1]}.csv")
        lines = b"".join(file.streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert "Person" not in lines[1]
        assert Event.objects.get(name="customers.exported").data["group"] in cell
        # Where the list of customers knows the map, it finds the same people.
        found = re.findall(
            rf'href="({SHOP}/customers/\?where=[^"]+)"', olga.get(cell).content.decode()
        )
        assert all("1 customer" in text(olga.get(html.unescape(each))) for each in found)

    def test_a_cell_of_the_cohorts_leads_to_who_came_back(self, olga: Client) -> None:
        page = olga.get(f"{SHOP}/cohorts/").content.decode()
        address = f"{SHOP}/cohorts/2025-01/?at=2"
        assert address in page
        olga.get(address)
        work()
        assert "Person 1" in text(olga.get(address))
        olga.get(f"{SHOP}/cohorts/2025-01/?at=1")
        work()
        assert "Nobody is on this list" in text(olga.get(f"{SHOP}/cohorts/2025-01/?at=1"))

    def test_a_margin_that_is_not_known_is_not_zero(self, olga: Client) -> None:
        page = f"{SHOP}/cohorts/?measure=margin"
        olga.get(page)
        work()
        said = text(olga.get(page))
        assert "no gross profit can be told" in said
        assert "Jan 25" not in said

    def test_groups_have_pauses_of_their_own(self, olga: Client) -> None:
        page = f"{SHOP}/pauses/?by=first_product"
        assert "being computed" in text(olga.get(page))
        work()
        said = text(olga.get(page))
        assert "There are not two groups with known ranges to compare." in said
        assert "Brie" in said
        olga.get(f"{SHOP}/pauses/?by=country")
        work()
        assert "No country of any customer is known." in text(
            olga.get(f"{SHOP}/pauses/?by=country")
        )

    def test_pauses_are_told(self, olga: Client) -> None:
        assert "2nd order" in text(olga.get(f"{SHOP}/pauses/"))

    def test_who_is_due_is_named(self, olga: Client) -> None:
        found = [text(olga.get(f"{SHOP}/due/?status={status}")) for status in ("overdue", "due")]
        assert all("Whose next order is due" in said for said in found)
        file = olga.get(f"{SHOP}/due.csv?status=overdue")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0].startswith("customer_id,status,last_on")
        assert "Person" not in "".join(lines)

    def test_groups_stand_side_by_side(self, olga: Client) -> None:
        page = f"{SHOP}/groups/?by=first_product"
        assert "being computed" in text(olga.get(page))
        work()
        assert "Brie" in text(olga.get(page))

    def test_what_groups_would_take_is_said(self, olga: Client) -> None:
        olga.get(f"{SHOP}/groups/?by=channel")
        work()
        assert "No order says which channel it came through." in text(
            olga.get(f"{SHOP}/groups/?by=channel")
        )

    def test_where_nobody_said_anything_the_page_says_how_to_begin(self, olga: Client) -> None:
        assert "Nobody has said anything yet" in text(olga.get(f"{SHOP}/voices/"))


@pytest.mark.django_db
def test_what_is_chosen_goes_along_to_the_next_page(olga: Client) -> None:
    page = olga.get(f"{SHOP}/metrics/?grain=quarter&compare=before&by=x").content.decode()
    for next_page in ("", "cohorts/", "voices/"):
        assert f'href="{SHOP}/{next_page}?grain=quarter&amp;compare=before"' in page
    assert f'href="{SHOP}/settings/"' in page


@pytest.mark.django_db
def test_who_changes_the_shop_stays_on_the_page(cast: Cast, as_: SignIn) -> None:
    Membership.objects.create(shop=cast.tea, person=cast.olga, role="analyst")
    page = as_(cast.olga).get(f"{SHOP}/rfm/?grain=year&where=orders > 1").content.decode()
    assert 'href="/teekontor/rfm/?grain=year"' in page


@pytest.mark.django_db
def test_another_shop_shows_nothing_of_it(olga: Client, cast: Cast, as_: SignIn) -> None:
    tina = as_(cast.tina)
    for page in (
        "",
        "metrics/",
        "metrics/revenue/",
        "cohorts/",
        "rfm/",
        "pauses/",
        "due/",
        "groups/",
        "voices/",
        "service/",
        "products/",
        "channels/",
        "rfm/lost/",
        "cohorts/2025-03/?at=2",
    ):
        assert tina.get(f"{SHOP}/{page}").status_code == 404
        said = tina.get(f"/teekontor/{page}").content.decode()
        assert "Person" not in said

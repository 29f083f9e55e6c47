"""The page on which numbers are put together: what the address chooses, and what the file holds."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import YEAR, text, work
from importing import imported  # type: ignore[import-not-found]
from stammkunde.insights import snapshots
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/explore/"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture
def olga(as_: SignIn, cast: Cast) -> Client:
    """Return the owner's browser in a shop with a year of orders."""
    imported(cast.cheese, YEAR)
    snapshots.refresh(cast.cheese)
    return as_(cast.olga)


def names(answer: Any) -> list[str]:
    """Return the heads of the lines of the first table."""
    body = answer.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    found = re.findall(r'<th scope="row">([^<]+)', body)
    return [each.replace("\xa0", " ").strip() for each in found]


class TestWhatIsShown:
    def test_without_any_order_it_says_what_to_do(self, as_: SignIn, cast: Cast) -> None:
        assert "Import orders" in text(as_(cast.anton).get(PAGE))

    def test_it_begins_with_the_revenue_in_words_and_as_a_table(self, olga: Client) -> None:
        answer = olga.get(PAGE)
        said = text(answer)
        assert "Revenue" in said
        assert "November 2025: €90.00." in said
        assert names(answer)[:2] == ["December 2025", "November 2025"]

    def test_a_month_that_is_not_over_is_compared_with_none(self, olga: Client) -> None:
        body = olga.get(f"{PAGE}?metric=orders&compare=before").content.decode()
        rows = re.findall(r"<tr class=[^>]*>.*?</tr>", body, re.DOTALL)
        unfinished = [row for row in rows if "is-unfinished" in row]
        assert unfinished
        assert not any("than in" in row for row in unfinished)
        assert any("than in" in row for row in rows)

    def test_several_metrics_stand_below_each_other_and_each_can_be_taken_away(
        self, olga: Client
    ) -> None:
        answer = olga.get(f"{PAGE}?metric=orders&metric=average_order_value&grain=quarter")
        body = answer.content.decode()
        assert body.index("explored-orders") < body.index("explored-average_order_value")
        assert "?metric=average_order_value&amp;grain=quarter" in body

    def test_only_periods_between_two_days_are_shown(self, olga: Client) -> None:
        answer = olga.get(f"{PAGE}?metric=orders&from=2025-03-15&until=2025-05-01&sort=name")
        assert names(answer) == ["March 2025", "April 2025", "May 2025"]

    def test_two_days_the_wrong_way_round_are_said(self, olga: Client) -> None:
        said = text(olga.get(f"{PAGE}?from=2025-05-01&until=2025-03-01"))
        assert "The first day lies after the last one." in said

    def test_lines_are_sorted_by_a_column_whichever_way(self, olga: Client) -> None:
        upwards = names(olga.get(f"{PAGE}?metric=new_customers&sort=value&grain=quarter"))
        downwards = names(olga.get(f"{PAGE}?metric=new_customers&sort=-value&grain=quarter"))
        assert upwards != downwards
        assert sorted(upwards) == sorted(downwards)
        body = olga.get(f"{PAGE}?sort=-value").content.decode()
        assert 'aria-sort="descending"' in body

    def test_what_cannot_be_measured_says_why(self, olga: Client) -> None:
        work()
        page = f"{PAGE}?metric=net_promoter_score"
        olga.get(page)
        work()
        assert "It takes answers to a survey." in text(olga.get(page))

    def test_nonsense_in_the_address_is_as_if_left_out(self, olga: Client) -> None:
        said = text(
            olga.get(f"{PAGE}?metric=x&metric=&by=shoe&grain=eon&from=soon&sort=-taste&period=1")
        )
        assert "November 2025: €90.00." in said

    def test_more_metrics_than_fit_are_left_out(self, olga: Client) -> None:
        every = (
            "revenue", "orders", "customers", "new_customers", "repeat_purchase_rate",
            "average_order_value", "median_order_value",
        )  # fmt: skip
        answer = olga.get(PAGE, {"metric": every})
        assert answer.content.decode().count("explored-median_order_value") == 0
        assert "Add a metric" not in text(answer)


class TestGroups:
    def test_groups_are_computed_once_and_then_shown_with_range_and_n(self, olga: Client) -> None:
        page = f"{PAGE}?metric=orders&by=first_product&grain=year"
        assert "The numbers are being computed" in text(olga.get(page))
        work()
        answer = olga.get(page)
        assert names(answer) == ["Brie"]
        assert "There are not two groups large enough to compare" in text(answer)

    def test_months_by_what_nobody_told_say_what_is_missing(self, olga: Client) -> None:
        page = f"{PAGE}?metric=revenue&by=country"
        olga.get(page)
        work()
        assert "No country of any customer is known." in text(olga.get(page))

    def test_a_condition_narrows_the_groups(self, olga: Client) -> None:
        page = f"{PAGE}?metric=customers&by=cohort&grain=year&where=orders >= 6"
        olga.get(page)
        work()
        answer = olga.get(page)
        assert names(answer) == ["2025-01", "2025-02"]
        assert "Show everybody" in text(answer)

    def test_groups_that_are_made_by_what_is_compared_are_not_called_different(
        self, olga: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kohorte.report.cards.RELIABLE_N", 1)
        page = f"{PAGE}?metric=orders&by=rfm_group&grain=year"
        olga.get(page)
        work()
        said = text(olga.get(page))
        assert "most for" in said
        assert "Their ranges" not in said

    def test_thin_groups_are_grey(self, olga: Client) -> None:
        page = f"{PAGE}?metric=average_order_value&by=cohort&grain=year"
        olga.get(page)
        work()
        assert '<tr class="is-thin' in olga.get(page).content.decode()


class TestFiles:
    def test_the_file_holds_all_periods_as_programs_read_them(self, olga: Client) -> None:
        answer = olga.get(f"{PAGE}numbers.csv?metric=orders&metric=revenue&grain=quarter")
        body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        lines = list(csv.DictReader(io.StringIO(body)))
        assert [line["metric"] for line in lines] == ["orders"] * 4 + ["revenue"] * 4
        assert (lines[0]["period"], lines[0]["value"], lines[0]["unit"]) == (
            "2025-Q1",
            "4.0",
            "count",
        )

    def test_json_holds_the_same(self, olga: Client) -> None:
        answer = olga.get(f"{PAGE}numbers.json?metric=orders&grain=year")
        (line,) = json.loads(answer.content)
        assert (line["period"], line["value"], line["complete"]) == ("2025", 30.0, False)
        assert answer["Content-Disposition"] == 'attachment; filename="kaesehaus-explore-year.json"'

    def test_what_is_not_computed_yet_leads_back_to_the_page(self, olga: Client) -> None:
        asked = "?metric=orders&by=cohort&grain=year"
        answer = olga.get(f"{PAGE}numbers.csv{asked}")
        assert answer["Location"] == f"{PAGE}{asked}"
        work()
        answer = olga.get(f"{PAGE}numbers.csv{asked}")
        body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert {line["group"] for line in csv.DictReader(io.StringIO(body))} >= {"2025-01"}

    def test_there_are_no_other_kinds(self, olga: Client) -> None:
        assert olga.get(f"{PAGE}numbers.xlsx").status_code == 404

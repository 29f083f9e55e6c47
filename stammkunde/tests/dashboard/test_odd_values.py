"""Values that no page sends, typed into addresses and forms by hand: none is a fault of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.conftest import SignIn
from importing import FILE, imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.insights.trials import services as trials
from stammkunde.insights.trials.plans import Plan
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
NO_KEYS = ["9" * 19, "9" * 30, "9" * 5000, "-1", "²", "x", ""]


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_mark_that_is_no_customer_sends_nobody(as_: SignIn, cast: Cast, key: str) -> None:
    Customer.objects.create(shop=cast.cheese, name="Anna")

    sent = as_(cast.olga).post("/kaesehaus/customers/export/", {"customer": key})

    assert b"".join(sent.streaming_content).count(b"\r\n") == 1


@pytest.mark.parametrize("field", ["q", "where"])
def test_words_too_long_to_be_read_send_nobody(as_: SignIn, cast: Cast, field: str) -> None:
    Customer.objects.create(shop=cast.cheese, name="Anna")

    sent = as_(cast.olga).post(f"/kaesehaus/customers/export/?{field}={'orders >= 0 and ' * 200}")

    assert b"".join(sent.streaming_content).count(b"\r\n") == 1


def test_signs_that_no_store_takes_find_no_trial_and_name_none(as_: SignIn, cast: Cast) -> None:
    plan = Plan("Mail\x1b[31m helps", "ordered", 30, 2_000, 50)
    trial = trials.plan(cast.cheese, "Mail", plan, actor=COMMAND)
    browser = as_(cast.olga)
    browser.post(f"/kaesehaus/trials/{trial.pk}/do/", {"do": "rename", "name": "Mail\0 in May"})
    found = browser.get("/kaesehaus/trials/?name=%00").content.decode()

    trial.refresh_from_db()
    assert (trial.name, trial.plan["hypothesis"]) == ("Mail in May", "Mail [31m helps")
    assert "No trial fits" in found


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_days_at_the_end_of_time_do_not_limit_the_log(as_: SignIn, cast: Cast, day: str) -> None:
    page: Any = as_(cast.olga).get("/kaesehaus/log/", {"since": day, "until": day})

    assert page.context["events"]


@pytest.mark.parametrize(
    "address", ["-1", "<script>", "//evil.example", "https://evil.example", "\\\\evil.example"]
)
def test_after_the_language_one_stays_on_our_pages(as_: SignIn, cast: Cast, address: str) -> None:
    answer = as_(cast.olga).post("/language/", {"language": "de", "next": address})

    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_a_list_of_rows_left_out_begins_where_it_can(
    as_: SignIn, cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    import_ = imported(cast.cheese, FILE + "A5;01.03.2026 10:00;;;;10,00;bezahlt;Gouda;1\r\n")
    page: Any = as_(cast.olga).get(f"/kaesehaus/data/{import_.pk}/left-out/", {"start": "9" * 5000})

    assert page.context["start"] == 0
    assert page.context["rows"]


def test_the_name_of_a_file_is_no_formula_in_the_list_of_rows_left_out(
    as_: SignIn, cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    nobody = rows(
        "A1;05.01.2026 10:00;;;;10,00;bezahlt;Brie;1",
        "A2;05.01.2026 10:00;17;;;10,00;bezahlt;Brie;1",
    )
    import_ = imported(cast.cheese, {"=1+1.csv": nobody})

    sent = as_(cast.olga).get(f"/kaesehaus/data/{import_.pk}/left-out.csv")

    assert b"".join(sent.streaming_content).decode().splitlines()[1].startswith("'=1+1.csv")

"""A plan of the calculator becomes a trial: kept as it was said, and held beside what was read."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_predictions import text
from dashboard.test_trials import PLAN, TRIALS, customers, send
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops import services as shops
from stammkunde.flows import customer_erased
from stammkunde.insights import codec
from stammkunde.insights.trials import queries, services
from stammkunde.insights.trials.models import Trial
from stammkunde.insights.trials.plans import Plan
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
NUMBERS = "?customers=2000&share=12&control=50&read=once&days=30"
SAID = {
    "name": "Mail in May", "hypothesis": "Mail reminds those who meant to order", "effect": "40",
    "starts_on": "", "cut": "99.5",
}  # fmt: skip
MAIL = Plan("Mail helps", "ordered", 30, 2_000, 50)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def said(**changed: str) -> dict[str, str]:
    """Return what somebody types who keeps a plan, from a page of its own."""
    return {**SAID, "once": uuid.uuid4().hex, **changed}


def sent(shop: Any, planned: Trial, content: bytes) -> Trial:
    services.receive(shop, "", "trial.csv", io.BytesIO(content), actor=COMMAND, planned=planned.pk)
    Worker().drain()
    return Trial.objects.get(pk=planned.pk)


class TestKeepingAPlan:
    def test_the_calculator_keeps_what_it_shows_and_nobody_changes_it(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.anton)
        answer = browser.post(f"{PLAN}keep/{NUMBERS}", said())
        trial = Trial.objects.get()
        shown = text(browser.get(answer["Location"]))

        assert "Mail reminds those who meant to order" in shown
        assert "Who orders again, within 30 days" in shown
        assert "2,000, 50% of them held back" in shown
        assert "40%, to be found in 80 of 100 trials" in shown
        assert f"Kept by {cast.anton}" in shown
        assert (trial.state, trial.planned_by_id) == ("planned", cast.anton.pk)
        assert Event.objects.filter(name="trial.planned", object_id=str(trial.pk)).exists()
        # There is a way to withdraw it, and none to change it.
        assert "Withdraw the plan" in shown
        assert "Send its file" in shown

    def test_whoever_knows_no_effect_leaves_it_open_and_a_second_click_keeps_no_second_plan(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser, typed = as_(cast.anton), said(effect="")
        assert browser.post(f"{PLAN}keep/{NUMBERS}", typed).status_code == 302
        again = browser.post(f"{PLAN}keep/{NUMBERS}", typed)

        assert "This was done already" in again.content.decode()
        assert Trial.objects.get().plan["effect_percent"] is None
        for _click in range(2):
            send(browser, customers(40), once=typed["once"][::-1])
        assert Trial.objects.count() == 2

    def test_what_cannot_be_kept_is_refused_at_its_field(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        for place, changed, sentence in (
            (NUMBERS, {"hypothesis": ""}, "This field is required."),
            (NUMBERS, {"effect": "much"}, "Write a number such as 62.5."),
            ("", {}, "Say first how many customers take part"),
            (f"{NUMBERS}&where=orders+%3E", {}, "Correct first what is marked above."),
            (NUMBERS.replace("2000", "many"), {}, "Correct first what is marked above."),
        ):
            answer = browser.post(f"{PLAN}keep/{place}", said(**changed))
            assert answer.status_code == 422
            assert sentence in answer.content.decode()
        assert not Trial.objects.exists()
        assert as_(cast.sven).post(f"{PLAN}keep/{NUMBERS}", said()).status_code == 403

    def test_a_plan_runs_from_its_first_day_and_is_found_by_its_state(
        self, as_: SignIn, cast: Cast
    ) -> None:
        today = clock.today(cast.cheese.zone)
        for name, days in (("Later", 5), ("Now", 0)):
            begins = replace(MAIL, starts_on=today + dt.timedelta(days=days))
            services.plan(cast.cheese, name, begins, actor=COMMAND)
        browser = as_(cast.sven)
        found = {
            state: text(browser.get(f"{TRIALS}?state={state}"))
            for state in ("planned", "running", "read")
        }
        assert "Later" in found["planned"]
        assert "Now" not in found["planned"]
        assert "Now" in found["running"]
        assert "No trial fits" in found["read"]

    def test_a_withdrawn_plan_comes_back_and_a_person_it_tells_takes_it_along(
        self, as_: SignIn, cast: Cast
    ) -> None:
        anna = Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")
        told = replace(MAIL, hypothesis="Anna Ahorn will like it")
        first = services.plan(cast.cheese, "One", told, actor=COMMAND)
        other = services.plan(cast.cheese, "Two", MAIL, actor=COMMAND)
        browser = as_(cast.anton)
        gone = browser.post(f"{TRIALS}{other.pk}/do/", {"do": "delete"})["Location"]
        # However often the page is loaded, and only for this shop.
        for _again in range(2):
            assert "“Two” has been deleted" in text(browser.get(gone))
        other_shop = as_(cast.tina).get(gone.replace("kaesehaus", "teekontor"))
        assert "has been deleted" not in text(other_shop)
        browser.post(f"{TRIALS}{other.pk}/do/", {"do": "restore"})
        assert "has been deleted" not in text(browser.get(gone))
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        assert list(Trial.objects.values_list("pk", flat=True)) == [other.pk]
        assert first.pk != other.pk


class TestReadingAsPlanned:
    def test_a_file_is_read_as_declared_and_says_that_all_went_so(
        self, as_: SignIn, cast: Cast
    ) -> None:
        planned = services.plan(cast.cheese, "Mail", MAIL, actor=COMMAND)
        browser = as_(cast.anton)
        page = text(browser.get(f"{TRIALS}new/?plan={planned.pk}"))
        assert "Read “Mail” as planned" in page
        send(browser, customers(), place=f"?plan={planned.pk}")
        trial = Trial.objects.get()

        # Money would decide if nobody had said otherwise; the groups are tested against the plan.
        assert (trial.choice["measures"], trial.choice["end"]) == (["ordered", "spend"], "once")
        assert trial.choice["shares"] == {"control": 50, "mail": 50}
        assert trial.result["sample_ratio"]["is_off"] is False
        said = text(browser.get(f"{TRIALS}{planned.pk}/"))
        assert "Everything went as planned" in said
        assert "“mail” worked: ordered differs" in said
        record = browser.get(f"{TRIALS}{planned.pk}.json").json()
        assert (record["plan"]["hypothesis"], record["deviations"]) == ("Mail helps", [])

    def test_what_went_another_way_is_said(self, as_: SignIn, cast: Cast) -> None:
        begins = clock.today(cast.cheese.zone) - dt.timedelta(days=12)
        plan = replace(MAIL, customers=4_000, starts_on=begins)
        trial = services.plan(cast.cheese, "Mail", plan, actor=COMMAND)
        sent(cast.cheese, trial, customers())
        browser = as_(cast.anton)
        browser.post(
            f"{TRIALS}{trial.pk}/read/",
            {"arm": "group", "control": "control", "role-0": "before", "role-2": "headline",
             "end": "always", "by": "country", "share-0": "10", "share-1": "90"},
        )  # fmt: skip
        said = text(browser.get(f"{TRIALS}{trial.pk}/"))

        assert "Planned to be judged by “Who orders again”; “spend” is something else" in said
        assert "Planned to be read once, at the end; it is read whenever you like." in said
        assert "50% were to be held back; the reading says 10%." in said
        assert "4,000 customers were planned, 2,000 took part" in said
        assert "30 days were to be measured; the file came after 12." in said
        assert "Groups of “country” were not planned" in said

    def test_a_plan_takes_one_file_and_its_name_stays(self, as_: SignIn, cast: Cast) -> None:
        trial = services.plan(cast.cheese, "Mail", MAIL, actor=COMMAND)
        assert sent(cast.cheese, trial, b"a,b\n1,2\n").state == "failed"
        # One that cannot be read is no reading.
        assert sent(cast.cheese, trial, customers(200)).state == "read"
        with pytest.raises(Refused) as caught:
            sent(cast.cheese, trial, customers(200))
        assert caught.value.name == "trial.has_file"
        answer = as_(cast.anton).post(f"{TRIALS}{trial.pk}/do/", {"do": "rename", "name": "X"})
        assert answer.status_code == 422
        with pytest.raises(NotFound):
            sent(cast.tea, trial, customers(200))

    def test_planned_looks_are_counted_by_who_is_there(self, cast: Cast) -> None:
        plan = replace(MAIL, customers=4_000, end="looks", measure="revenue", cut_percent=100.0)
        trial = services.plan(cast.cheese, "Mail", plan, actor=COMMAND)
        found = sent(cast.cheese, trial, customers())

        assert found.choice["looks"] == [0.25, 0.5]
        assert found.choice["measures"][0] == "spend"
        assert queries.deviations(found) == []
        assert codec.unpack(found.sums or b"")["cut"]["percent"] == 100

    def test_a_file_without_the_planned_outcome_asks(self, cast: Cast) -> None:
        trial = services.plan(cast.cheese, "Mail", MAIL, actor=COMMAND)
        lines = [line.split(",") for line in customers(400).decode().splitlines()]
        content = "\n".join(f"{a},{b},{f}" for a, b, _c, _d, _e, f in lines)
        assert sent(cast.cheese, trial, content.encode()).state == "asking"

    def test_what_is_read_of_a_file_that_was_dropped_is_no_answer_to_the_next(
        self, cast: Cast
    ) -> None:
        trial = services.plan(cast.cheese, "Mail", MAIL, actor=COMMAND)

        def receive(count: int) -> None:
            content = io.BytesIO(customers(count))
            services.receive(cast.cheese, "", "t.csv", content, actor=COMMAND, planned=trial.pk)

        receive(40)
        begun = Trial.objects.get(pk=trial.pk)
        # As an erasure does, while a worker reads the first file.
        Trial.objects.filter(pk=trial.pk).update(state="failed", folder="")
        receive(80)
        services.read(begun, tell=lambda _done, _all: None)
        assert Trial.objects.get(pk=trial.pk).state == "reading"
        Worker().drain()

        found = Trial.objects.get(pk=trial.pk)
        assert (found.state, found.customers, found.folder) == ("read", 80, "")

    def test_a_file_waits_a_day_however_old_its_plan_is(self, cast: Cast) -> None:
        trial = services.plan(cast.cheese, "Mail", MAIL, actor=COMMAND)
        Trial.objects.update(made_at=clock.now() - dt.timedelta(days=40))
        services.receive(
            cast.cheese, "", "t.csv", io.BytesIO(customers(40)), actor=COMMAND, planned=trial.pk
        )
        services.purge()
        trial.refresh_from_db()
        assert trial.state == "reading"


def test_programs_plan_send_and_withdraw(cast: Cast) -> None:
    _token, key = shops.make_token(
        cast.cheese, "Key", permissions={"metrics.read", "data.import"}, days=1, actor=COMMAND
    )
    program: dict[str, Any] = {"headers": {"Authorization": f"Bearer {key}"}}
    said = {"name": "Mail", "hypothesis": "It helps", "measure": "ordered", "customers": 2_000,
            "control_percent": 50}  # fmt: skip
    browser = Client()
    made = browser.post("/api/v1/trials", said, content_type="application/json", **program)
    place = made["Location"]
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    file = io.BytesIO(customers(300))
    file.name = "trial.csv"
    assert browser.post(f"{place}/file", {"file": file}, **program).status_code == 202
    Worker().drain()
    found = browser.get(place, **program).json()

    assert (found["state"], found["plan"]["customers"]) == ("read", 2_000)
    assert found["deviations"] == [{"what": "customers", "planned": 2_000.0, "found": 300.0}]
    assert browser.delete(place, **program).status_code == 200
    assert browser.get(place, **program).status_code == 404


def test_a_plan_is_refused_whole(cast: Cast) -> None:
    wrong: dict[str, Any] = {"measure": "fame", "end": "never"}
    bad = Plan(
        " ", days=0, customers=5, control_percent=95, power_percent=10, effect_percent=-1,
        cut_percent=50.0, where="orders >", starts_on=dt.date(9999, 12, 31), **wrong,
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        services.plan(cast.cheese, "Mail", bad, actor=COMMAND)
    assert set(caught.value.fields) == {each.name for each in fields(Plan)}
    assert "ordered, revenue" in str(caught.value.fields["measure"])

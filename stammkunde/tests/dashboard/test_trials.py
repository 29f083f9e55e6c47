"""Pages about trials: what the calculator says beforehand, and what a file says afterwards."""

from __future__ import annotations

import csv
import io
import json
import random
import uuid
from pathlib import Path
from typing import Any

import pytest
from django import conf
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_predictions import text
from foretelling import shop_of  # type: ignore[import-not-found]
from importing import imported  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops import services as shops
from stammkunde.flows import customer_erased
from stammkunde.insights import codec, everyday, queries, snapshots
from stammkunde.insights.questions import Question
from stammkunde.insights.trials import services
from stammkunde.insights.trials.models import Trial
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

PLAN, TRIALS = "/kaesehaus/trials/plan/", "/kaesehaus/trials/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def customers(n: int = 2_000, *, lift: float = 0.1, arm: str = "group") -> bytes:
    """Return the file of a trial whose mail lets more customers order, who are known by name."""
    chance = random.Random(2)  # noqa: S311 - a sample, not a secret
    lines = [f"customer_id,{arm},country,orders_before,ordered,spend"]
    for place in range(n):
        who = ["control", "mail"][place % 2]
        before = chance.randrange(4)
        ordered = chance.random() < 0.15 + 0.08 * before + lift * (who == "mail")
        spend = round(chance.uniform(10, 60), 2) if ordered else 0
        country = chance.choice(["DE", "AT"])
        lines.append(f"Anna-{place},{who},{country},{before},{int(ordered)},{spend}")
    return "\n".join(lines).encode()


def send(
    browser: Client, content: bytes, *, name: str = "Mail in May", place: str = "", once: str = ""
) -> Any:
    file = io.BytesIO(content)
    file.name = "trial.csv"
    sent = {"name": name, "upload": file, "once": once or uuid.uuid4().hex}
    answer = browser.post(f"{TRIALS}new/{place}", sent)
    Worker().drain()
    return answer


def chosen(**changed: Any) -> dict[str, Any]:
    """Return the form of that file as it was guessed, with some fields changed."""
    roles = {"role-0": "before", "role-1": "judged", "role-2": "headline"}
    return {"arm": "group", "control": "control", **roles, "end": "always", **changed}


class TestPlan:
    def test_an_empty_shop_plans_with_numbers_of_its_own(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        assert "Your shop has no orders yet" in text(browser.get(PLAN))
        said = text(browser.get(f"{PLAN}?customers=10000&share=12&control=10"))

        # As the research says: a tenth held back of 10,000, of whom 12 % order again.
        assert (
            "With your 10,000 customers and 10% of them held back you will only see effects above "
            "26%: instead of 12.0%, 15.1% would have to order again." in said
        )
        assert "hold back half of the customers: from 16% on" in said

    def test_it_speaks_german_and_reads_german_numbers(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton, language="de")
        said = text(
            browser.get(f"{PLAN}?measure=revenue&customers=50.000&mean=20&variation=3&control=12,5")
        )

        assert "Mit Ihren 50.000 Kunden, davon 12,5 % in der Kontrollgruppe" in said
        assert "Aus 20,00 € je Kunde müssten 2" in said

    def test_what_is_no_number_is_marked_and_left_out(self, as_: SignIn, cast: Cast) -> None:
        page = as_(cast.anton).get(f"{PLAN}?customers=many&share=12&control=400")
        assert (
            'name="customers" id="customers" value="" placeholder="" autocomplete="off" aria-invalid'
            in page.content.decode()
        )
        assert "it counts as if it were left out" in text(page)

    def test_the_shop_itself_says_what_customers_do_anyway(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # What else a snapshot holds is not looked at here; no other test has this shop.
        monkeypatch.setattr(everyday, "standing", lambda _history, _before: iter(()))
        imported(cast.cheese, shop_of(120, seed=77))
        browser = as_(cast.sven)
        snapshots.refresh(cast.cheese)
        assert "being computed" in text(browser.get(PLAN))
        Worker().drain()
        said = text(browser.get(PLAN))
        snapshot = snapshots.refresh(cast.cheese)
        question = Question("baseline", ("30", ""))
        found = queries.answers(snapshot, [question])[question]

        assert f"{found['customers']} customers had ordered within the year before" in said
        assert f"With your {found['customers']} customers" in said
        assert "measure for 60 days instead of 30" in said


class TestReading:
    def test_a_file_gets_a_plain_verdict_and_leaves_no_row(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        answer = send(browser, customers())
        trial = Trial.objects.get()
        said = text(browser.get(answer["Location"]))

        assert "“mail” worked: spend differs from “control” by +€" in said
        assert "Steadied by “orders_before”" in said
        assert "The ranges hold whenever you look" in said
        assert (trial.verdict, trial.customers) == ("better", 2_000)
        assert list((Path(conf.settings.DATA) / "trials").rglob("*.csv")) == []
        kept = json.dumps([trial.choice, trial.result, trial.columns]).encode()
        assert b"Anna" not in kept + codec.pack(codec.unpack(trial.sums or b""))
        assert Event.objects.filter(name="trial.received", actor_id=cast.anton.pk).exists()

    def test_one_chooses_another_way_to_read_it(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        place = send(browser, customers())["Location"]
        shares = {"share-0": "50", "share-1": "50"}
        browser.post(
            f"{place}read/",
            chosen(
                **shares,
                by="country",
                cost="0.5",
                margin="40",
                end="once",
                **{"role-2": "", "role-1": "headline"},
            ),
        )
        said = text(browser.get(place))

        assert "“mail” worked: ordered differs from “control” by +" in said
        assert "points" in said
        assert "The groups are as large as planned" in said
        assert "The groups' effects differ within chance" in said
        assert "The ranges hold at the looks that were planned" in said
        browser.post(f"{place}read/", chosen(**{"share-0": "20", "share-1": "80"}))
        assert "This trial proves nothing" in text(browser.get(place))

    def test_what_cannot_be_read_so_is_refused_at_its_field(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        place = send(browser, customers(200))["Location"]
        before = Trial.objects.get().result
        for changed, sentence in (
            ({"control": "nobody"}, "Choose the group that got nothing."),
            ({"role-2": ""}, "Choose the column that decides."),
            ({"share-0": "10"}, "Say of every group how many were planned, or of none."),
            ({"end": "looks", "looks": "0.5, 0.2"}, "Write the looks so far"),
            ({"cost": "cheap"}, "This is no number that fits."),
            ({"by": "spend"}, "Groups of this column are too small"),
        ):
            answer = browser.post(f"{place}read/", chosen(**changed))
            assert answer.status_code == 422
            assert sentence in answer.content.decode()
        assert Trial.objects.get().result == before

    def test_what_is_not_evident_is_asked(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        content = customers(200).replace(b"control", b"A").replace(b",mail", b",B")
        place = send(browser, content)["Location"]

        assert "Not everything is evident" in text(browser.get(place))
        browser.post(f"{place}read/", chosen(control="A"))
        assert "“B”" in text(browser.get(place))

    def test_a_bad_file_gets_one_clear_sentence(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        for content, sentence in (
            (b"\x00\x01\x02", "trial.csv"),
            (b"a,b\n1,2\n", "No column of trial.csv parts"),
            (customers(12), "parts customers into 2 to 10 groups"),
        ):
            said = text(browser.get(send(browser, content)["Location"]))
            assert sentence in said
            assert "Nothing was kept." in said
        assert list((Path(conf.settings.DATA) / "trials").rglob("*.csv")) == []

    def test_an_empty_file_is_refused_at_once(self, as_: SignIn, cast: Cast) -> None:
        answer = send(as_(cast.anton), b"")
        assert answer.status_code == 422
        assert "The file is empty." in answer.content.decode()
        assert not Trial.objects.exists()

    def test_results_are_sent_as_files(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        place = send(browser, customers())["Location"].rstrip("/")
        sent: Any = browser.get(f"{place}.csv")
        body = b"".join(sent.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(body)))
        record = browser.get(f"{place}.json").json()

        assert [(row["measure"], row["arm"]) for row in rows] == [
            ("spend", "mail"),
            ("ordered", "mail"),
        ]
        assert float(rows[0]["difference"]) == record["result"]["effects"][0]["difference"]
        assert record["customers"] == 2_000

    def test_programs_read_the_same(self, as_: SignIn, cast: Cast) -> None:
        send(as_(cast.anton), customers())
        _token, text_ = shops.make_token(
            cast.cheese, "Key", permissions={"metrics.read"}, days=1, actor=COMMAND
        )
        program = {"headers": {"Authorization": f"Bearer {text_}"}}
        (listed,) = Client().get("/api/v1/trials?verdict=better", **program).json()["data"]
        found = Client().get(f"/api/v1/trials/{listed['id']}", **program).json()

        assert found["control"] == "control"
        assert found["effects"][0]["is_good"] is True
        assert (
            found["effects"][0]["difference"]
            == Trial.objects.get().result["effects"][0]["difference"]
        )


class TestKeeping:
    def test_the_list_is_searched_and_what_was_deleted_comes_back(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.anton)
        assert "No trial has been read yet" in text(browser.get(TRIALS))
        place = send(browser, customers())["Location"]
        send(browser, customers(200, lift=0), name="Nothing much")
        assert "Nothing much" not in text(browser.get(f"{TRIALS}?name=may"))
        assert "Mail in May" not in text(browser.get(f"{TRIALS}?verdict=chance"))
        browser.post(f"{place}do/", {"do": "rename", "name": "Voucher"})
        assert "Voucher" in text(browser.get(TRIALS))
        gone = text(browser.post(f"{place}do/", {"do": "delete"}, follow=True))

        assert "“Voucher” has been deleted" in gone
        assert browser.get(place).status_code == 404
        browser.post(f"{place}do/", {"do": "restore"})
        assert browser.get(place).status_code == 200
        names = Event.objects.filter(name__startswith="trial.").values_list("name", flat=True)
        assert {"trial.renamed", "trial.deleted", "trial.restored"} <= set(names)

    def test_support_sees_results_and_changes_none(self, as_: SignIn, cast: Cast) -> None:
        place = send(as_(cast.anton), customers(200))["Location"]
        browser = as_(cast.sven)
        page = browser.get(place).content.decode()

        assert browser.post(f"{place}do/", {"do": "delete"}).status_code == 403
        assert "Read it like this" not in page
        assert as_(cast.tina).get(place).status_code == 404

    def test_erasing_a_person_drops_what_may_tell_them(self, as_: SignIn, cast: Cast) -> None:
        anna = Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")
        file = io.BytesIO(customers(200))
        waiting = services.receive(cast.cheese, "May", "may.csv", file, actor=COMMAND)
        named = services.receive(
            cast.cheese, "For Anna Ahorn", "a.csv", io.BytesIO(b"x"), actor=COMMAND
        )
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        waiting.refresh_from_db()
        assert waiting.state == "failed"
        assert not Trial.objects.filter(pk=named.pk).exists()
        assert list((Path(conf.settings.DATA) / "trials").rglob("*.csv")) == []

"""Every path and method, from the OpenAPI document itself: with another shop's things, without a permission, without a token."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import MakeProgram, Program
from stammkunde.core import bulk, clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import Job
from stammkunde.core.shops import rules
from stammkunde.core.shops.models import Shop
from stammkunde.faces.api import interface
from stammkunde.features.imports.models import Import
from stammkunde.flows import rows_recorded
from stammkunde.insights.trials.models import Trial
from stammkunde.ledger import services as ledger
from stammkunde.ledger.commands import Adjust, Command, Earn, EarnedLine, Hold, Owner, Posted
from stammkunde.ledger.models import Transaction
from stammkunde.records.customers.models import Customer, Merge
from stammkunde.records.orders import rules as kinds
from stammkunde.records.orders import saying
from stores_and_cast import Cast  # type: ignore[import-not-found]

DOCUMENT = interface.api.get_openapi_schema(path_prefix="api/v1/")
AT = "2026-01-05T10:00:00Z"
BODIES: dict[str, Any] = {
    "orders": {"placed_at": AT}, "refunds": {"refunded_at": AT}, "products": {},
    "spend": {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "purpose": "sales",
              "amount_minor": 1},
    "leads": {"created_at": AT, "qualified": True}, "returns": {"order_number": "A", "returned_at": AT,
                                                                "kind": "return"},
    "subscriptions": {"subscription_id": "V", "starts_at": AT, "monthly_minor": 1},
    "responses": {"answered_at": AT, "question": "nps"}, "tickets": {"opened_at": AT},
    "referrals": {"order_number": "A"}, "deliveries": {"order_number": "A"},
}  # fmt: skip
CONSENT = {"purpose": "surveys", "channel": "email", "state": "withdrawn",
           "address": "anna@example.com", "source": "test"}  # fmt: skip
SPRING = {"kind": "campaign", "id": "spring"}
# What is about things of a shop, by the name in the path. A new path adds its own.
THINGS: dict[str, Callable[[Shop], object]] = {
    "customer_id": lambda shop: Customer.objects.create(shop=shop).pk,
    "merge_id": lambda shop: _merge(shop),
    "job_id": lambda shop: (
        Job.objects.create(shop=shop, name="jobs.forget", attempts_max=1, actor_kind="command").pk
    ),
    "import_id": lambda shop: (
        Import.objects.create(shop=shop, state="previewed", digest="0", actor_kind="command").pk
    ),
    "trial_id": lambda shop: (
        Trial.objects.create(shop=shop, name="Mail", file_name="a.csv", state="failed").pk
    ),
    "source": lambda _shop: "shop",
    "slug": lambda _shop: "revenue",
    "unit": lambda shop: _unit(shop),
    "hold_id": lambda shop: _hold(shop),
    "transaction_id": lambda shop: Transaction.objects.filter(shop=shop).latest("pk").pk,
    "proposal_id": lambda shop: _proposal(shop),
}
# What no shop owns, and what is tested beside: rows by their number.
OF_NOBODY = ("{source}", "{number}", "{slug}")


MEANT: dict[tuple[str, ...], Callable[[Shop], Any]] = {
    ("customers",): lambda _shop: {"number": "17"},
    ("customers", "batch"): lambda _shop: {"rows": [{"number": "17"}]},
    ("customers", "merges"): lambda shop: {"gone_id": THINGS["customer_id"](shop)},
    ("consents",): lambda shop: {**CONSENT, "customer_id": THINGS["customer_id"](shop)},
    ("consents", "batch"): lambda shop: {
        "rows": [{**CONSENT, "customer_id": THINGS["customer_id"](shop)}]
    },
    ("units",): lambda _shop: {"code": "credit", "name": "Credit"},
    **{
        ("units", verb): (lambda _shop, body=body: body)
        for verb, body in {
            "earn": {"owner": SPRING, "lines": [{"source": "order:1/line:1", "amount": 5}]},
            "spend": {"owner": SPRING, "amount": 5, "source": "order:2"},
            "holds": {"owner": SPRING, "amount": 5, "source": "order:2", "expires_at": AT},
            "return": {"lines": [{"source": "order:1/line:1", "quantity": 1}]},
            "cancel": {"source": "order:1"},
            "adjust": {"owner": SPRING, "amount": 5, "reason": "a test"},
            "transfer": {
                "owner": SPRING,
                "to_owner": {"kind": "campaign", "id": "autumn"},
                "amount": 5,
            },
            "donate": {"owner": SPRING, "amount": 5, "charity": "bees"},
            "convert": {"owner": SPRING, "amount": 5, "to_unit": "credit"},
        }.items()
    },
    ("units", "holds", "capture"): lambda _shop: {},
    ("units", "holds", "release"): lambda _shop: {},
    ("units", "transactions", "reversal"): lambda _shop: {"reason": "a test"},
    ("imports", "answers"): lambda _shop: {"answers": {"taxes": "inside"}},
    ("imports", "publication"): lambda _shop: {},
}


@dataclass(frozen=True)
class Way:
    """A path with a method."""

    path: str
    method: str
    permission: str | None

    @property
    def topic(self) -> str:
        return self.path.split("/")[3]

    def address(self, shop: Shop) -> str:
        path = self.path
        for name, thing in THINGS.items():
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", str(thing(shop)))
        if "{number}" in path:
            path = path.replace("{number}", _row(shop, self.topic))
        return path

    def body(self, shop: Shop) -> Any:
        """Something that could be meant, about things of a shop."""
        if self.method in ("GET", "DELETE"):
            return None
        _, _, _, first, *rest = self.path.split("/")
        if first in BODIES:
            return (
                {"rows": [{**BODIES[first], "number": "B1"}]}
                if rest == ["batch"]
                else BODIES[first]
            )
        make = MEANT.get((first, *(part for part in rest if "{" not in part)))
        return make(shop) if make else None


def _ways() -> Iterator[Way]:
    for path, methods in DOCUMENT["paths"].items():
        for method, about in methods.items():
            yield Way(path, method.upper(), about["x-permission"])


WAYS = list(_ways())


def _unit(shop: Shop) -> str:
    """Return a unit that only this shop has, with an account in it."""
    code = f"points-{shop.pk}"
    ledger.open_unit(shop.pk, code, kind="points", name="Points", actor=COMMAND, four_eyes_above=0)
    _post(shop, Earn, key="first", lines=(EarnedLine("order:1/line:1", 100),))
    return code


def _hold(shop: Shop) -> int:
    _unit(shop)
    key = f"hold-{Transaction.objects.count()}"
    now = clock.now()
    said = {"effective_at": now, "expires_at": now + dt.timedelta(days=1)}
    return _post(shop, Hold, key=key, amount=1, source="order:2", **said).hold_id or 0


def _proposal(shop: Shop) -> int:
    _unit(shop)
    key = f"adjust-{Transaction.objects.count()}"
    return _post(shop, Adjust, key=key, amount=5, reason="a test", by="person:0").proposal_id or 0


def _post(shop: Shop, verb: type[Command], **fields: Any) -> Posted:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    said = {"unit": f"points-{shop.pk}", "effective_at": at, "owner": Owner("campaign", "spring")}
    return ledger.post([verb(shop_id=shop.pk, **{**said, **fields})])[0]


def _merge(shop: Shop) -> int:
    kept, gone = Customer.objects.create(shop=shop), Customer.objects.create(shop=shop)
    made = Merge.objects.create(
        shop=shop, kept=kept, gone=gone, rule="by_hand", confidence=100, actor_kind="command"
    )
    return made.pk


def _row(shop: Shop, kind: str) -> str:
    known: dict[str, Any] = {
        name: dt.datetime(2026, 1, 5, tzinfo=dt.UTC) if type_ == "TIMESTAMP" else None
        for name, type_ in saying.types(kinds.KINDS[kind]).items()
    }
    known |= {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 1, 2), "purpose": "sales",
              "amount_minor": 1, "qualified": True, "subscription_id": "V", "monthly_minor": 1,
              "question": "nps", "order_number": "A", "kind": "return", "state": "counted"}  # fmt: skip
    row = rows_recorded.Row(said=saying.row(kinds.KINDS[kind], "T1", known))
    rows_recorded.record(shop, kinds.KINDS[kind], [row], source="shop", actor=COMMAND)
    return "T1"


def ask(program: Program, way: Way, of: Shop) -> Any:
    if way.path == "/api/v1/imports" and way.method == "POST":
        return program.client.post(
            way.path,
            {"files": SimpleUploadedFile("orders.csv", b"a;b\r\n1;2\r\n")},
            headers={"Authorization": f"Bearer {program.text}"},
        )
    return _asked(program, way, way.address(of), way.body(of))


def _asked(program: Program, way: Way, address: str, body: Any) -> Any:
    if way.path.endswith("/file"):
        return program.client.post(
            address,
            {"file": SimpleUploadedFile("trial.csv", b"a;b\r\n1;2\r\n")},
            headers={"Authorization": f"Bearer {program.text}"},
        )
    return program.ask(way.method, address, body)


def counts() -> dict[str, int]:
    """How many rows there are of what a shop holds; the log of its readers is left out."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in ("audit", "sessions")
    }


def test_every_path_names_what_it_needs() -> None:
    assert len(WAYS) > 50
    free = {way.path for way in WAYS if way.permission is None}
    assert {path.split("/")[3] for path in free} == {"jobs"}
    assert {way.permission for way in WAYS} - {None} <= set(rules.PERMISSIONS)


@pytest.mark.django_db
def test_things_of_another_shop_do_not_exist_and_stay_as_they_are(
    cast: Cast, program: MakeProgram
) -> None:
    stranger = program(cast.tea)
    found = {}
    for way in WAYS:
        if not set(re.findall(r"{\w+}", way.path)) - set(OF_NOBODY):
            continue
        address, body = way.address(cast.cheese), way.body(cast.cheese)
        before = counts()
        answer = _asked(stranger, way, address, body)
        found[way.method, way.path] = answer.status_code, counts() == before
        assert json.loads(answer.content)["status"] == answer.status_code

    assert len(found) > 15
    assert set(found.values()) == {(404, True)}, found


@pytest.mark.django_db
def test_rows_of_another_shop_are_neither_shown_nor_changed(
    cast: Cast, program: MakeProgram
) -> None:
    stranger = program(cast.tea)
    for kind in kinds.KINDS:
        _row(cast.cheese, kind)
        assert stranger.get(f"/{kind}")["data"] == []
        assert stranger.ask("GET", f"/{kind}/shop/T1").status_code == 404
        assert stranger.ask("DELETE", f"/{kind}/shop/T1").status_code == 404
    before = {kind.name: _plain(kind.table) for kind in kinds.KINDS.values()}
    for kind in kinds.KINDS:
        assert stranger.ask("PUT", f"/{kind}/shop/T1", BODIES[kind]).status_code == 201
    assert before == {kind.name: _plain(kind.table)[:1] for kind in kinds.KINDS.values()}


def _plain(table: str) -> list[Any]:
    return bulk.select(f"SELECT id, shop_id, hash, changed_at FROM {table} ORDER BY id")


@pytest.mark.django_db
def test_each_path_needs_its_permission_and_no_other(cast: Cast, program: MakeProgram) -> None:
    wrong = {}
    for way in WAYS:
        if way.permission is None:
            continue
        others = [name for name in rules.PERMISSIONS if name != way.permission]
        refused = ask(program(cast.cheese, *others), way, cast.cheese)
        allowed = ask(program(cast.cheese, way.permission), way, cast.cheese)
        if refused.status_code != 403 or allowed.status_code in (401, 403, 500):
            wrong[way] = refused.status_code, allowed.status_code, allowed.content[:300]

    assert wrong == {}


@pytest.mark.django_db
def test_without_a_token_that_works_nothing_is_told(cast: Cast, program: MakeProgram) -> None:
    gone = program(cast.cheese)
    gone.token.delete()
    found = set()
    for way in WAYS:
        for headers in ({}, {"Authorization": f"Bearer {gone.text}"}, {"Authorization": "Basic eDp5"},
                        {"Authorization": "Bearer Käse".encode().decode("latin-1")}):  # fmt: skip
            answer = Client().generic(way.method, way.path.replace("{", "1").replace("}", ""),
                                      headers=headers)  # fmt: skip
            found.add((answer.status_code, answer.headers["WWW-Authenticate"].split(",")[0]))
            assert not answer.cookies

    assert {status for status, _challenge in found} == {401}
    assert all(challenge.startswith('Bearer realm="stammkunde"') for _status, challenge in found)


@pytest.mark.django_db
def test_a_token_sees_the_jobs_it_started_and_no_others(cast: Cast, program: MakeProgram) -> None:
    THINGS["job_id"](cast.cheese)
    eraser = program(cast.cheese, "customers.erase")
    customer = THINGS["customer_id"](cast.cheese)
    started = eraser.ask("POST", f"/customers/{customer}/erasure")

    assert started.status_code == 202
    job = json.loads(started.content)
    assert started.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    assert [each["id"] for each in eraser.get("/jobs")["data"]] == [job["id"]]
    assert len(program(cast.cheese).get("/jobs")["data"]) == 2

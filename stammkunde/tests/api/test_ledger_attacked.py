"""What somebody sends who means ill, or whose program is broken: refused with its reason, and nothing is booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.conftest import MakeProgram, Program, told
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.services import make_token
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import queries
from stammkunde.ledger.models import Entry, Proposal, Transaction
from stammkunde.ledger.refusals import NeedsSecondPerson
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
UNIT = {"code": "points", "name": "Punkte", "four_eyes_above": 100}
LINE = {"source": "order:1/line:1", "amount": 5}
OWNER = {"kind": "campaign", "id": "spring"}
EARN = {"owner": OWNER, "lines": [LINE]}
HOLD = {"owner": OWNER, "amount": 1, "source": "order:2"}
ODD: list[tuple[str, Any]] = [
    ("earn", {**EARN, "lines": [{**LINE, "amount": True}]}),
    ("earn", {**EARN, "lines": [{**LINE, "amount": "5"}]}),
    ("earn", {**EARN, "lines": [{**LINE, "amount": 5.5}]}),
    ("earn", {**EARN, "lines": [{**LINE, "amount": -5}]}),
    ("earn", {**EARN, "lines": [{**LINE, "amount": 2**63}]}),
    ("earn", {**EARN, "lines": [{**LINE, "amount": 10**400}]}),
    ("earn", {**EARN, "lines": [{**LINE, "quantity": 0}]}),
    ("earn", {**EARN, "lines": [{**LINE, "source": "a\0b"}]}),
    ("earn", {**EARN, "lines": [{**LINE, "source": "\ud800"}]}),
    ("earn", {**EARN, "lines": [LINE] * 10_000}),
    ("earn", {**EARN, "cause": "a\0b"}),
    ("earn", {**EARN, "policy": "\ud800"}),
    ("earn", {**EARN, "owner": {"kind": "campaign", "id": "spr\ning"}}),
    ("earn", {**EARN, "owner": None, "customer_id": 2**63}),
    ("earn", {**EARN, "owner": None, "customer_id": True}),
    ("earn", {**EARN, "effective_at": "0001-01-01T00:00:00+14:00"}),
    ("earn", {**EARN, "effective_at": "0001-01-01T00:00:00Z"}),
    ("earn", {**EARN, "effective_at": "9999-12-31T23:59:59-12:00"}),
    ("earn", {**EARN, "expires_at": "9999-12-31T23:59:59Z"}),
    ("earn", {**EARN, "available_at": "9999-12-31T23:59:59Z"}),
    ("earn", {**EARN, "effective_at": "2026-01-01T00:00:00"}),
    ("earn", {**EARN, "effective_at": 10**30}),
    ("holds", {**HOLD, "expires_at": "9999-12-31T00:00:00Z"}),
    ("holds", {**HOLD, "expires_at": "2000-01-01T00:00:00Z"}),
    ("holds", {**HOLD, "expires_at": "2026-03-05T00:00:00Z", "effective_at": "2026-02-01T00:00:00Z"}),
    ("holds", {**HOLD, "expires_at": "2090-01-02T00:00:00Z", "effective_at": "2090-01-01T00:00:00Z"}),
    ("spend", {**HOLD, "amount": 0}),
    ("adjust", {"owner": OWNER, "amount": 0, "reason": "none"}),
    ("adjust", {"owner": OWNER, "amount": False, "reason": "none"}),
    ("adjust", {"owner": OWNER, "amount": 10**13, "reason": "none"}),
    ("return", {"give_back": [{"source": "order:9", "amount": 1}], "minimum_days": 3650,
                "effective_at": "9999-12-30T00:00:00Z"}),
    ("convert", {"owner": OWNER, "amount": 1, "to_unit": "points", "denominator": 0}),
    ("earn", {**EARN, "unit_value_minor": True}),
    ("earn", {**EARN, "unit_value_minor": 1.0}),
    ("return", {"lines": [{"source": "order:1/line:1", "quantity": 1}], "minimum_days": True}),
    ("donate", {"owner": OWNER, "amount": 1, "charity": "a b"}),
    ("transfer", {"owner": OWNER, "to_owner": OWNER, "amount": 1}),
    ("cancel", {"source": ""}),
]  # fmt: skip


@pytest.fixture
def shop(cast: Cast, program: MakeProgram) -> Program:
    found = program(cast.cheese)
    told(found.ask("POST", "/units", UNIT), 201)
    return found


def test_what_is_odd_is_refused_and_nothing_is_booked(shop: Program) -> None:
    found = {
        (verb, str(body)[:120]): shop.ask(
            "POST", f"/units/points/{verb}", body, key=f"odd {number}"
        ).status_code
        for number, (verb, body) in enumerate(ODD)
    }
    assert {name: code for name, code in found.items() if not 400 <= code < 500} == {}
    for odd in ({"scale": True}, {"four_eyes_above": "5"}, {"code": "a\nb"}):
        told(shop.ask("POST", "/units", {**UNIT, "code": "stars", **odd}), 422)
    told(shop.ask("POST", "/units", {**UNIT, "code": "stars"}), 201)
    turned = {"owner": OWNER, "amount": 1, "to_unit": "stars"}
    for number, odd in enumerate(({"numerator": True}, {"denominator": "1"}, {"numerator": 1.0})):
        body = {**turned, **odd}
        told(shop.ask("POST", "/units/points/convert", body, key=f"turn {number}"), 422)
    assert not Transaction.objects.exists()


def test_text_that_steers_is_refused_at_its_field_with_what_to_write(shop: Program) -> None:
    correction = {"owner": OWNER, "amount": 1}
    for number, sign in enumerate(("\n", "\t", "\x1b[2J", "\x7f", "\u2028", "\u202e", "\u2066")):
        text = f"one{sign}two"
        for verb, body, field in (
            ("earn", {**EARN, "cause": text}, "cause"),
            ("adjust", {**correction, "reason": text}, "reason"),
            ("earn", {**EARN, "policy": text}, "policy"),
        ):
            answer = shop.ask("POST", f"/units/points/{verb}", body, key=f"{field} {number}")
            problem = told(answer, 422)
            assert problem["type"].endswith("ledger.not_plain"), (verb, sign)
            assert problem["errors"][0]["pointer"] == f"/{field}"
            assert "control characters" in problem["errors"][0]["detail"]
    told(shop.ask("POST", "/units", {**UNIT, "code": "stars", "name": "St\x1bars"}), 422)
    assert not Transaction.objects.exists()


KEYS = (
    "k" * 201,
    "ü" * 40,
    "schlüssel",
    "a b",
    "a\x85b",
    "%00",
    "{}",
    "'; DROP TABLE ledger_entry; --",
)
UNITS = ("stars", "a%00b", "..%2F..", "%F0%9F%8D%95", "POINTS", "x" * 300)
WHOSE = "owner_kind=campaign&owner_id=spring"
QUESTIONS = (
    "roll-forward?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z",
    "roll-forward?since=0001-01-01T00:00:00%2B14:00",
    f"statement?{WHOSE}&since=0001-01-01T00:00:00%2B14:00",
    f"statement?{WHOSE}&until=9999-12-31T23:59:59-12:00",
    "balances?owner_kind=campaign&owner_id=a%00b",
    "balances?customer_id=9223372036854775808",
    "holds?state=%00",
    f"lots?{WHOSE}&limit=-1",
)


def test_odd_keys_book_once_or_are_refused(shop: Program) -> None:
    booked = 0
    for key in KEYS:
        codes = [
            shop.ask("POST", "/units/points/earn", EARN, key=key).status_code for _ in range(2)
        ]
        assert codes in ([200, 200], [409, 409], [422, 422]), key
        booked += codes[0] == 200
    assert Transaction.objects.count() == booked


def test_strange_units_are_not_found_and_no_question_is_a_fault_of_ours(shop: Program) -> None:
    for unit in UNITS:
        for method, path, body in (
            ("POST", "earn", EARN),
            ("GET", f"balances?{WHOSE}", None),
            ("GET", "roll-forward", None),
        ):
            found = shop.ask(method, f"/units/{unit}/{path}", body, key="k" if body else "")
            assert found.status_code in (404, 422), (unit, path)
    for asked in QUESTIONS:
        assert shop.ask("GET", f"/units/points/{asked}").status_code < 500, asked


def test_who_may_only_read_books_nothing_and_another_shop_finds_nothing(
    shop: Program, cast: Cast, program: MakeProgram
) -> None:
    told(shop.ask("POST", "/units/points/earn", EARN, key="e"), 200)
    until = (clock.now() + dt.timedelta(days=1)).isoformat()
    held = told(
        shop.ask("POST", "/units/points/holds", {**HOLD, "expires_at": until}, key="h"), 200
    )
    waits = told(
        shop.ask("POST", "/units/points/adjust",
                 {"owner": OWNER, "amount": 500, "reason": "large"}, key="a"),
        200,
    )  # fmt: skip
    before = Entry.objects.count()
    stranger = program(cast.tea)
    told(stranger.ask("POST", "/units", UNIT), 201)
    reader = program(cast.cheese, "ledger.read")
    poster = program(cast.cheese, "ledger.read", "ledger.post")
    number = held["transaction_id"]
    for path, body in (
        (f"holds/{held['hold_id']}/capture", {}),
        (f"holds/{held['hold_id']}/release", {}),
        (f"transactions/{number}/reversal", {"reason": "mine"}),
        ("return", {"lines": [{"source": "order:1/line:1", "quantity": 1}]}),
        ("cancel", {"source": "order:1"}),
        ("spend", HOLD),
    ):
        theirs = stranger.ask("POST", f"/units/points/{path}", body, key=path)
        assert theirs.status_code in (404, 409), path
        ours = reader.ask("POST", f"/units/points/{path}", body, key=path)
        assert ours.status_code == 403, path
    address = f"/units/points/proposals/{waits['proposal_id']}"
    assert stranger.ask("POST", f"{address}/approval").status_code == 404
    assert stranger.ask("POST", f"{address}/refusal").status_code == 404
    told(shop.ask("POST", "/units", {**UNIT, "code": "miles"}), 201)
    for way in ("approval", "refusal"):
        assert poster.ask("POST", f"{address}/{way}").status_code == 403
        # It is of this shop, but of another unit than the path says.
        elsewhere = program(cast.cheese).ask("POST", f"{address.replace('points', 'miles')}/{way}")
        assert told(elsewhere, 404)["type"].endswith("ledger.unknown_proposal")
    assert Proposal.objects.get().state == "open"
    assert Entry.objects.count() == before
    assert queries.audit() == []


def test_a_customer_of_another_shop_is_nobody(shop: Program, cast: Cast) -> None:
    theirs = Customer.objects.create(shop=cast.tea, name="Tea")
    body = {"customer_id": theirs.pk, "lines": [LINE]}
    assert shop.ask("POST", "/units/points/earn", body, key="e").status_code == 404
    gone = shop.ask("GET", f"/units/points/balances?customer_id={theirs.pk}")
    assert gone.status_code == 404


def test_nobody_agrees_with_themselves_by_another_token_or_on_the_page(
    shop: Program, cast: Cast
) -> None:
    may = ("ledger.adjust",)
    one, other, hers = (
        Program(*make_token(cast.cheese, "Till", permissions=may, days=1, actor=COMMAND, by=by))
        for by in (cast.olga, cast.olga, cast.mara)
    )
    large = {"owner": OWNER, "amount": 500, "reason": "large"}
    for number, by in enumerate((one, hers)):
        told(by.ask("POST", "/units/points/adjust", large, key=f"a{number}"), 200)
    by_olga, by_mara = Proposal.objects.order_by("pk")
    refused = other.ask("POST", f"/units/points/proposals/{by_olga.pk}/approval")
    assert told(refused, 403)["type"].endswith("ledger.needs_second_person")
    for person, proposal in ((cast.olga, by_olga), (cast.mara, by_mara)):
        with pytest.raises(NeedsSecondPerson):
            wallets.approve(cast.cheese, proposal.pk, by=f"person:{person.pk}")
    told(other.ask("POST", f"/units/points/proposals/{by_mara.pk}/approval"), 200)
    wallets.approve(cast.cheese, by_olga.pk, by=f"person:{cast.mara.pk}")
    assert queries.audit() == []

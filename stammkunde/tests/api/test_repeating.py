"""The same request twice does its work once: replays, races, other words, and a crash in between."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from django.db import connection

from api.conftest import MakeProgram, Program, told
from core.test_races import at_once  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.faces.api import repeating
from stammkunde.faces.api.models import Answered
from stammkunde.records.consent.models import Fact
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Order
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

ORDER = {"placed_at": "2026-01-05T10:00:00+01:00", "amount_minor": 1000,
         "customer": {"number": "17", "email": "anna@example.com", "name": "Anna Ahorn"}}  # fmt: skip
CONSENT = {"number": "17", "purpose": "surveys", "channel": "email", "state": "withdrawn",
           "address": "anna@example.com", "source": "test"}  # fmt: skip


@pytest.mark.django_db
class TestOne:
    def test_the_same_key_and_words_are_answered_the_same(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
        first = asking.ask("POST", "/consents", CONSENT, key="k1")
        again = asking.ask("POST", "/consents", CONSENT, key="k1")

        assert (first.status_code, again.status_code) == (201, 201)
        assert json.loads(first.content) == json.loads(again.content)
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers["Idempotency-Replayed"] == "true"
        assert Fact.objects.count() == 1

    def test_the_same_key_with_other_words_is_refused(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        told(asking.ask("PUT", "/orders/shop/A1", ORDER, key="k1"), 201)
        for path, body in (
            ("/orders/shop/A1", {**ORDER, "amount_minor": 9}),
            ("/orders/shop/A2", ORDER),
        ):
            found = told(asking.ask("PUT", path, body, key="k1"), 409)
            assert found["type"].endswith("key.differs")
            assert found["errors"][0]["header"] == "Idempotency-Key"
        assert Order.objects.get().amount_minor == 1000

    def test_a_key_is_its_token_s_own(self, cast: Cast, program: MakeProgram) -> None:
        for shop in (cast.cheese, cast.cheese, cast.tea):
            answer = program(shop).ask("PUT", "/orders/shop/A1", ORDER, key="k1")
            assert "Idempotency-Replayed" not in answer.headers
        assert Answered.objects.count() == 3

    def test_what_was_refused_may_come_again_with_better_words(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        told(asking.ask("PUT", "/orders/shop/A1", {"amount_minor": 5}, key="k1"), 422)
        told(asking.ask("PUT", "/orders/shop/A1", {**ORDER, "currency": "USD"}, key="k1"), 422)
        told(asking.ask("PUT", "/orders/shop/A1", ORDER, key="k1"), 201)

    @pytest.mark.parametrize("key", ["k" * 121, "schlüssel".encode().decode("latin-1"), "a\tb"])
    def test_what_is_no_key_is_refused(self, cast: Cast, program: MakeProgram, key: str) -> None:
        found = told(program(cast.cheese).ask("PUT", "/orders/shop/A1", ORDER, key=key), 422)
        assert found["errors"][0]["header"] == "Idempotency-Key"

    def test_nothing_of_a_person_is_kept_with_a_key(self, cast: Cast, program: MakeProgram) -> None:
        asking = program(cast.cheese)
        bad = {"number": "A2", "placed_at": "2026", "customer": {"email": "anna@"}}
        rows = {"rows": [{**ORDER, "number": "A1"}, bad]}
        told(asking.ask("POST", "/orders/batch", rows, key="k1"))
        told(asking.ask("POST", "/customers", {"number": "17", "name": "Anna"}, key="k2"))
        kept = " ".join(str(vars(each)) for each in Answered.objects.all())
        assert not [word for word in ("nna", "horn", "example") if word in kept]

    def test_keys_are_forgotten_after_a_week(
        self, cast: Cast, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told(program(cast.cheese).ask("PUT", "/orders/shop/A1", ORDER, key="k1"), 201)
        assert repeating.purge() == 0
        later = clock.now() + dt.timedelta(days=repeating.KEPT_DAYS, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert (repeating.purge(), Answered.objects.count()) == (1, 0)


def test_many_at_the_same_moment_do_it_once(own_store: Store, program: MakeProgram) -> None:
    cast = make_cast()
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)

    def ask() -> Any:
        answer = Program(asking.token, asking.text).ask("POST", "/consents", CONSENT, key="k1")
        return answer.status_code, answer.headers.get("Idempotency-Replayed"), answer.content

    found = at_once(*[ask] * 6)

    assert {status for status, _replayed, _said in found} == {201}
    assert sorted(str(replayed) for _status, replayed, _said in found) == ["None", *["true"] * 5]
    assert len({said for _status, _replayed, said in found}) == 1
    assert Fact.objects.count() == 1
    connection.close()


def test_batches_that_cross_each_other_all_come_through(
    own_store: Store, program: MakeProgram
) -> None:
    cast = make_cast()
    asking = program(cast.cheese)
    rows = [
        {
            **ORDER,
            "number": f"A{n}",
            "customer": {"number": str(n % 7), "email": f"c{n % 5}@example.com"},
        }
        for n in range(40)
    ]

    def ask(rows: list[Any]) -> Any:
        answer = Program(asking.token, asking.text).ask("POST", "/orders/batch", {"rows": rows})
        return answer.status_code

    found = at_once(*[lambda r=each: ask(r) for each in (rows, rows[::-1], rows[20:] + rows[:20])])

    assert found == [200, 200, 200]
    assert Order.objects.count() == 40
    assert sum(Customer.objects.filter(merged_into=None).values_list("orders", flat=True)) == 40
    connection.close()


KILLED = """
    import os, sys
    import django
    django.setup()
    from django.test import Client
    from stammkunde.faces.api import repeating
    from stammkunde.faces.api.answers import Answer

    def killed(*_args, **_values):
        os._exit(9)

    # The work is done and its key is written, but the transaction is not committed yet.
    if sys.argv[1] == "before":
        repeating.Answered.objects.create = killed
    else:
        # Committed, but nobody hears the answer.
        Answer.response = killed
    Client(SERVER_NAME="localhost").put(
        "/api/v1/orders/shop/A1", sys.argv[3], content_type="application/json",
        headers={"Authorization": f"Bearer {sys.argv[2]}", "Idempotency-Key": "k1"},
    )
"""


@pytest.mark.parametrize(
    ("moment", "orders", "replayed"), [("before", 0, None), ("after", 1, "true")]
)
def test_a_crash_between_work_and_answer_repeats_nothing(
    own_store: Store, program: MakeProgram, moment: str, orders: int, replayed: str | None,
    settings: Any,
) -> None:  # fmt: skip
    cast = make_cast()
    asking = program(cast.cheese)
    connection.close()
    dead = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", textwrap.dedent(KILLED), moment, asking.text, json.dumps(ORDER)],
        env={**os.environ, "DATABASE_URL": own_store.address, "STAMMKUNDE_DEBUG": "1",
             "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
             "STAMMKUNDE_SECRET_KEY": settings.SECRET_KEY},
        check=False, timeout=60, capture_output=True,
    )  # fmt: skip
    assert dead.returncode == 9, dead.stderr.decode()
    assert Order.objects.count() == orders

    answer = asking.ask("PUT", "/orders/shop/A1", ORDER, key="k1")

    assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (201, replayed)
    assert Order.objects.count() == 1
    assert Event.objects.filter(name="order.recorded").count() == 1
    assert Customer.objects.get().orders == 1
    connection.close()

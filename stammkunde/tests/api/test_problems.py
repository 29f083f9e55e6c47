"""What cannot be done is told as problem+json, in both languages, at its place; bad input is never our fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from api.conftest import MakeProgram, told
from stammkunde.faces.api import limits, parsing, problems, records
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
ORDER: dict[str, Any] = {"placed_at": "2026-01-05T10:00:00Z"}


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("de-DE,de;q=0.9", "Etwas daran stimmt nicht", "Das wird gebraucht."),
        ("en", "Something about it is wrong", "This is needed."),
        ("fr, en;q=0.5", "Something about it is wrong", "This is needed."),
        ("", "Etwas daran stimmt nicht", "Das wird gebraucht."),
    ],
)
def test_a_problem_is_told_in_the_language_of_who_asks(
    cast: Cast, program: MakeProgram, language: str, title: str, sentence: str
) -> None:
    answer = program(cast.cheese, language=language).ask("PUT", "/orders/shop/A1", {})

    assert answer.headers["Content-Type"] == problems.CONTENT_TYPE
    assert answer.headers["Content-Language"] == language[:2].replace("fr", "en") or "de"
    found = told(answer, 422)
    assert found == {
        "type": "urn:stammkunde:problem:request.invalid",
        "title": title,
        "status": 422,
        "detail": found["detail"],
        "instance": "/api/v1/orders/shop/A1",
        "errors": [{"pointer": "/placed_at", "detail": sentence}],
    }


@pytest.mark.parametrize(
    ("said", "pointer", "sentence"),
    [
        ({"colour": "red"}, "/colour", "There is no such field."),
        ({"state": "lost"}, "/state", "Write one of 'counted'"),
        ({"amount_minor": -1}, "/amount_minor", "This must be at least 0."),
        ({"amount_minor": 1.5}, "/amount_minor", "This must be a whole number."),
        ({"amount_minor": 2**60}, "/amount_minor", "Whole numbers go up to 2^53."),
        ({"placed_at": "2026-01-05T10:00:00"}, "/placed_at", "Write the instant with its zone"),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, "/placed_at", "This must be at least"),
        ({"channel": "a\0b"}, "/channel", "This holds signs that no text can."),
        ({"channel": "\ud800"}, "/channel", "This holds signs that no text can."),
        ({"customer": {"email": "anna"}}, "/customer/email", "This is no e-mail address."),
        ({"customer": {"number": "a@b"}}, "/customer/number", "A number must not hold"),
        ({"lines": [{"quantity": "x"}]}, "/lines/0/quantity", "This must be a number."),
        ({"lines": {}}, "/lines", "This must be a list."),
        ({"currency": "USD"}, "/currency", "This value cannot be."),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    cast: Cast, program: MakeProgram, said: dict[str, Any], pointer: str, sentence: str
) -> None:
    found = told(program(cast.cheese).ask("PUT", "/orders/shop/A1", {**ORDER, **said}), 422)

    assert [each["pointer"] for each in found["errors"]] == [pointer]
    assert found["errors"][0]["detail"].startswith(sentence)


@pytest.mark.parametrize(
    ("body", "kind", "status", "name"),
    [
        (b"{", "application/json", 400, "body.unreadable"),
        (b"\xff", "application/json", 400, "body.unreadable"),
        (b'{"a": NaN}', "application/json", 400, "body.unreadable"),
        (b'{"a": 1, "a": 2}', "application/json", 400, "body.unreadable"),
        (b"[" * 50_000, "application/json", 400, "body.unreadable"),
        (b"[" * 20 + b"]" * 20, "application/json", 400, "body.too_deep"),
        (b"{}", "text/plain", 415, "body.type"),
        (b"{}", "application/json; charset=latin-1", 415, "body.type"),
        (b" " * (parsing.BYTES_MAX + 1), "application/json", 413, "body.too_large"),
        (b"[]", "application/json", 422, "request.invalid"),
        (b"", "application/json", 422, "request.invalid"),
    ],
)
def test_a_body_that_is_none_is_refused(
    cast: Cast, program: MakeProgram, body: bytes, kind: str, status: int, name: str
) -> None:
    asking = program(cast.cheese)
    answer = asking.client.generic(
        "PUT", "/api/v1/orders/shop/A1", body, content_type=kind,
        headers={"Authorization": f"Bearer {asking.text}"},
    )  # fmt: skip
    assert told(answer, status)["type"] == f"{problems.NAMES}{name}"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/orders?limit=0", "limit"),
        ("/orders?limit=201", "limit"),
        ("/orders?limit=x", "limit"),
        ("/orders?page=2", "page"),
        ("/orders?cursor=abc", "cursor"),
        ("/orders?source=a%00b", "source"),
        ("/orders?changed_since=2026", "changed_since"),
        ("/customers?where=orders+%3E", "where"),
        ("/customers?where=" + "(" * 900, "where"),
        ("/customers?sort=colour", "sort"),
        ("/customers/99999999999999999999999", "customer_id"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(
    cast: Cast, program: MakeProgram, path: str, parameter: str
) -> None:
    found = told(program(cast.cheese).ask("GET", path), 422)
    assert [each["parameter"] for each in found["errors"]] == [parameter]


def test_an_address_that_leads_nowhere_is_a_problem_too(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    for path in (
        "/api/",
        "/api/v2/orders",
        "/api/v1/nothing",
        "/api/v1/orders/",
        "/api/v1/customers/%00",
    ):
        assert asking.ask("GET", path).status_code in (404, 422), path
        assert asking.ask("GET", path).headers["Content-Type"] == problems.CONTENT_TYPE


def test_methods_are_told_and_no_other_origin_is_invited(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    wrong = asking.ask("DELETE", "/orders")
    assert told(wrong, 405)["type"].endswith("method.unknown")
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS"
    asked = Client().options("/api/v1/orders", headers={"Origin": "https://elsewhere.example"})
    assert (asked.status_code, asked.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert not [name for name in asked.headers if name.startswith("Access-Control")]
    head = asking.ask("HEAD", "/orders")
    assert (head.status_code, head.content) == (200, b"")


def test_no_answer_is_kept_by_anybody_or_sets_a_cookie(cast: Cast, program: MakeProgram) -> None:
    answer = program(cast.cheese).ask("GET", "/shop")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_fault_of_ours_tells_nothing_of_it(
    cast: Cast, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_values: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(records, "_filtered", broken)
    answer = program(cast.cheese).ask("GET", "/orders")
    assert told(answer, 500)["type"].endswith("fault")
    assert b"secret" not in answer.content


def test_a_store_that_does_not_answer_is_worth_another_try(
    cast: Cast, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_values: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(records, "_filtered", broken)
    answer = program(cast.cheese).ask("GET", "/orders")
    assert told(answer, 503)["type"].endswith("store.unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_who_asks_too_often_is_told_when_to_come_again(
    cast: Cast, program: MakeProgram, settings: Any
) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    asking, other = program(cast.cheese), program(cast.cheese)
    left = [asking.ask("GET", "/shop").headers["RateLimit-Remaining"] for _ in range(3)]
    over = asking.ask("GET", "/shop")

    assert left == ["2", "1", "0"]
    assert told(over, 429)["type"].endswith("rate.exceeded")
    assert 1 <= int(over.headers["Retry-After"]) <= 20
    assert over.headers["RateLimit-Limit"] == "3"
    assert other.ask("GET", "/shop").status_code == 200


def test_a_bucket_fills_evenly_and_never_beyond_its_brim() -> None:
    at = [0.0]
    buckets = limits.Buckets(now=lambda: at[0])
    assert [buckets.take(1, limit=60).wait for _ in range(61)] == [0] * 60 + [1]
    at[0] = 2.5
    assert [buckets.take(1, limit=60).wait for _ in range(3)] == [0, 0, 1]
    at[0] = 10_000
    assert buckets.take(1, limit=60).remaining == 59


def test_use_of_a_token_is_noted_at_most_once_a_minute(
    cast: Cast, program: MakeProgram, django_assert_num_queries: Any
) -> None:
    asking = program(cast.cheese, "shop.read")
    asking.get("/shop")
    asking.token.refresh_from_db()
    assert asking.token.used_at is not None
    with django_assert_num_queries(1):
        asking.get("/shop")


def test_bodies_of_problems_are_json_in_utf_8(cast: Cast, program: MakeProgram) -> None:
    answer = program(cast.cheese, language="de").ask("GET", "/nothing")
    assert "Unter dieser Adresse gibt es nichts." in answer.content.decode()
    assert json.loads(answer.content)["status"] == 404

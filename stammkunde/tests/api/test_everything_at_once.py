"""Requests that a machine thinks of, over the whole document: whatever comes, the fault is never ours."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from api.conftest import MakeProgram, Program
from stammkunde.core.jobs.models import Job
from stammkunde.faces.api import document
from stammkunde.features.imports.models import Import
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

DOCUMENT = document.made("en")
EXAMPLES = 6
ALLOWED = {200, 201, 202, 400, 401, 403, 404, 405, 409, 413, 415, 422}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_no_request_that_a_machine_thinks_of_is_a_fault_of_ours(
    cast: Cast, program: MakeProgram, mode: str, settings: Any
) -> None:
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    asking = program(cast.cheese)
    customer = Customer.objects.create(shop=cast.cheese, name="Anna")
    Import.objects.create(shop=cast.cheese, state="previewed", digest="0", actor_kind="command")
    Job.objects.create(shop=cast.cheese, name="jobs.forget", attempts_max=1, actor_kind="command")
    wrong: list[tuple[str, str, int, bytes]] = []
    count = 0
    schema = schemathesis.openapi.from_dict(copy.deepcopy(DOCUMENT))
    for result in schema.get_all_operations():
        operation = result.ok()
        kind = getattr(schemathesis.GenerationMode, mode.upper())
        count += _try(asking, operation, kind, wrong, known=customer.pk)

    assert wrong == []
    assert count > 200


def _try(asking: Program, operation: Any, mode: Any, wrong: list[Any], *, known: int) -> int:
    count = 0

    @trying(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def attempt(case: Any, is_known: bool) -> None:
        nonlocal count
        count += 1
        if is_known and "customer_id" in (case.path_parameters or {}):
            case.path_parameters["customer_id"] = known
        answer = _send(asking, case)
        if answer.status_code not in ALLOWED:
            wrong.append(
                (operation.method, operation.path, answer.status_code, answer.content[:300])
            )

    attempt()
    return count


def _send(asking: Program, case: Any) -> Any:
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in dict(sent.get("headers") or {}).items()
    }
    prepared = requests.Request(
        sent["method"], sent["url"], params=sent.get("params"), json=sent.get("json"),
        data=sent.get("data"), files=sent.get("files"), headers=headers,
    ).prepare()  # fmt: skip
    prepared.headers["Authorization"] = f"Bearer {asking.text}"
    body = prepared.body or b""
    kept = {
        name: value for name, value in prepared.headers.items()
        if name.lower() not in ("content-type", "content-length")
    }  # fmt: skip
    return Client(raise_request_exception=False).generic(
        prepared.method,
        prepared.path_url,
        body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"),
        content_type=prepared.headers.get("Content-Type", ""),
        headers=kept,
    )

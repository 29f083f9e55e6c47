"""Files through the interface, from sending to undoing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.conftest import MakeProgram, Program, told
from importing import FILE  # type: ignore[import-not-found]
from stammkunde.core.jobs.worker import Worker
from stammkunde.features.imports.models import Import
from stammkunde.records.orders.models import Order
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]


def send(asking: Program, text: str = FILE, *, key: str = "", **fields: str) -> Any:
    headers = {"Authorization": f"Bearer {asking.text}", "Accept-Language": "en"}
    file = SimpleUploadedFile("orders.csv", text.encode("cp1252"))
    return asking.client.post(
        "/api/v1/imports",
        {"files": [file], **fields},
        headers={**headers, **({"Idempotency-Key": key} if key else {})},
    )


def work() -> None:
    Worker(threads=1).drain()


def test_files_are_sent_looked_at_published_and_undone(
    own_store: Store, program: MakeProgram
) -> None:
    asking = program(make_cast().cheese, "data.import", "customers.read")
    sent = send(asking, key="k1")
    number = told(sent, 201)["id"]
    assert sent.headers["Location"] == f"/api/v1/imports/{number}"
    assert send(asking, key="k1").headers["Idempotency-Replayed"] == "true"
    assert told(send(asking))["is_again"] is True
    assert told(send(asking, FILE + "A9;05.01.2026 10:00;1;;;1,00;bezahlt;X;1\r\n", key="k1"), 409)
    Import.objects.exclude(pk=number).delete()
    work()

    seen = asking.get(f"/imports/{number}")
    assert seen["fault"] is None
    assert seen["plan"]["kinds"]["orders"] == {"new": 4, "changed": 0, "same": 0}
    told(asking.ask("POST", f"/imports/{number}/answers", {"answers": {"taxes": "inside"}}), 202)
    refused = told(asking.ask("POST", f"/imports/{number}/answers", {"answers": {"x": "y"}}), 422)
    assert refused["type"].endswith("import.answer")
    work()
    begun = told(
        asking.ask("POST", f"/imports/{number}/publication", {"despite_questions": True}), 202
    )
    assert begun["state"] == "publishing"
    assert begun["job"]["name"] == "imports.publish"
    work()

    assert asking.get(f"/imports/{number}")["counts"]["new"]["orders"] == 4
    assert len(asking.get("/orders")["data"]) == 4
    left = asking.get(f"/imports/{number}/left-out")
    answer = asking.ask("GET", f"/imports/{number}/left-out.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert (lines[0][:16], len(lines) - 1) == ("File,Line,Reason", len(left["data"]))
    told(asking.ask("POST", f"/imports/{number}/undoing"), 202)
    work()
    assert asking.get(f"/imports/{number}")["state"] == "undone"
    assert not Order.objects.exists()


def test_what_cannot_be_read_says_why(own_store: Store, program: MakeProgram) -> None:
    asking = program(make_cast().cheese)
    number = told(send(asking, "a;b\r\n1;2\r\n"), 201)["id"]
    work()
    seen = asking.get(f"/imports/{number}")
    assert (seen["state"], bool(seen["fault"])) == ("failed", True)
    assert " --" not in seen["fault"], "options of the command line mean nothing to programs"
    refused = told(asking.ask("POST", f"/imports/{number}/publication", {}), 409)
    assert refused["type"].endswith("import.state")
    assert asking.ask("GET", f"/imports/{number}/left-out.csv").status_code == 404


def test_rows_that_cannot_be_read_are_left_out_on_demand(
    own_store: Store, program: MakeProgram
) -> None:
    asking = program(make_cast().cheese, "data.import")
    bad = f"{FILE}A9;31.02.2026 10:00;17;;;10,00;bezahlt;Brie;1\r\n"
    number = told(send(asking, bad), 201)["id"]
    work()
    refused = asking.get(f"/imports/{number}")
    assert (refused["state"], refused["can_skip_bad_rows"]) == ("failed", True)
    assert "“31.02.2026 10:00” in the column “Datum” is not a date" in refused["fault"]

    answers = f"/imports/{number}/answers"
    for nothing in ({}, {"answers": {"skip_bad_rows": "true"}}):
        said = told(asking.ask("POST", answers, nothing), 422)
        assert said["type"].endswith("import.answer")
    told(asking.ask("POST", answers, {"skip_bad_rows": True}), 202)
    work()
    seen = asking.get(f"/imports/{number}")
    assert (seen["fault"], seen["skip_bad_rows"]) == (None, True)
    (row,) = asking.get(f"/imports/{number}/left-out")["data"]
    assert (row["line"], row["column"], row["cell"]) == (6, "Datum", "31.02.2026 10:00")
    assert row["why"] == "This is not a date."

    told(asking.ask("POST", answers, {"skip_bad_rows": False}), 202)
    at_once = told(send(asking, bad, skip_bad_rows="true", source="pos"), 201)["id"]
    work()
    assert asking.get(f"/imports/{number}")["state"] == "failed"
    assert asking.get(f"/imports/{at_once}")["plan"]["kinds"]["orders"]["new"] == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "status"),
    [({"source": "pos"}, 201), ({"colour": "red"}, 422), ({"source": "x" * 41}, 422)],
)
def test_fields_of_the_form_are_looked_at(
    cast: Any, program: MakeProgram, fields: dict[str, str], status: int
) -> None:
    assert send(program(cast.cheese), **fields).status_code == status


@pytest.mark.django_db
def test_what_is_no_form_or_too_large_is_refused_before_it_is_read(
    cast: Any, program: MakeProgram, settings: Any
) -> None:
    asking = program(cast.cheese)
    assert asking.ask("POST", "/imports", {}).status_code == 415
    settings.UPLOAD_BYTES_MAX = 10
    big = send(asking, "x" * 2_000_000)
    assert told(big, 413)["type"].endswith("body.too_large")
    settings.UPLOAD_BYTES_MAX = 4_000_000
    assert told(send(asking, ""), 422)["type"].endswith("import.empty")
    broken = asking.client.generic(
        "POST", "/api/v1/imports", b"--x\r\nnothing", content_type="multipart/form-data; boundary=x",
        headers={"Authorization": f"Bearer {asking.text}"},
    )  # fmt: skip
    assert broken.status_code in (400, 422)

"""A disk that takes nothing: people and programs are told so, and nothing half-written stays."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.conftest import SignIn
from importing import FILE  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import services as shops
from stammkunde.faces.spool import Spool
from stammkunde.features.imports import files
from stammkunde.features.imports.models import Import
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def is_full(*_arguments: object, **_named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def sent(client: Client, **headers: str) -> Any:
    file = SimpleUploadedFile("orders.csv", FILE.encode("cp1252"))
    return client.post("/kaesehaus/data/new/", {"uploads": file}, headers=headers or None)


def test_an_upload_that_finds_no_room_says_so_on_the_page(
    as_: SignIn, cast: Cast, data: Path
) -> None:
    # Nothing can be made below a file, whoever one is.
    (data / "imports").write_text("")

    answer = sent(as_(cast.olga, language="de"))

    assert answer.status_code == 507
    assert "Seine Festplatte ist voll" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_disk_that_fills_up_meanwhile_is_told_to_programs(
    cast: Cast, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    permissions = ["data.import"]
    _token, text = shops.make_token(
        cast.cheese, "Test", permissions=permissions, days=1, actor=COMMAND
    )
    begun = Spool.new_file

    def begin(spool: Spool, *given: Any, **named: Any) -> None:
        begun(spool, *given, **named)
        kept, spool.file = spool.file, type("Full", (), {"write": is_full, "close": is_full})()
        kept.close()

    monkeypatch.setattr(Spool, "new_file", begin)
    file = SimpleUploadedFile("orders.csv", FILE.encode("cp1252"))

    answer: Any = Client().post(
        "/api/v1/imports", {"files": file}, headers={"Authorization": f"Bearer {text}"}
    )

    assert (answer.status_code, answer.json()["type"]) == (
        507, "urn:stammkunde:problem:import.no_room",
    )  # fmt: skip
    assert not Import.objects.exists()


def test_a_file_that_cannot_be_kept_leaves_nothing(
    as_: SignIn, cast: Cast, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.os, "fsync", is_full)

    answer = sent(as_(cast.olga))

    assert answer.status_code == 422
    assert "its disk is full" in answer.content.decode()
    assert not [path for path in data.rglob("*") if path.is_file()]
    assert not Import.objects.exists()

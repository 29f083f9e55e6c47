"""Cells that spreadsheets would run, and names of files that lead elsewhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dashboard.conftest import SignIn
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops import services
from stammkunde.features.imports.models import File
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
FORMULA = "=cmd|'/c calc'!A1"
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
NAMES = (
    "../../../etc/passwd.csv",
    "..\\..\\windows\\orders.csv",
    "/etc/cron.d/orders.csv",
    "C:\\orders.csv",
    ".hidden.csv",
    "a\0b.csv",
    "orders.csv\n.exe",
    "\u202evsc.exe",
    "CON",
    "..",
    "~/.ssh/id.csv",
    "💾" * 200 + ".csv",
    "ä" * 300 + ".csv",
    "x" * 5000,
    "$(touch x).csv",
    "-rf.csv",
    "%2e%2e%2fx.csv",
)


def cells(text: str) -> list[str]:
    """Return the cells of a file however a spreadsheet splits it: at commas, semicolons or tabs."""
    found = [each for row in csv.reader(io.StringIO(text)) for each in row]
    for line in text.lstrip("\ufeff").splitlines():
        found += [each.strip(' "') for each in line.replace("\t", ";").split(";")[1:]]
    return found


def is_formula(cell: str) -> bool:
    bare = cell.lstrip("\ufeff ")
    try:
        float(bare)
    except ValueError:
        return bare.startswith(SIGNS)
    return False


def body(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


def test_no_export_holds_a_formula(as_: SignIn, cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    many = [
        f"=A{turn};0{1 + turn % 9}.0{1 + turn // 9}.2026 10:00;+{turn % 6};k{turn % 6}@example.com;"
        f'"Anna;{FORMULA}{turn % 6}";{10 + turn},00;bezahlt;{FORMULA};1'
        for turn in range(18)
    ]
    many.append(f'=B1;05.01.2026 10:00;;;;10,00;bezahlt;"x;{FORMULA}";1')
    import_ = imported(cast.cheese, {"=1+1.csv": rows(*many)})
    services.make_token(
        cast.cheese, "@SUM(1)", permissions={"metrics.read"}, days=1, actor=COMMAND, by=cast.olga
    )
    cast.olga.name = f"Olga\t{FORMULA}"
    cast.olga.save()
    Worker().drain()
    browser = as_(cast.olga)
    files = {
        "customers": browser.post("/kaesehaus/customers/export/"),
        "log": browser.post("/kaesehaus/log/export/"),
        "left out": browser.get(f"/kaesehaus/data/{import_.pk}/left-out.csv"),
        "by product": browser.get("/kaesehaus/metrics/revenue.csv?by=product"),
        "behind": browser.get("/kaesehaus/metrics/customers/customers.csv"),
        "orders": browser.get("/kaesehaus/metrics/orders/orders.csv"),
    }
    Worker().drain()
    found = {}
    for name, answer in files.items():
        assert answer.status_code in {200, 302, 404}, name
        if answer.status_code == 200:
            assert "attachment" in answer["Content-Disposition"]
            found[name] = [each for each in cells(body(answer)) if is_formula(each)]

    assert set(found) >= {"customers", "log", "left out"}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_lies_in_the_folder_of_its_import_whatever_it_is_called(
    as_: SignIn, cast: Cast, settings: Any, tmp_path: Path, name: str
) -> None:
    settings.DATA = tmp_path / "data"
    upload = SimpleUploadedFile("placeholder.csv", b"a;b\r\n1;2\r\n")
    upload.name = name if name not in {"..", ""} else upload.name
    browser = as_(cast.olga)
    sent = {"uploads": upload, "channel": "shop"}
    answer = browser.post("/kaesehaus/data/new/", sent)

    assert answer.status_code in {303, 422}
    kept = [each for each in tmp_path.rglob("*") if each.is_file()]
    folder = (settings.DATA / "imports" / str(cast.cheese.pk)).resolve()
    assert all(folder in each.resolve().parents for each in kept)
    for file in File.objects.all():
        assert (Path(settings.DATA) / file.path).resolve().is_relative_to(folder)
        assert browser.get(answer["Location"]).status_code == 200

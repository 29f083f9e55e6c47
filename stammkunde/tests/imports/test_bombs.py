"""Files made to fill memory or disk end at the door with a sentence, and the shop imports on."""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.running import Running
from stammkunde.features.imports.models import Import
from stores_and_cast import Cast  # type: ignore[import-not-found]

XLSX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}
ODS = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": "<manifest/>",
}
# Ten entities of ten of the one before: a gigabyte if anybody wrote them out.
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)
ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
SHEET = (
    '{0}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + ROW.format(1, "Bestellnummer") + ROW.format(2, "&a9;&file;") + "</sheetData></worksheet>"
)  # fmt: skip
CONTENT = (
    '{0}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="A"><table:table-row><table:table-cell><text:p>&a9;&file;</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
    "</office:document-content>"
)


def packed(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {
        "zeros.xlsx": packed({**XLSX, "xl/worksheets/sheet1.xml": "0" * 60_000_000}),
        "zeros.ods": packed({**ODS, "content.xml": "0" * 60_000_000}),
        "laughs.xlsx": packed({**XLSX, "xl/worksheets/sheet1.xml": SHEET.format(LAUGHS)}),
        "laughs.ods": packed({**ODS, "content.xml": CONTENT.format(LAUGHS)}),
        "zip-in-zip.xlsx": packed({"a.zip": "0" * 1_000}),
    }


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return Path(settings.DATA)


@pytest.mark.django_db
def test_bombs_are_refused_and_the_shop_imports_on(
    cast: Cast, data: Path, bombs: dict[str, bytes]
) -> None:
    browser = Client()
    browser.force_login(cast.olga)
    for name, content in bombs.items():
        upload = SimpleUploadedFile(name, content)
        assert browser.post("/kaesehaus/data/new/", {"uploads": upload}).status_code == 303, name
        import_ = Import.objects.latest("id")
        job = Job.objects.filter(name="imports.look").latest("id")
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        import_.refresh_from_db()
        assert import_.state == "failed", name
        assert set(import_.fault) == {"de", "en"}, name
        shown = browser.get(f"/kaesehaus/data/{import_.pk}/").content.decode()
        assert "root:" not in shown
        assert "haha" not in shown
    # What was sent is kept until somebody deletes it, and nothing that it would have become.
    kept = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    assert kept < 1_000_000

    assert imported(cast.cheese, FILE).state == "published"

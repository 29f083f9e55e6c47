"""In production: pages and their files come as they are packed, without anything being collected first."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from stammkunde.config import mail
from stammkunde.config.static import Storage

PROBE = """
import re, django; django.setup()
from django.test import Client
browser = Client(headers={"accept-language": "de", "host": "localhost"})
page = browser.get("/account/sign-in/", secure=True)
print(page.status_code, "Anmelden" in page.content.decode())
for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()):
    file = browser.get(address, secure=True)
    print(file.status_code, address.split("?")[0], "immutable" in file["Cache-Control"] or file["Cache-Control"])
"""


def test_pages_and_files_are_served_without_collecting() -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("STAMMKUNDE_")},
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
        "STAMMKUNDE_SECRET_KEY": "a test, not a secret: 0123456789 " * 2,
        "DATABASE_URL": "sqlite://:memory:",
        "PYTHONUTF8": "1",
    }
    result = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", PROBE], env=environ, capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "200 True"
    assert sorted(lines[1:]) == sorted(
        [
            "200 /static/dashboard.css max-age=31536000, public",
            "200 /static/dashboard.js max-age=31536000, public",
            "200 /static/mark.svg max-age=31536000, public",
            "200 /static/mark.svg max-age=31536000, public",
        ]
    )


def test_an_address_changes_with_its_file() -> None:
    storage = Storage(base_url="/static/")

    assert storage.url("dashboard.css").startswith("/static/dashboard.css?v=")
    assert storage.url("nothing.css") == "/static/nothing.css"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", True, False)),
        ("smtps://a%40b:x%2Fy@mail.example:4650", ("mail.example", 4650, "a@b", False, True)),
        ("smtp+plain://localhost", ("localhost", 25, "", False, False)),
    ],
)
def test_a_mail_server_is_understood(address: str, wanted: tuple[object, ...]) -> None:
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    found = mail.parse(address)

    assert tuple(found[name] for name in names) == wanted
    assert found["EMAIL_TIMEOUT"] == 10


@pytest.mark.parametrize(
    "address",
    ["mail.example", "http://x", "smtp://", "smtp://u:secret@x:port", "smtp://u:secret@x/path"],
)
def test_what_is_no_mail_server_is_refused_without_the_password(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|write") as refused:
        mail.parse(address)
    assert "secret" not in str(refused.value)

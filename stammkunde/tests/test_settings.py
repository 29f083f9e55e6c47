"""The settings module in a process of its own, as a server would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

KEY = "a test, not a secret: 0123456789 " * 2
CHECK = """
import json, django
from django.conf import settings
from django.core import checks
django.setup()
names = json.loads({names!r})
found = [message.id for message in checks.run_checks(include_deployment_checks={deploy})]
print(json.dumps([{{name: getattr(settings, name, None) for name in names}}, found]))
"""


def start(*names: str, deploy: bool = False, **environ: str) -> subprocess.CompletedProcess[str]:
    """Set Django up under `environ` alone and print the settings named and the checks' findings."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", CHECK.format(names=json.dumps(names), deploy=deploy)],
        env={**kept, "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_developer_mode_starts_without_anything_else() -> None:
    result = start("DEBUG", "SESSION_COOKIE_SECURE", "LANGUAGE_CODE", STAMMKUNDE_DEBUG="1")
    settings, findings = json.loads(result.stdout)
    assert settings == {"DEBUG": True, "SESSION_COOKIE_SECURE": False, "LANGUAGE_CODE": "de"}
    assert findings == []
    assert result.stderr == ""


def test_developer_mode_has_a_new_secret_at_every_start() -> None:
    secrets = {start("SECRET_KEY", STAMMKUNDE_DEBUG="1").stdout for _ in range(2)}
    assert len(secrets) == 2


def test_without_a_secret_the_product_does_not_start() -> None:
    result = start()
    assert result.returncode == 1
    assert "STAMMKUNDE_SECRET_KEY must be set." in result.stderr.splitlines()[-1]


def test_in_production_cookies_are_secure_and_the_checks_are_content() -> None:
    result = start(
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_PROXY_SSL_HEADER",
        "ALLOWED_HOSTS",
        deploy=True,
        STAMMKUNDE_SECRET_KEY=KEY,
        STAMMKUNDE_ALLOWED_HOSTS="shop.example",
        STAMMKUNDE_BEHIND_PROXY="1",
    )
    settings, findings = json.loads(result.stdout)
    assert settings == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "ALLOWED_HOSTS": ["shop.example"],
    }
    # Two promises that bind names beside ours are for the owner of the domain to make.
    assert sorted(findings) == ["security.W005", "security.W021"]


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"STAMMKUNDE_DEBUG": "perhaps"}, "STAMMKUNDE_DEBUG: “perhaps” is neither yes nor no."),
        ({"STAMMKUNDE_SECRET": KEY}, "Did you mean STAMMKUNDE_SECRET_KEY?"),
        ({"STAMMKUNDE_DEBUG": "1", "DATABASE_URL": "oracle://x/y"}, "DATABASE_URL: the address"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(
    environ: dict[str, str], sentence: str
) -> None:
    result = start(PYTHONUTF8="1", **environ)
    assert result.returncode == 1
    assert sentence in result.stderr.splitlines()[-1]


def test_sqlite_opens_with_the_promised_durability() -> None:
    probe = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    print(cursor.execute("PRAGMA synchronous").fetchone(), connection.transaction_mode)
"""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
        "STAMMKUNDE_DEBUG": "1",
        "DATABASE_URL": "sqlite://:memory:",
    }
    command = [sys.executable, "-c", probe]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)  # noqa: S603
    assert result.stdout == "(2,) IMMEDIATE\n"

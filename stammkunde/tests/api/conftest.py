"""Programs that ask the interface: one for each token, reading English."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import rules, services
from stammkunde.core.shops.models import Shop, Token
from stammkunde.faces.api import limits


@dataclass
class Program:
    """Asks with a token."""

    token: Token
    text: str
    language: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str
    ) -> Any:
        """Ask, and return the answer."""
        sent = {
            "Authorization": f"Bearer {self.text}",
            "Accept-Language": self.language,
            **({"Idempotency-Key": key} if key else {}),
            **headers,
        }
        given = {} if body is None else {"data": json.dumps(body)}
        return self.client.generic(
            method,
            path if path.startswith("/api") else f"/api/v1{path}",
            content_type="application/json",
            headers=sent,
            **given,
        )

    def get(self, path: str, **headers: str) -> Any:
        """Ask for something, and return what was said."""
        return told(self.ask("GET", path, **headers))


def told(answer: HttpResponse, status: int = 200) -> Any:
    """Return what an answer says, which must have a status."""
    said = json.loads(answer.content) if answer.content else None
    assert answer.status_code == status, json.dumps(said)
    return said


MakeProgram = Callable[..., Program]


@pytest.fixture
def program() -> MakeProgram:
    """Return a function that gives a program with a token of a shop; it may do everything unless told."""

    def make(shop: Shop, *permissions: Any, **values: Any) -> Program:
        may = permissions or rules.PERMISSIONS
        token, text = services.make_token(shop, "Test", permissions=may, days=1, actor=COMMAND)
        return Program(token, text, **values)

    return make


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Keep files away from everybody's."""
    settings.DATA = tmp_path / "data"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    """Begin with nothing taken."""
    limits.BUCKETS.forget()

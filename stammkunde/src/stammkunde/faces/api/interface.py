"""The interface as a whole: its topics, and how ninja hands faults on to the door."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from stammkunde.faces.api import (
    consents,
    imports,
    jobs_of_shop,
    ledger,
    numbers,
    people,
    privacy,
    records,
    shop,
    trials,
    words,
)
from stammkunde.faces.api.parsing import Strict
from stammkunde.faces.api.problems import Problem

VERSION = "1.0.0"


class Interface(NinjaAPI):
    """Ninja, except that whoever stands before the paths says what went wrong."""

    def on_exception(self, request: HttpRequest, exc: Any) -> NoReturn:
        """Raise what happened as a problem, or as it is."""
        if isinstance(exc, ValidationError):
            raise words.refused(exc.errors) from exc
        if isinstance(exc, HttpError) and isinstance(exc.__cause__, Problem):
            raise exc.__cause__
        raise exc


api = Interface(
    title="Stammkunde", version=VERSION, docs_url=None, openapi_url=None, parser=Strict(),
    urls_namespace="api",
)  # fmt: skip
# `people` brings the paths of `customers` along, with which it shares addresses.
for topic in (shop, records, people, consents, privacy, imports, jobs_of_shop, trials):
    api.add_router("", topic.router)
for router in (*numbers.ROUTERS, *ledger.ROUTERS):
    api.add_router("", router)

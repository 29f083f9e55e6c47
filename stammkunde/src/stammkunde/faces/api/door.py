"""What stands before every path: the language, what may come in, and faults that become problems."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from stammkunde.core.errors import Refused
from stammkunde.faces.api import parsing, problems
from stammkunde.faces.api.problems import Problem

View = Callable[..., HttpResponseBase]
FORMS = "takes_forms"
log = logging.getLogger("stammkunde.api")


def opened(view: View, methods: frozenset[str], *, takes_forms: bool = False) -> View:
    """Return a view that is safe to meet: whatever comes, the answer is one that programs understand.

    Parameters
    ----------
    methods
        What the path answers; HEAD comes with GET.
    takes_forms
        Whether files are sent there, whose body is not read here.
    """
    passed = _passing(view, methods, takes_forms=takes_forms)

    @csrf_exempt
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        chosen = language(request)
        with translation.override(chosen):
            try:
                found = passed(request, values)
            except Problem as problem:
                found = problem.response(request)
            except Refused as refused:
                # What stands in the way of a body that is being taken in.
                found = problems.of_refusal(refused).response(request)
            except (SuspiciousOperation, MultiPartParserError):
                found = unreadable().response(request)
            except (OperationalError, InterfaceError) as fault:
                log.warning("The database did not answer a request (%s).", type(fault).__name__)
                found = unavailable().response(request)
            except Exception as fault:
                log.exception("A request met a fault of ours (%s).", type(fault).__name__)
                found = problems.fault().response(request)
        _tell(request, found, chosen)
        return found

    return answer


def _passing(view: View, methods: frozenset[str], *, takes_forms: bool) -> View:
    """Return a view that is met only by what its path takes."""
    allowed = ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))

    def passed(request: HttpRequest, values: dict[str, Any]) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed}, content_type="")
        is_head = request.method == "HEAD" and "GET" in methods
        if not is_head and request.method not in methods:
            raise Problem(
                405,
                "method.unknown",
                _("This address takes %(methods)s only.") % {"methods": allowed},
                headers={"Allow": allowed},
            )
        if not parsing.is_text(request.path):
            raise problems.nothing_here()
        if is_head:
            request.method = "GET"
        # Nothing of a body is read before it is known who sends it.
        is_form = takes_forms and request.method == "POST"
        request.take_body = parsing.begin_form if is_form else parsing.read  # type: ignore[attr-defined]
        found = view(request, **values)
        if is_head:
            request.method = "HEAD"
        return found

    return passed


def unreadable() -> Problem:
    """Return the problem of a body that nobody can read."""
    return Problem(400, "body.unreadable", _("The body cannot be read."))


def unavailable() -> Problem:
    """Return the problem of a store that does not answer."""
    return Problem(
        503,
        "store.unavailable",
        _("The database does not answer at the moment. Try again in a few seconds."),
        headers={"Retry-After": "5"},
    )


def language(request: HttpRequest) -> str:
    """Return the language a caller asks for, German or English; the installation's own otherwise."""
    known = dict(settings.LANGUAGES)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if (short := wanted.partition("-")[0]) in known:
            return short
    return str(settings.LANGUAGE_CODE)


def _tell(request: HttpRequest, found: HttpResponseBase, chosen: str) -> None:
    """Say what every answer says: language, what is left, and that nobody keeps it."""
    found.headers["Content-Language"] = chosen
    found.headers["Vary"] = "Accept-Language, Authorization"
    found.headers.setdefault("Cache-Control", "no-store")
    allowance = getattr(request, "allowance", None)
    if allowance is not None:
        for name, value in allowance.headers.items():
            found.headers[name] = value


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponseBase:
    """Answer an address that leads nowhere."""
    with translation.override(language(request)):
        return problems.nothing_here().response(request)

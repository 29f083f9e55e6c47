"""How paths are declared: what a token must allow, what is answered, and that writes are done once."""

from __future__ import annotations

import functools
import inspect
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Router

from stammkunde.core.errors import Refused
from stammkunde.core.shops.rules import Permission
from stammkunde.faces.api import bearer, problems, repeating
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Bearer, Visit
from stammkunde.faces.api.parsing import is_text
from stammkunde.faces.api.problems import Problem
from stammkunde.faces.api.words import pointer

View = Callable[..., Any]
PERMISSION = "x-permission"
_KEY: dict[str, Any] = {
    "name": repeating.HEADER,
    "in": "header",
    "required": False,
    "description": N(
        "Made by you, one for each thing you want done once. The same request with the same key is "
        "answered the same and changes nothing."
    ),
    "schema": {"type": "string", "maxLength": repeating.KEY_MAX},
}


def read(
    router: Router,
    path: str,
    permission: Permission | None,
    answer: Any,
    *,
    summary: str,
    others: Mapping[int, Any] | None = None,
    **rest: Any,
) -> Callable[[View], View]:
    """Declare a path that only tells.

    Parameters
    ----------
    permission
        What a token must allow; None where any valid token will do.
    answer
        The model of what is answered.
    others
        The models of what else may be answered, by status.
    """

    def declare(view: View) -> View:
        asked = _names(view, "Query")

        def run(request: HttpRequest, visit: Visit, values: dict[str, Any]) -> Any:
            _require_known(request, asked)
            return view(visit, **values)

        answers = {200: answer, **(others or {})}
        _add(router, ["GET"], path, permission, answers, view, run, summary, **rest)
        return view

    return declare


def write(
    router: Router,
    method: str,
    path: str,
    permission: Permission | None,
    answers: dict[int, Any],
    *,
    summary: str,
    repeats: bool = False,
    **rest: Any,
) -> Callable[[View], View]:
    """Declare a path that changes something, in one transaction, once for each key.

    Parameters
    ----------
    answers
        The models of what is answered, by status.
    repeats
        The work is the same however often it is done, and makes transactions of its own.
    """

    def declare(view: View) -> View:
        said = _names(view, "Form", "File")

        def run(request: HttpRequest, visit: Visit, values: dict[str, Any]) -> Any:
            _require_known(request, frozenset())
            bearer.require_open(visit)
            if said:
                _require_said(request, said)
            if repeats:
                done = repeating.known(visit) or view(visit, **values)
                return repeating.once(visit, lambda: done)
            return repeating.once(visit, lambda: view(visit, **values))

        extra = rest.pop("openapi_extra", {})
        extra = {**extra, "parameters": [*extra.get("parameters", []), _KEY]}
        _add(
            router, [method], path, permission, answers, view, run, summary,
            openapi_extra=extra, **rest,
        )  # fmt: skip
        return view

    return declare


def _add(
    router: Router,
    methods: list[str],
    path: str,
    permission: Permission | None,
    answers: dict[int, Any],
    view: View,
    run: Callable[[HttpRequest, Visit, dict[str, Any]], Any],
    summary: str,
    **rest: Any,
) -> None:
    @functools.wraps(view)
    def answered(request: HttpRequest, **values: Any) -> HttpResponseBase:
        visit: Visit = request.auth  # type: ignore[attr-defined]  # what Bearer gave
        try:
            with timezone.override(zoneinfo.ZoneInfo(visit.shop.zone)):
                found = run(request, visit, values)
        except Refused as refused:
            raise problems.of_refusal(refused) from refused
        return found.response() if isinstance(found, Answer) else found

    # Words for who reads the code; the document has its own, in both languages.
    answered.__doc__ = None
    answered.__signature__ = _signature(view)  # type: ignore[attr-defined]  # read by ninja
    extra = rest.pop("openapi_extra", {})
    router.add_api_operation(
        path,
        methods,
        answered,
        auth=Bearer(permission),
        response=answers,
        summary=summary,
        description=rest.pop("description", "") or None,
        operation_id=rest.pop("name", view.__name__),
        openapi_extra={**extra, PERMISSION: permission},
        **rest,
    )


def _signature(view: View) -> inspect.Signature:
    """Return what a view takes as ninja reads it: the visit is the request there."""
    hints = get_type_hints(view, include_extras=True)
    _visit, *others = inspect.signature(view).parameters.values()
    first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    kept = [one.replace(annotation=hints[one.name]) for one in others]
    return inspect.Signature([first, *kept])


def _names(view: View, *sources: str) -> frozenset[str]:
    """Return the names that a view takes from the address, or from a form."""
    found: set[str] = set()
    for name, hint in get_type_hints(view, include_extras=True).items():
        if any(type(each).__name__ in sources for each in getattr(hint, "__metadata__", ())):
            model = get_args(hint)[0]
            found |= set(getattr(model, "model_fields", {name}))
    return frozenset(found)


def _require_known(request: HttpRequest, asked: frozenset[str]) -> None:
    """Refuse what nobody would look at, and letters that are none."""
    errors = [
        {"parameter": name, "detail": _("There is no such parameter.")}
        for name in request.GET
        if name not in asked
    ]
    errors += [
        {"parameter": name, "detail": _("This holds signs that no text can.")}
        for name, value in request.GET.items()
        if name in asked and not is_text(str(value))
    ]
    if errors:
        raise Problem(
            422,
            "request.invalid",
            _("Some values cannot be taken; `errors` says which."),
            errors=errors,
        )


def _require_said(request: HttpRequest, said: frozenset[str]) -> None:
    """Refuse fields of a form that nobody would look at."""
    unknown = sorted({*request.POST, *request.FILES} - said)
    if unknown:
        raise Problem(
            422,
            "request.invalid",
            _("Some values cannot be taken; `errors` says which."),
            errors=[
                {"pointer": pointer([name]), "detail": _("There is no such field.")}
                for name in unknown
            ],
        )

"""Bodies as they come in: JSON of bounded size and depth, without what no store can hold."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from stammkunde.faces import spool
from stammkunde.faces.api.problems import Problem
from stammkunde.faces.api.words import pointer

BYTES_MAX = 5_000_000
DEPTH_MAX = 12
# What JSON readers everywhere agree upon.
INTEGER_MAX = 2**53


class Strict(Parser):
    """Reads JSON as programs mean it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body.

        Raises
        ------
        Problem
            It is no JSON, too deep, or holds what cannot be kept.
        """
        try:
            found = json.loads(request.body, parse_constant=_no_number, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise Problem(
                400, "body.unreadable", _("The body is no JSON in UTF-8."),
            ) from error  # fmt: skip
        _require_plain(found)
        return found


def read(request: HttpRequest) -> None:
    """Read the body of a request that is no form, and refuse what is too large or of another type.

    Raises
    ------
    Problem
        It is.
    """
    length = _length(request)
    if length > BYTES_MAX:
        raise too_large(BYTES_MAX)
    request._body = request.read(BYTES_MAX + 1)  # as Django keeps it
    kind, _semicolon, rest = request.headers.get("Content-Type", "").partition(";")
    is_utf8 = "charset" not in rest.lower() or "utf-8" in rest.lower()
    if request.body and not (kind.strip().lower() == "application/json" and is_utf8):
        raise Problem(
            415, "body.type", _("Send JSON in UTF-8, with `Content-Type: application/json`.")
        )


def begin_form(request: HttpRequest) -> None:
    """Let files of a form go to the disk; what is too large or no form is refused before it is read.

    Raises
    ------
    Problem
        It is.
    """
    if spool.is_too_large(request):
        raise too_large(settings.UPLOAD_BYTES_MAX)
    if not request.headers.get("Content-Type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, "body.type", _("Send the files as `multipart/form-data`."))
    request.upload_handlers = [spool.Spool(request)]


def too_large(bytes_max: int) -> Problem:
    """Return the problem of a body that is too large."""
    return Problem(
        413,
        "body.too_large",
        _("At most %(megabytes)s MB are taken at once. Send it in parts.")
        % {"megabytes": bytes_max // 1_000_000},
    )


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _no_number(_text: str) -> None:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _require_plain(found: Any) -> None:
    """Refuse what is nested too deep, numbers that readers round, and letters that are none."""
    waiting: list[tuple[Any, tuple[object, ...]]] = [(found, ())]
    while waiting:
        value, place = waiting.pop()
        if len(place) > DEPTH_MAX:
            raise Problem(400, "body.too_deep", _("The body is nested too deep."))
        match value:
            case dict():
                for name, each in value.items():
                    _require_letters(name, (*place, name))
                    waiting.append((each, (*place, name)))
            case list():
                waiting += [(each, (*place, number)) for number, each in enumerate(value)]
            case str():
                _require_letters(value, place)
            case int() if abs(value) > INTEGER_MAX:
                raise _wrong(_("Whole numbers go up to 2^53."), place)


def _require_letters(text: str, place: tuple[object, ...]) -> None:
    if not is_text(text):
        raise _wrong(_("This holds signs that no text can."), place)


def is_text(text: str) -> bool:
    """Return whether both stores can hold a text.

    >>> is_text("Käse"), is_text(chr(0)), is_text(chr(0xD800))
    (True, False, False)
    """
    return "\0" not in text and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def _wrong(sentence: str, place: tuple[object, ...]) -> Problem:
    return Problem(
        422,
        "request.invalid",
        _("Some values cannot be taken; `errors` says which."),
        errors=[{"pointer": pointer(place), "detail": sentence}],
    )

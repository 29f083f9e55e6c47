"""What is answered when something cannot be done: `application/problem+json` (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.errors import Forbidden, NotFound, Refused

CONTENT_TYPE = "application/problem+json"
# Before the name of a problem, which is the same whatever the language and the version of the product.
NAMES = "urn:stammkunde:problem:"
TITLES: Mapping[int, str | Promise] = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("A valid token is needed"),
    403: gettext_lazy("The token does not allow this"),
    404: gettext_lazy("There is no such thing"),
    405: gettext_lazy("This cannot be done here"),
    406: gettext_lazy("This form is not offered"),
    409: gettext_lazy("This cannot be done now"),
    413: gettext_lazy("This is too large"),
    415: gettext_lazy("This form is not read"),
    422: gettext_lazy("Something about it is wrong"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("A fault of ours"),
    503: gettext_lazy("Not available at the moment"),
    507: gettext_lazy("There is no room"),
}
# Refusals of what was said, not of the moment at which it was said.
OF_WORDS = frozenset(
    {
        "consent.future",
        "consent.unknown",
        "consent.unproved",
        "import.answer",
        "import.empty",
        "import.files",
        "import.source",
    }
)
Place = Mapping[str, str]


class Problem(Exception):
    """Something cannot be done as it was asked.

    Parameters
    ----------
    status
        Of HTTP.
    name
        A dotted name for programs; it stands at the end of the problem's `type`.
    detail
        What is wrong and what to do.
    errors
        Places with a sentence each: `pointer` into the body, `parameter` or `header`, and `detail`.
    """

    def __init__(
        self,
        status: int,
        name: str,
        detail: str | Promise,
        *,
        errors: Sequence[Place] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.name, self.detail = status, name, detail
        self.errors, self.headers = list(errors), dict(headers or {})
        super().__init__(name)

    def body(self, *, instance: str | None = None) -> dict[str, Any]:
        """Return the problem as JSON."""
        found: dict[str, Any] = {
            "type": f"{NAMES}{self.name}",
            "title": str(TITLES.get(self.status, "")),
            "status": self.status,
            "detail": str(self.detail),
        }
        if instance is not None:
            found["instance"] = instance
        if self.errors:
            found["errors"] = self.errors
        return found

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return the answer."""
        body = json.dumps(self.body(instance=request.path), ensure_ascii=False)
        # A path may hold what no text can.
        data = body.encode("utf-8", "replace")
        return HttpResponse(
            data, status=self.status, content_type=CONTENT_TYPE, headers=self.headers
        )


def of_refusal(refused: Refused, *, below: str = "") -> Problem:
    """Return the problem of a refusal.

    Parameters
    ----------
    below
        The pointer to what the fields belong to.
    """
    match refused:
        case NotFound():
            status = 404
        case Forbidden():
            status = 403
        case _ if refused.name == "import.too_large":
            status = 413
        case _ if refused.name == "import.no_room":
            status = 507
        case _:
            status = 422 if refused.fields or refused.name in OF_WORDS else 409
    errors = [
        {"pointer": f"{below}/{name}", "detail": str(sentence)}
        for name, sentence in refused.fields.items()
    ]
    return Problem(status, refused.name, refused.sentence, errors=errors)


def nothing_here() -> Problem:
    """Return the problem of an address that leads nowhere."""
    return Problem(404, "address.unknown", _("There is nothing at this address."))


def fault() -> Problem:
    """Return the problem of what went wrong through nobody's words."""
    return Problem(
        500, "fault", _("Something went wrong on our side. It was written down for the operators.")
    )

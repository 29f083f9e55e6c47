"""Who asks: a program with a token of one shop."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound
from stammkunde.core.shops import queries
from stammkunde.core.shops.models import Shop, Token
from stammkunde.core.shops.rules import Permission
from stammkunde.faces.api import limits
from stammkunde.faces.api.problems import Problem


@dataclass(frozen=True)
class Visit:
    """A request of a program, the shop it is for, and the token that let it in."""

    request: HttpRequest
    token: Token
    shop: Shop

    @property
    def actor(self) -> Actor:
        """Who does what is done by this request."""
        return Actor("token", self.token.pk)

    def may(self, permission: Permission) -> bool:
        """Return whether the token allows something."""
        return permission in self.token.permissions


class Bearer(HttpBearer):
    """Lets in whoever sends a token that allows what is asked.

    Parameters
    ----------
    permission
        None where any valid token will do.
    """

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Visit:
        """Return the visit.

        Raises
        ------
        Problem
            There is no valid token, it asks too often, or does not allow this.
        """
        scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
        visit = self.authenticate(request, text.strip() if scheme.lower() == "bearer" else "")
        allowance = limits.take(visit.token.pk)
        request.allowance = allowance  # type: ignore[attr-defined]  # told with the answer
        limits.require(allowance)
        if self.permission and not visit.may(self.permission):
            raise Problem(
                403,
                "token.forbids",
                _("This token lacks the permission “%(permission)s”.")
                % {"permission": self.permission},
            )
        request.take_body(request)  # type: ignore[attr-defined]  # as the door decided
        return visit

    def authenticate(self, request: HttpRequest, token: str) -> Visit:
        """Return the visit of a token.

        Raises
        ------
        Problem
            There is none like this.
        """
        if not token:
            raise _unknown(_("Send a token: `Authorization: Bearer skt_…`."), "")
        try:
            # Nobody's token is longer, and what is no ASCII is nobody's.
            found = queries.by_token(token if token.isascii() else "")
        except NotFound as refused:
            raise _unknown(str(refused), ', error="invalid_token"') from refused
        return Visit(request, found, found.shop)


def require_open(visit: Visit) -> None:
    """Refuse a write whose token ran out or was withdrawn while its body came in.

    Raises
    ------
    Problem
        It was.
    """
    try:
        queries.require_open(visit.token)
    except NotFound as refused:
        raise _unknown(str(refused), ', error="invalid_token"') from refused


def _unknown(sentence: str, fault: str) -> Problem:
    challenge = {"WWW-Authenticate": f'Bearer realm="stammkunde"{fault}'}
    return Problem(401, "token.unknown", sentence, headers=challenge)

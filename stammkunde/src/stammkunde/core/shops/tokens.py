"""Verbs that let programs in, and keep them out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, secret
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop, Token
from stammkunde.core.shops.rules import Permission

TOKEN_DAYS_MAX = 366


@transaction.atomic
def make_token(
    shop: Shop,
    name: str,
    *,
    permissions: Collection[Permission],
    days: int,
    actor: Actor,
    by: Person | None = None,
) -> tuple[Token, str]:
    """Make a token for programs; return it with its text, which is shown once.

    Raises
    ------
    Refused
        It has no name, may do nothing, or would last longer than a year.
    """
    if not name.strip() or not permissions:
        raise Refused(
            _("A token needs a name and something it may do."), name="token.is_incomplete"
        )
    if not 1 <= days <= TOKEN_DAYS_MAX:
        raise Refused(
            _("A token lasts between a day and a year."),
            name="token.lasts_too_long",
            fields={"days": _("A token lasts between a day and a year.")},
        )
    text = secret.new("skt")
    token = Token.objects.create(
        shop=shop,
        name=name.strip(),
        hint=text[:8],
        digest=secret.digest(text),
        permissions=sorted(permissions),
        made_by=by,
        expires_at=clock.now() + dt.timedelta(days=days),
    )
    audit.note(
        "token.made",
        actor=actor,
        shop_id=shop.id,
        about=("token", token.id),
        permissions=token.permissions,
        days=days,
    )
    return token, text


@transaction.atomic
def withdraw_token(shop: Shop, token_id: int, *, actor: Actor) -> None:
    """Make a token useless at once.

    Raises
    ------
    NotFound
        The shop has no such token that still works.
    """
    open_ones = Token.objects.filter(shop=shop, pk=token_id, withdrawn_at=None)
    if not open_ones.update(withdrawn_at=clock.now()):
        raise NotFound(_("There is no such token."), name="token.unknown")
    audit.note("token.withdrawn", actor=actor, shop_id=shop.id, about=("token", token_id))

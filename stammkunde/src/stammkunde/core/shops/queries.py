"""Reads about shops; what somebody may not know of does not exist for them."""

from __future__ import annotations

import datetime as dt
from itertools import count

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, secret
from stammkunde.core.errors import Forbidden, NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops import rules
from stammkunde.core.shops.models import Invitation, Membership, Shop, Token
from stammkunde.core.shops.rules import Permission

USED_SECONDS = 60


def free_slug(wanted: str) -> str:
    """Return an address for a shop that no other one has."""
    taken = set(Shop.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for n in count(2) if (slug := f"{wanted}-{n}") not in taken)


def of(person: Person) -> QuerySet[Membership]:
    """Return the open shops of a person with the role in each, by name."""
    found = Membership.objects.filter(person=person, shop__closed_at=None)
    return found.select_related("shop").order_by("shop__name", "shop_id")


def members(shop: Shop) -> QuerySet[Membership]:
    """Return who may do what in a shop, by name."""
    found = Membership.objects.filter(shop=shop).select_related("person")
    return found.order_by(Lower("person__name"), "person__email")


def invitations(shop: Shop) -> QuerySet[Invitation]:
    """Return the invitations that can still be accepted, newest first."""
    found = Invitation.objects.filter(
        shop=shop, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    return found.select_related("invited_by").order_by("-id")


def invitation(shop: Shop, invitation_id: int) -> Invitation:
    """Return an invitation that can still be accepted.

    Raises
    ------
    NotFound
        The shop has none like this.
    """
    one = invitations(shop).filter(pk=invitation_id).first()
    if one is None:
        raise NotFound(_("There is no open invitation like this."), name="invitation.unknown")
    return one


def tokens(shop: Shop) -> QuerySet[Token]:
    """Return the tokens of a shop that were not withdrawn, newest first."""
    return (
        Token.objects.filter(shop=shop, withdrawn_at=None).select_related("made_by").order_by("-id")
    )


def token(shop: Shop, token_id: int) -> Token:
    """Return a token that was not withdrawn.

    Raises
    ------
    NotFound
        The shop has none like this.
    """
    one = tokens(shop).filter(pk=token_id).first()
    if one is None:
        raise NotFound(_("There is no such token."), name="token.unknown")
    return one


def membership(shop: Shop, person_id: int, *, lock: bool = False) -> Membership:
    """Return the membership of a person in a shop.

    Raises
    ------
    NotFound
        There is none.
    """
    found = Membership.objects.filter(shop=shop, person_id=person_id).select_related("person")
    one = (found.select_for_update(of=("self",)) if lock else found).first()
    if one is None:
        raise NotFound(_("This person is no member of the shop."), name="person.unknown")
    return one


def require(person: Person, slug: str, permission: Permission) -> Membership:
    """Return the membership by which a person may do something in a shop.

    Raises
    ------
    NotFound
        The person is no member: the shop does not exist for them.
    Forbidden
        The role does not allow it.
    """
    one = of(person).filter(shop__slug=slug).first()
    if one is None:
        raise NotFound(_("There is no such shop."), name="shop.unknown")
    if not rules.may(one.role, permission):  # type: ignore[arg-type]  # the database checks roles
        raise Forbidden(_("Your role in this shop does not allow this."), name="role.forbids")
    return one


def open_invitation(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a link that can still be accepted.

    Raises
    ------
    NotFound
        There is none: it was accepted, withdrawn, ran out, or never was.
    """
    found = Invitation.objects.filter(
        digest=secret.digest(token),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=clock.now(),
        shop__closed_at=None,
    )
    one = (found.select_for_update() if lock else found.select_related("shop")).first()
    if one is None:
        raise NotFound(
            _("This invitation is no longer valid. Ask for a new one."), name="invitation.unknown"
        )
    return one


def require_open(token: Token) -> None:
    """Refuse a token that ran out or was withdrawn since it let a request in.

    Raises
    ------
    NotFound
        It was; a body of many megabytes may have come in meanwhile.
    """
    found = Token.objects.filter(pk=token.pk, withdrawn_at=None, expires_at__gt=clock.now())
    if not found.filter(shop__closed_at=None).exists():
        raise NotFound(_("This token is not valid."), name="token.unknown")


def by_token(text: str) -> Token:
    """Return the token of a program, and note that it was used.

    Raises
    ------
    NotFound
        It does not exist, ran out, or was withdrawn.
    """
    now = clock.now()
    one = (
        Token.objects.filter(
            digest=secret.digest(text),
            withdrawn_at=None,
            expires_at__gt=now,
            shop__closed_at=None,
        )
        .select_related("shop")
        .first()
    )
    if one is None:
        raise NotFound(_("This token is not valid."), name="token.unknown")
    before = now - dt.timedelta(seconds=USED_SECONDS)
    # Looked at first: an update that changes nothing would wait for other writers all the same.
    if one.used_at is None or one.used_at < before:
        stale = Q(used_at=None) | Q(used_at__lt=before)
        Token.objects.filter(stale, pk=one.pk).update(used_at=now)
    return one

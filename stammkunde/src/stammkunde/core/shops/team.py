"""Verbs that change who may do what in a shop: invitations, roles, leaving."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, secret
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, rules
from stammkunde.core.shops.models import Invitation, Membership, Shop
from stammkunde.core.shops.rules import Role
from stammkunde.core.shops.validity import require_valid

INVITATION_DAYS = 7


@transaction.atomic
def invite(shop: Shop, email: str, *, role: Role, actor: Actor, by: Person | None) -> str:
    """Invite somebody; return the token of the link, which is kept nowhere.

    An open invitation of the same address is withdrawn: the newest link counts.

    Raises
    ------
    Refused
        The address is none, or it belongs to a member already.
    """
    email = email.strip()
    if Membership.objects.filter(shop=shop, person__email__iexact=email).exists():
        raise Refused(
            _("This person is a member of the shop already."),
            name="person.is_member",
            fields={"email": _("This person is a member of the shop already.")},
        )
    _withdraw(Invitation.objects.filter(shop=shop, email__iexact=email), actor=actor)
    token = secret.new("ski")
    invitation = Invitation(
        shop=shop,
        email=email,
        role=role,
        digest=secret.digest(token),
        invited_by=by,
        expires_at=clock.now() + dt.timedelta(days=INVITATION_DAYS),
    )
    require_valid(invitation)
    invitation.save()
    audit.note(
        "person.invited",
        actor=actor,
        shop_id=shop.id,
        about=("invitation", invitation.id),
        role=role,
    )
    return token


@transaction.atomic
def accept(token: str, *, person: Person) -> Membership:
    """Let a person join by an invitation, once.

    Raises
    ------
    NotFound
        There is no open invitation with this token.
    """
    invitation = queries.open_invitation(token, lock=True)
    membership, is_new = Membership.objects.get_or_create(
        shop=invitation.shop, person=person, defaults={"role": invitation.role}
    )
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    audit.note(
        "person.joined",
        actor=Actor("person", person.pk),
        shop_id=invitation.shop_id,
        about=("person", person.pk),
        role=membership.role,
        was_member=not is_new,
        by_another_address=invitation.email.lower() != person.email.lower(),
    )
    return membership


@transaction.atomic
def withdraw_invitation(shop: Shop, invitation_id: int, *, actor: Actor) -> None:
    """Make the link of an invitation useless."""
    found = Invitation.objects.filter(shop=shop, pk=invitation_id)
    if not _withdraw(found, actor=actor):
        raise NotFound(_("There is no open invitation like this."), name="invitation.unknown")


def _withdraw(found: Any, *, actor: Actor) -> int:
    open_ones = found.filter(accepted_at=None, withdrawn_at=None)
    for invitation in open_ones.select_for_update():
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        audit.note(
            "invitation.withdrawn",
            actor=actor,
            shop_id=invitation.shop_id,
            about=("invitation", invitation.id),
        )
    return int(found.filter(withdrawn_at__isnull=False).count())


@transaction.atomic
def give_role(shop: Shop, person_id: int, role: Role, *, actor: Actor) -> Membership:
    """Give a member another role.

    Raises
    ------
    Refused
        It is the last owner: a shop always has one.
    """
    _one_at_a_time(shop)
    membership = queries.membership(shop, person_id, lock=True)
    if role not in ("owner", *rules.ALLOWED):
        raise Refused(_("There is no such role."), name="role.unknown")
    if membership.role == role:
        return membership
    _require_another_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.note(
        "person.role_changed",
        actor=actor,
        shop_id=shop.id,
        about=("person", person_id),
        changed={"role": [before, role]},
    )
    return membership


@transaction.atomic
def remove(shop: Shop, person_id: int, *, actor: Actor) -> None:
    """Take a person out of a shop; what one did stays in the log.

    Raises
    ------
    Refused
        It is the last owner.
    """
    _one_at_a_time(shop)
    membership = queries.membership(shop, person_id, lock=True)
    _require_another_owner(membership)
    membership.delete()
    audit.note("person.removed", actor=actor, shop_id=shop.id, about=("person", person_id))


def _one_at_a_time(shop: Shop) -> None:
    """Let two who change the team of a shop queue, as each would lock the other's rows."""
    Shop.objects.select_for_update().get(pk=shop.pk)


def _require_another_owner(membership: Membership) -> None:
    if membership.role != "owner":
        return
    if Membership.objects.filter(shop=membership.shop, role="owner").count() == 1:
        raise Refused(
            _("This is the last owner. Make somebody else an owner first."),
            name="person.is_last_owner",
        )

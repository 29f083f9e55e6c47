"""What a shop counts, and its accounts of the system."""

from __future__ import annotations

from django.db import transaction

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.ledger import plain, refusals
from stammkunde.ledger.models import KINDS, SYSTEM, Account, Unit


@transaction.atomic
def open_unit(
    shop_id: int,
    code: str,
    *,
    kind: str,
    name: str,
    actor: Actor,
    scale: int = 0,
    currency: str = "",
    four_eyes_above: int | None = None,
) -> Unit:
    """Let a shop count something from now on; one that it counts already is returned as it is.

    Parameters
    ----------
    kind
        `points`, `status`, `money`, `uses`, `budget` or `allowance`.
    scale
        How many digits stand behind the comma when it is shown; what is booked is always whole.
    four_eyes_above
        Corrections by hand of more need a second person; none unless given.
    """
    if kind not in KINDS:
        raise refusals.BadCommand("kind")
    for field, text in (("code", code), ("name", name)):
        if not plain.is_plain(text):
            raise refusals.NotPlain(field)
    unit, is_new = Unit.objects.get_or_create(
        shop_id=shop_id,
        code=code,
        defaults={
            "kind": kind,
            "name": name,
            "scale": scale,
            "currency": currency,
            "four_eyes_above": four_eyes_above,
        },
    )
    if is_new:
        made = [
            Account.objects.create(shop_id=shop_id, unit=unit, role=role, balance=None)
            for role in SYSTEM
        ]
        unit.accounts = {account.role: account.pk for account in made}
        unit.save(update_fields=["accounts"])
        audit.note("ledger.unit_opened", actor=actor, shop_id=shop_id, about=("unit", unit.pk))
    return unit

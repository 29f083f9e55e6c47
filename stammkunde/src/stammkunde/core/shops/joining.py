"""How somebody without an account joins a shop: account and membership at once, or neither."""

from __future__ import annotations

from django.db import transaction

from stammkunde.core.people import services as people
from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import Membership


@transaction.atomic
def accept_as_new(token: str, *, name: str, language: str, password: str) -> Membership:
    """Create the account of whoever was invited, and let them join.

    Raises
    ------
    NotFound
        There is no open invitation with this token.
    Refused
        The address has an account already, or the password is weak.
    """
    invitation = queries.open_invitation(token, lock=True)
    person = people.create(
        invitation.email, name=name, language=language, password=password, actor=None
    )
    return services.accept(token, person=person)

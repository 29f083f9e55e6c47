"""What a person types behind `stammkunde ledger`, looked at before anything is asked of the store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from stammkunde.ledger.plain import is_plain

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop

REASON_MAX = 200


def plain(**said: str) -> None:
    """Refuse words that hold signs which steer a terminal or cannot be stored.

    Raises
    ------
    Refused
        By the name of the first word that does.
    """
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import Refused

    for name, text in said.items():
        if not is_plain(text):
            raise Refused(
                _("%(name)s holds control characters. Write letters, digits and spaces.")
                % {"name": name},
                name="ledger.not_plain",
            )


def reason(text: str) -> str:
    """Return why somebody corrects, without what surrounds it.

    Raises
    ------
    Refused
        Nothing was written, too much, or signs that steer a terminal.
    """
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import Refused

    plain(reason=text)
    kept = text.strip()
    if not 0 < len(kept) <= REASON_MAX:
        raise Refused(
            _("Write a reason of up to %(most)s characters.") % {"most": REASON_MAX},
            name="ledger.reason",
        )
    return kept


def key(text: str) -> str:
    """Return the key of a correction, without what surrounds it."""
    plain(key=text)
    return text.strip()


def days(
    shop: Shop, since: dt.datetime | None, until: dt.datetime | None
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when the first day begins in a shop and when the last one is over; None where none was said.

    Raises
    ------
    Refused
        A day lies outside the years of the ledger, or the last before the first.
    """
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core import clock
    from stammkunde.core.errors import Refused
    from stammkunde.ledger.limits import YEARS

    first, last = YEARS
    for day in (since, until):
        if day is not None and not first <= day.year < last:
            raise Refused(
                _("Choose a day from %(first)s to %(last)s.") % {"first": first, "last": last - 1},
                name="ledger.day",
            )
    if since and until and until < since:
        raise Refused(_("The last day lies before the first."), name="ledger.day")
    begin = None if since is None else clock.midnight(since.date(), shop.zone)
    after = None if until is None else until.date() + dt.timedelta(days=1)
    return begin, None if after is None else clock.midnight(after, shop.zone)


def corrector(shop: Shop, email: str) -> str:
    """Return who corrects, as the ledger keeps it: a member of the shop whose role may.

    Raises
    ------
    NotFound
        Nobody signs in with this address.
    Forbidden
        The person is no member, or their role corrects nothing.
    """
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import Forbidden
    from stammkunde.core.shops import queries, rules
    from stammkunde.faces.cli import product

    person = product.person(email)
    member = queries.members(shop).filter(person=person).first()
    if member is None or not rules.may(member.role, "ledger.adjust"):  # type: ignore[arg-type]  # the database checks roles
        raise Forbidden(
            _("This person may not correct what customers of this shop have."),
            name="ledger.corrector",
        )
    return f"person:{person.pk}"

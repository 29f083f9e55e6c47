"""From points to euros: what a period of a unit means in the general ledger, as rows for DATEV."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte import currencies
from stammkunde.core import clock
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.books import datev, owing, terms
from stammkunde.ledger.books.datev import Client, Posting
from stammkunde.ledger.books.lots_of_unit import lots_of_unit
from stammkunde.ledger.books.models import Adviser, Terms
from stammkunde.ledger.books.rolling import roll_forward
from stammkunde.ledger.models import Unit

# Which account of the terms stands against what is owed, by door.
_AGAINST = {
    "issued": "cost",
    "given_back": "used",
    "redeemed": "used",
    "donated": "used",
    "expired": "lapsed",
    "clawed_back": "cost",
    "adjusted": "cost",
    "converted": "used",
    "transferred": "used",
}


def year(first_month: int, day: dt.date) -> dt.date:
    """Return the first day of the fiscal year in which a day lies.

    >>> year(7, dt.date(2026, 3, 1)), year(1, dt.date(2026, 3, 1))
    (datetime.date(2025, 7, 1), datetime.date(2026, 1, 1))
    """
    return dt.date(day.year - (day.month < first_month), first_month, 1)


def batch(shop: Shop, unit: Unit, since: dt.date, until: dt.date) -> bytes:
    """Return the file of a period for DATEV.

    A unit that is a liability books what came and went, each door at the value of a unit; one that
    needs a provision books by how much the provision changed between the ends of two months.

    Parameters
    ----------
    since, until
        First and last day, of one fiscal year.

    Raises
    ------
    Refused
        The tax adviser, an account or the value of a unit is missing, the days are not whole months
        of one fiscal year, or the unit's branch books nothing.
    """
    adviser, said = _require(shop, unit, since, until)
    begins = year(adviser.year_begins_month, until)
    if said.branch == "liability":
        postings = _movements(shop, unit, said, since, until)
    else:
        postings = _provision(shop, unit, said, since, until)
    return datev.batch(
        Client(adviser.number, adviser.client, begins, adviser.account_digits),
        postings,
        since=since,
        until=until,
        name=f"Stammkunde {unit.code}",
        currency=unit.currency or shop.currency,
        exponent=currencies.exponent(unit.currency or shop.currency),
        made_at=clock.now().astimezone(zoneinfo.ZoneInfo(shop.zone)),
    )


def _movements(
    shop: Shop, unit: Unit, said: Terms, since: dt.date, until: dt.date
) -> list[Posting]:
    """Return one row for each door that anything went through."""
    after = until + dt.timedelta(days=1)
    rolled = roll_forward(
        unit.pk, clock.midnight(since, shop.zone), clock.midnight(after, shop.zone)
    )
    value = said.unit_value_minor or Decimal(0)
    found = []
    for door, amount in rolled.doors.items():
        minor = int((amount * value).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        if minor:
            found.append(_posting(said, door, _AGAINST[door], minor, until, unit))
    return found


def _provision(
    shop: Shop, unit: Unit, said: Terms, since: dt.date, until: dt.date
) -> list[Posting]:
    """Return the row by which the provision changes: added to, or released."""
    lots = lots_of_unit(unit.pk, zone=shop.zone, unit_value=said.unit_value_minor)
    before = owing.owed_on(shop, unit, since - dt.timedelta(days=1), lots)
    change = owing.owed_on(shop, unit, until, lots) - before
    if not change:
        return []
    against = "cost" if change > 0 else "lapsed"
    return [_posting(said, "provision", against, change, until, unit)]


def _posting(
    said: Terms, door: str, against: str, change_minor: int, on: dt.date, unit: Unit
) -> Posting:
    account = getattr(said, against)
    if not account:
        raise Refused(
            _("Say on the page of the unit which account stands for “%(name)s”.")
            % {"name": Terms._meta.get_field(against).name},
            name="books.account_missing",
        )
    return Posting(
        amount_minor=abs(change_minor),
        side="H" if change_minor > 0 else "S",
        account=said.owed,
        contra=account,
        on=on,
        reference=f"{unit.code.upper()}-{on:%Y%m}",
        text=f"{unit.name}: {_words()[door]}",
    )


def _words() -> dict[str, str]:
    return {
        "issued": _("issued"),
        "given_back": _("given back"),
        "redeemed": _("redeemed"),
        "donated": _("donated"),
        "expired": _("lapsed"),
        "clawed_back": _("taken back"),
        "adjusted": _("corrected"),
        "converted": _("converted"),
        "transferred": _("transferred"),
        "provision": _("change of the provision"),
    }


def _require(shop: Shop, unit: Unit, since: dt.date, until: dt.date) -> tuple[Adviser, Terms]:
    """Return what the file needs, or refuse with what is missing."""
    adviser, said = terms.adviser(shop), terms.of(unit)
    if adviser is None:
        raise Refused(
            gettext_lazy("Enter the numbers of your tax adviser first."), name="books.no_adviser"
        )
    if said.branch not in ("provision", "liability"):
        raise Refused(
            gettext_lazy("Nothing is booked for this unit: its branch owes nothing."),
            name="books.nothing_owed",
        )
    if said.unit_value_minor is None:
        raise Refused(
            gettext_lazy("Say on the page of the unit what one unit is worth."),
            name="books.value_missing",
        )
    if not said.owed:
        raise Refused(
            gettext_lazy("Say on the page of the unit on which account the promise stands."),
            name="books.account_missing",
        )
    is_whole = since.day == 1 and (until + dt.timedelta(days=1)).day == 1
    months = adviser.year_begins_month
    if since > until or not is_whole or year(months, since) != year(months, until):
        raise Refused(
            gettext_lazy("A file holds whole months of one fiscal year."), name="books.period"
        )
    return adviser, said

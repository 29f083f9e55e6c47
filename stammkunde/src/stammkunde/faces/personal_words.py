"""What the fields of a person's data are called, and how their values are written for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import dateparse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.faces.dashboard.customers.timeline import RULES
from stammkunde.faces.dashboard.imports.words import KINDS, STATES
from stammkunde.faces.dashboard.ledger.showing import BOOKINGS
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.records.consent import models as consent
from stammkunde.records.customers import models as customers

Words = str | Promise
LABELS: Mapping[str, Words] = {
    **KINDS,
    "amount": gettext_lazy("Amount"),
    "amount_minor": gettext_lazy("Amount"),
    "answer": gettext_lazy("Answer"),
    "answered_at": gettext_lazy("Answered"),
    "at": gettext_lazy("Time"),
    "available": gettext_lazy("Available"),
    "balance": gettext_lazy("Balance"),
    "balances": gettext_lazy("Balances"),
    "bookings": gettext_lazy("Bookings"),
    "cause": gettext_lazy("Cause"),
    "channel": gettext_lazy("Channel"),
    "confidence_percent": gettext_lazy("Confidence in percent"),
    "contacts": gettext_lazy("Contacts"),
    "country": gettext_lazy("Country"),
    "created_at": gettext_lazy("Created"),
    "currency": gettext_lazy("Currency"),
    "customer_since": gettext_lazy("Recorded since"),
    "debt": gettext_lazy("Debt"),
    "due_at": gettext_lazy("Due"),
    "earned": gettext_lazy("Given"),
    "email": gettext_lazy("E-mail address"),
    "ends_at": gettext_lazy("Ends"),
    "expires_at": gettext_lazy("Ends"),
    "external_id": gettext_lazy("Number"),
    "facts": gettext_lazy("What was said about consent"),
    "files": gettext_lazy("Files that name this person"),
    "first_order_on": gettext_lazy("First order"),
    "forecasts": gettext_lazy("Forecast of the next 12 months"),
    "foretold_on": gettext_lazy("From the orders until"),
    "held": gettext_lazy("Reserved"),
    "highest": gettext_lazy("Highest score"),
    "kind": gettext_lazy("Kind"),
    "known_by": gettext_lazy("Known by"),
    "last_order_on": gettext_lazy("Last order"),
    "line_number": gettext_lazy("Line"),
    "lines": gettext_lazy("Order lines"),
    "lots": gettext_lazy("What is open"),
    "lowest": gettext_lazy("Lowest score"),
    "merges": gettext_lazy("Joined records"),
    "monthly_minor": gettext_lazy("Amount a month"),
    "name": gettext_lazy("Name"),
    "next_order_due_on": gettext_lazy("Next order due"),
    "next_order_on": gettext_lazy("Next order by"),
    "number": gettext_lazy("Customer number"),
    "opened_at": gettext_lazy("Opened"),
    "order_number": gettext_lazy("Order number"),
    "orders_expected": gettext_lazy("Orders expected"),
    "original_currency": gettext_lazy("Original currency"),
    "original_minor": gettext_lazy("Original amount"),
    "pending": gettext_lazy("Pending"),
    "phone": gettext_lazy("Phone"),
    "placed_at": gettext_lazy("Time of the order"),
    "product": gettext_lazy("Product"),
    "product_id": gettext_lazy("Product number"),
    "profit_minor": gettext_lazy("Gross profit so far"),
    "proof": gettext_lazy("Proof"),
    "purpose": gettext_lazy("Purpose"),
    "qualified": gettext_lazy("Qualified"),
    "quantity": gettext_lazy("Quantity"),
    "question": gettext_lazy("Question"),
    "reason": gettext_lazy("Reason"),
    "refunded_at": gettext_lazy("Refunded"),
    "refunded_minor": gettext_lazy("Refunded in all"),
    "returned_at": gettext_lazy("Returned"),
    "revenue_minor": gettext_lazy("Revenue"),
    "rfm_group": gettext_lazy("RFM group"),
    "rule": gettext_lazy("Recognized by"),
    "score": gettext_lazy("Score"),
    "since": gettext_lazy("Since"),
    "solved_at": gettext_lazy("Solved"),
    "source": gettext_lazy("Source"),
    "starts_at": gettext_lazy("Begins"),
    "still_customer_percent": gettext_lazy("Still a customer, in percent"),
    "state": gettext_lazy("State"),
    "subscription_id": gettext_lazy("Subscription"),
    "ticket_id": gettext_lazy("Service request"),
    "undone_at": gettext_lazy("Parted again"),
    "unit": gettext_lazy("Unit"),
    "unit_price": gettext_lazy("Price of one"),
    "units": gettext_lazy("Units"),
    "uploaded_at": gettext_lazy("Uploaded"),
    "value": gettext_lazy("Value"),
    "value_ahead_minor": gettext_lazy("Value in 12 months"),
    "value_high_minor": gettext_lazy("Value at most, four of five times"),
    "value_low_minor": gettext_lazy("Value at least, four of five times"),
    "value_minor": gettext_lazy("Value so far"),
    "weight": gettext_lazy("Weight"),
    "words": gettext_lazy("Words"),
}
# Values that are names in the code, by their field.
VALUES: Mapping[str, Mapping[str, Words]] = {
    "channel": dict(consent.CHANNELS),
    "kind": {**dict(customers.KINDS), **BOOKINGS},
    "purpose": dict(consent.PURPOSES),
    "rule": RULES,
    "state": {**STATES, **dict(consent.STATES)},
}
# Kept as text, so that no digit is lost.
DECIMALS = ("orders_expected", "quantity", "still_customer_percent", "unit_price", "units")
NOTHING = "–"


def label(name: str) -> str:
    """Return what a field is called; a name that came with a proof stays as it is."""
    return str(LABELS.get(name, name))


def written(name: str, kept: Any, *, currency: str) -> str:
    """Return a value as people read it.

    Parameters
    ----------
    currency
        Of amounts that name none.
    """
    match kept:
        case None | "":
            return NOTHING
        case bool():
            return _("yes") if kept else _("no")
        case list():
            return "; ".join(written(name, each, currency=currency) for each in kept)
        case dict():
            own = str(kept.get("currency") or currency)
            parts = ((key, written(key, each, currency=own)) for key, each in kept.items())
            return ", ".join(f"{label(key)} {text}" for key, text in parts if text != NOTHING)
        case int() if name.endswith("_minor"):
            return formats.money(kept, currency)
        case int():
            return formats.number(kept)
        case str() | float() if name in DECIMALS:
            return _decimal(str(kept))
        case str() if name.endswith(("_at", "_on")) or name in ("at", "since", "customer_since"):
            return _time(kept)
        case _:
            return str(VALUES.get(name, {}).get(str(kept), kept))


def _decimal(text: str) -> str:
    value = Decimal(text)
    digits = value.as_tuple().exponent
    return formats.number(value, -digits if isinstance(digits, int) and digits < 0 else 0)


def _time(text: str) -> str:
    instant = dateparse.parse_datetime(text)
    if instant is None:
        found = dateparse.parse_date(text)
        return formats.day(found) if found else text
    if len(text) == len("2026-01-31"):
        return formats.day(instant.date())
    return formats.moment(instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC))

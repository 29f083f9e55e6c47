"""Amounts of a unit as people type them: 12,50 where the unit has cents, whole numbers where it has none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stammkunde.faces.dashboard.imports.figures import AmountField
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.ledger.models import Unit

MOST = 10**12
MINUS = "\N{MINUS SIGN}"


def places_of(kind: str, currency: str, scale: int) -> int:
    """Return how many decimal places amounts are shown with: those of the currency, or of the unit."""
    return get_currency_precision(currency) if kind == "money" and currency else scale


def smallest(amount: Decimal, places: int, *, least: int = -MOST) -> int:
    """Return an amount in the smallest part of a unit, which is what the ledger counts in.

    >>> smallest(Decimal("12.5"), 2)
    1250

    Raises
    ------
    ValidationError
        It has more decimal places than the unit, or is out of bounds.
    """
    scaled = amount.scaleb(places)
    if scaled != scaled.to_integral_value():
        few = ngettext(
            "At most %(places)s decimal place.", "At most %(places)s decimal places.", places
        )
        raise ValidationError(few % {"places": places} if places else _("Write a whole number."))
    if not least <= scaled <= MOST:
        raise ValidationError(_("Such an amount cannot be booked."))
    return int(scaled)


class UnitAmountField(AmountField):
    """An amount of one unit as people write it; its clean value is what the ledger counts in."""

    places = 0

    def of(self, unit: Unit) -> None:
        """Take amounts of a unit from now on; of money, say in which currency."""
        self.places = places_of(unit.kind, unit.currency, unit.scale)
        if unit.kind == "money" and unit.currency:
            example = formats.money(1250, unit.currency)
            self.help_text = f"{_('Such as %(example)s.') % {'example': example}} {self.help_text}"

    def clean(self, value: Any) -> Any:
        """Return the amount, None where nothing was typed."""
        amount = super().clean(str(value or "").replace(MINUS, "-"))
        return None if amount is None else smallest(amount, self.places)

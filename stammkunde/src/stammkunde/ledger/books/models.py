"""What the books need to know of units and shops, and what was reckoned last."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.ledger.books.branches import BRANCHES, RULES

ACCOUNT = RegexValidator(r"^\d{1,9}$", _("An account is a number of up to nine digits."))


class Terms(models.Model):
    """How a unit stands in the books: its branch, its value, and the accounts of the general ledger.

    `owed` is where the promise stands, `cost` what it costs when given, `used` where it goes when it is
    redeemed, `lapsed` where it goes when it lapses.
    """

    unit = models.OneToOneField("ledger.Unit", on_delete=models.CASCADE, primary_key=True)
    branch = models.CharField(max_length=9, choices=[(name, RULES[name].name) for name in BRANCHES])
    # Minor units of money for one unit: a point may be worth half a cent.
    unit_value_minor = models.DecimalField(
        max_digits=14, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    owed = models.CharField(max_length=9, blank=True, validators=[ACCOUNT])
    cost = models.CharField(max_length=9, blank=True, validators=[ACCOUNT])
    used = models.CharField(max_length=9, blank=True, validators=[ACCOUNT])
    lapsed = models.CharField(max_length=9, blank=True, validators=[ACCOUNT])

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit_value_minor=None) | Q(unit_value_minor__gte=0),
                name="ledger_books_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.branch}"


class Adviser(models.Model):
    """Whose books they are, in the numbers of the tax adviser."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    number = models.PositiveIntegerField(
        validators=[MinValueValidator(1001), MaxValueValidator(9_999_999)]
    )
    client = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(99_999)]
    )
    year_begins_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    account_digits = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(4), MaxValueValidator(8)]
    )

    def __str__(self) -> str:
        return f"{self.number}/{self.client}"


class Reckoning(models.Model):
    """What was reckoned last: what is owed for a unit, or what the audit of a shop found."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    # Empty for the shop as a whole.
    unit = models.ForeignKey("ledger.Unit", on_delete=models.CASCADE, null=True)
    kind = models.CharField(max_length=9, choices=[("liability", "liability"), ("audit", "audit")])
    month = models.PositiveIntegerField(default=0)
    answer = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "kind", "unit", "month"],
                name="ledger_books_reckoned_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}"

"""The tables of period closes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock


class Close(models.Model):
    """All that was recorded before `until` is closed; the hash chains it to what was closed before."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, db_index=False)
    unit = models.ForeignKey("ledger.Unit", on_delete=models.PROTECT)
    until = models.DateTimeField()
    last = models.ForeignKey(
        "ledger.Transaction", on_delete=models.PROTECT, null=True, db_index=False
    )
    count = models.PositiveBigIntegerField()
    # What the accounts of each role held then, together, and when the latest of all that is closed took effect:
    # whoever counts on from here needs nothing older.
    sums = models.JSONField(default=dict)
    latest_at = models.DateTimeField(null=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    closed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "until"], name="ledger_close_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.until:%Y-%m-%d}"


class CloseBalance(models.Model):
    """What an account held when its unit was closed."""

    close = models.ForeignKey(Close, on_delete=models.PROTECT)
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, db_index=False)
    balance = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.balance}"

"""The table of wallets."""

from __future__ import annotations

import secrets

from django.db import models

from stammkunde.core import clock


def new_key() -> str:
    """Return a key that nobody can guess and that says nothing."""
    return secrets.token_hex(10)


class Wallet(models.Model):
    """The key by which the ledger knows a customer. Without this row nobody can tell whose it was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE)
    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE)
    key = models.CharField(max_length=20, unique=True, default=new_key)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.key

"""What the interface remembers: which requests were answered, and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock
from stammkunde.core.shops.models import Shop, Token


class Answered(models.Model):
    """A write that was done under a key of its caller; written in the transaction of the work.

    Answers hold ids and outcomes, nobody's name or address; of the words asked there is a salted hash.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, db_index=False)
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "token", "key"], name="api_answered_once"),
        ]

    def __str__(self) -> str:
        return self.key

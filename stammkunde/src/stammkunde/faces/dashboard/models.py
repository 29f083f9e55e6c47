"""What the dashboard remembers about how somebody uses it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock
from stammkunde.core.shops.models import Membership


class Dismissal(models.Model):
    """A member does not want to see a hint any more, or ticked it off by hand."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="dismissals")
    hint = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "hint"], name="dashboard_dismissed_once"),
        ]

    def __str__(self) -> str:
        return self.hint

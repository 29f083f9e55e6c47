"""The table of the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock


class Event(models.Model):
    """Somebody did something. The database refuses changes and deletions (see the migrations)."""

    at = models.DateTimeField(default=clock.now)
    shop_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop_id", "-id"], name="audit_by_shop"),
            models.Index(
                fields=["shop_id", "object_kind", "object_id", "-id"], name="audit_by_object"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name}"

"""The table of annotations: what happened on a day, or over some days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from stammkunde.core import clock

TEXT_MAX = 200


class Annotation(models.Model):
    """What happened on a day that may show in numbers; of one metric, or of all where it names none."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    starts_on = models.DateField()
    # The last day; the same as the first where it was one day.
    ends_on = models.DateField()
    text = models.CharField(max_length=TEXT_MAX)
    metric = models.CharField(max_length=80, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="annotations_days_in_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-starts_on", "-id"], name="annotations_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.text}"

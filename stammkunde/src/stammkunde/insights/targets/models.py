"""The table of targets: what a metric is to be, from a day on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

# A target without a grain holds for periods of every length; a total needs one.
GRAINS = (
    ("", _("every length")),
    ("month", _("a month")),
    ("quarter", _("a quarter")),
    ("year", _("a year")),
    ("week", _("a week")),
    ("day", _("a day")),
)


class Target(models.Model):
    """What a shop wants a metric to be, in the periods that lie in its days as a whole."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    metric = models.CharField(max_length=80)
    grain = models.CharField(max_length=7, choices=GRAINS, blank=True, default="")
    # Percent from 0 to 100, money in major units: as the metric is written.
    value = models.FloatField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="targets_days_in_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "metric", "since"], name="targets_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value:g}"

"""The tables of scheduled exports: which numbers how often, and every file that was made."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

KEPT_MAX = 60
GRAINS = (
    ("day", _("Days")),
    ("week", _("Weeks")),
    ("month", _("Months")),
    ("quarter", _("Quarters")),
    ("year", _("Years")),
)
FORMATS = (("csv", "CSV"), ("json", "JSON"))
RHYTHMS = (
    ("daily", _("every day")),
    ("weekly", _("every week, on its first day")),
    ("monthly", _("every month, on its first day")),
)
MADE, FAILED = "made", "failed"
STATES = ((MADE, _("made")), (FAILED, _("failed")))


class Schedule(models.Model):
    """Numbers that are written into a file again and again."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=80)
    # The slugs of the metrics; none is every metric that the data can tell.
    metrics = models.JSONField(default=list)
    grain = models.CharField(max_length=7, choices=GRAINS, default="month")
    format = models.CharField(max_length=4, choices=FORMATS, default="csv")
    rhythm = models.CharField(max_length=7, choices=RHYTHMS, default="monthly")
    kept = models.PositiveSmallIntegerField(default=12)
    is_paused = models.BooleanField(default=False)
    # Who gets a mail with a link to each new file; nobody unless chosen.
    told = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    # Where the product is, as whoever decided it saw it.
    address = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kept__gte=1, kept__lte=KEPT_MAX), name="outputs_kept_some"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "-id"], name="outputs_of_shop")]

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """A file of one day, or why there is none."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="files")
    due_on = models.DateField()
    # Under the folder of the schedule; empty where it failed.
    name = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=6, choices=STATES)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    # Written before the mail is handed over: it is never sent twice.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "due_on"], name="outputs_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_on}"

"""The tables of background work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (
    (WAITING, _("waiting")),
    (RUNNING, _("running")),
    (DONE, _("done")),
    (FAILED, _("failed")),
    (CANCELLED, _("cancelled")),
)
OPEN = (WAITING, RUNNING)


class Job(models.Model):
    """Work to be done in the background, written in the transaction that decided it."""

    name = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    shop = models.ForeignKey(
        "shops.Shop", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=STATES, default=WAITING)
    run_at = models.DateTimeField(default=clock.now)
    # Who works on it, and until when one may be believed to be alive.
    leased_by = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    attempts_max = models.PositiveIntegerField()
    cancel_asked = models.BooleanField(default=False)
    progress_done = models.PositiveBigIntegerField(null=True)
    progress_total = models.PositiveBigIntegerField(null=True)
    outcome = models.TextField(blank=True)
    error = models.TextField(blank=True)
    traceback = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "name",
                Coalesce("shop", 0),
                "key",
                condition=Q(state__in=OPEN) & ~Q(key=""),
                name="jobs_key_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _name in STATES]), name="jobs_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=RUNNING) | Q(lease_until__isnull=False), name="jobs_lease"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run_at", "id"], condition=Q(state=WAITING), name="jobs_due"),
            models.Index(fields=["lease_until"], condition=Q(state=RUNNING), name="jobs_leases"),
            models.Index(fields=["shop", "-id"], name="jobs_by_shop"),
            models.Index(fields=["ended_at"], name="jobs_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Tick(models.Model):
    """A rule was due: the row lets one worker alone enqueue its job."""

    name = models.CharField(max_length=80)
    shop = models.ForeignKey(
        "shops.Shop", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("name", Coalesce("shop", 0), "at", name="jobs_tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"

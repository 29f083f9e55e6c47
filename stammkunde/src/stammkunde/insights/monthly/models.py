"""The tables of the monthly report: the plan, who receives it, each edition, and every message."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

# Every month has these days.
DAY_MAX = 28
WAITING, SENDING, SENT, FAILED, UNKNOWN = "waiting", "sending", "sent", "failed", "unknown"
STATES = (
    (WAITING, _("about to be sent")),
    (SENDING, _("being sent")),
    (SENT, _("sent")),
    (FAILED, _("not sent")),
    (UNKNOWN, _("unknown whether it arrived")),
)
# Why a message was not sent.
FAULTS = (
    ("", ""),
    ("unreachable", _("The mail server could not be reached.")),
    ("refused", _("The mail server did not take the message.")),
    ("left", _("The person is no longer in the team.")),
)


class Plan(models.Model):
    """When a shop's report goes out; without a plan it can only be read."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    day = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(DAY_MAX)]
    )
    is_paused = models.BooleanField(default=False)
    # The first month of which a report is sent: nobody is sent the past because a plan is new.
    first_month = models.DateField()
    # Where the product is, as whoever decided the plan saw it: links in messages begin with it.
    address = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=DAY_MAX), name="monthly_day_of_every_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"


class Recipient(models.Model):
    """A member of the team who receives the report."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "person"], name="monthly_recipient_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.person_id}"


class Edition(models.Model):
    """The report of a month as it was sent: what it says does not change with the numbers."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    # Its first day.
    month = models.DateField()
    language = models.CharField(max_length=2)
    content = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "month"], name="monthly_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.month:%Y-%m}"


class Delivery(models.Model):
    """One message: one for each edition and person, however often a worker begins anew."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    state = models.CharField(max_length=7, choices=STATES, default=WAITING)
    fault = models.CharField(max_length=12, choices=FAULTS, blank=True, default="")
    # How often it was begun: an answer to an earlier attempt changes nothing of a later one.
    attempts = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "person"], name="monthly_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _name in STATES]), name="monthly_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.person_id} {self.state}"

"""The tables of consent: facts that are only ever added, wordings, proofs, and suppressed addresses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

PURPOSES = (
    ("marketing", _("Advertising")),
    ("surveys", _("Surveys")),
    ("profiling", _("Personal recommendations")),
    ("audiences", _("Advertising networks")),
)
CHANNELS = (
    ("email", _("E-mail")),
    ("sms", _("SMS")),
    ("phone", _("Phone")),
    ("post", _("Post")),
    ("ads", _("Advertising networks")),
)
STATES = (("given", _("given")), ("withdrawn", _("withdrawn")))


class Wording(models.Model):
    """The words that somebody agreed to. Rows are only added (see the migrations)."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, db_index=False)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    first_used_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "digest"], name="consent_wording_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Fact(models.Model):
    """Somebody gave or withdrew consent. Rows are only added, and hold no address in plain words."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, db_index=False)
    customer_id = models.BigIntegerField()
    purpose = models.CharField(max_length=10, choices=PURPOSES)
    channel = models.CharField(max_length=5, choices=CHANNELS)
    state = models.CharField(max_length=9, choices=STATES)
    # The salted hash of the address it is about: consent for one is none for another.
    address = models.CharField(max_length=64)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, db_index=False)
    source = models.CharField(max_length=40)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state for state, _name in STATES]),
                name="consent_state",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=[purpose for purpose, _name in PURPOSES]),
                name="consent_purpose",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[channel for channel, _name in CHANNELS]),
                name="consent_channel",
            ),
            # Whoever gives consent is shown words.
            models.CheckConstraint(
                condition=models.Q(state="withdrawn") | models.Q(wording__isnull=False),
                name="consent_has_wording",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "customer_id", "-id"], name="consent_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.state}"


class Proof(models.Model):
    """What proves a fact, such as the confirmed link; personal, so it goes with an erasure."""

    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, primary_key=True)
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.fact_id)


class Suppression(models.Model):
    """An address that nothing is sent to, as its salted hash."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    channel = models.CharField(max_length=5, choices=CHANNELS)
    address = models.CharField(max_length=64)
    reason = models.CharField(max_length=20)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "channel", "address"], name="consent_suppressed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.reason}"

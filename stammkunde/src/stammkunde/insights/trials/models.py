"""The table of trials."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

NAME_MAX = 80
PLANNED, READING, ASKING, READ, FAILED = "planned", "reading", "asking", "read", "failed"
# A planned trial that has begun; it is not kept but told from the day.
RUNNING = "running"
STATES = (
    (PLANNED, _("planned")),
    (READING, _("being read")),
    (ASKING, _("asks something")),
    (READ, _("read")),
    (FAILED, _("cannot be read")),
)
# What the headline says, of all arms together: the best of them stands for the trial.
BETTER, WORSE, CHANCE, OFF = "better", "worse", "chance", "off"
VERDICTS = (
    (BETTER, _("worked")),
    (WORSE, _("did harm")),
    (CHANCE, _("within chance")),
    (OFF, _("proves nothing")),
)


class Trial(models.Model):
    """A trial: as it was planned, and as its file told it in sums of at least ten customers each."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    name = models.CharField(_("Name"), max_length=NAME_MAX)
    # As `plans.as_record` writes it, with who declared it and when; empty where nobody did beforehand.
    plan = models.JSONField(default=dict)
    planned_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    starts_on = models.DateField(null=True)
    file_name = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    # Where the file lies until it is read; nothing of it stays afterwards.
    folder = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=8, choices=STATES, default=READING)
    verdict = models.CharField(max_length=8, choices=VERDICTS, blank=True, default="")
    customers = models.BigIntegerField(null=True)
    # As `codec.pack` writes them: the sums, and the sentence of a file that cannot be read.
    sums = models.BinaryField(null=True)
    fault = models.BinaryField(null=True)
    # Names alone: what the columns are, which part the customers into which arms, and groups.
    columns = models.JSONField(default=dict)
    # How it is read, and what it says then.
    choice = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "made_at"], name="trials_of_shop"),
        ]

    def __str__(self) -> str:
        return self.name

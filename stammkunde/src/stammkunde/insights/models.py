"""What is counted, ready to be shown: snapshots of a shop's numbers, and which columns they are of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock


class Columns(models.Model):
    """Which columns belong to this store: those that hold, and those about to."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    manifest = models.CharField(max_length=16, blank=True, default="")
    coming = models.CharField(max_length=16, blank=True, default="")

    def __str__(self) -> str:
        return self.manifest


class Snapshot(models.Model):
    """The numbers of a shop at one state of its data, by one set of decisions and definitions.

    Pages show the current one; it is replaced as a whole.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    manifest = models.CharField(max_length=16)
    mark = models.BigIntegerField()
    # The shop's decisions that numbers rest on, and the definitions they were computed by.
    decisions = models.CharField(max_length=32)
    definitions = models.CharField(max_length=32)
    data_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    # How long it took, export included: large shops are refreshed less often.
    seconds = models.FloatField(default=0)
    first_on = models.DateField(null=True)
    # The last day that the data hold.
    last_on = models.DateField(null=True)
    orders = models.BigIntegerField(default=0)
    is_current = models.BooleanField(default=False)
    # What answers were computed from, by which those that hold on are known (see `reuse`).
    ground = models.CharField(max_length=32, blank=True, default="")
    tables = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop"],
                condition=models.Q(is_current=True),
                name="insights_snapshot_current_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "-id"], name="insights_snapshot_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.mark}"


class Answer(models.Model):
    """What a question was answered with: part of the snapshot, or asked for later and kept with it."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, db_index=False)
    question = models.CharField(max_length=40)
    # What the question is about, as canonical text: a slug, a grain, a condition.
    about = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=32)
    # As `codec.pack` writes it.
    result = models.BinaryField()
    # The tables that were read for it; empty where nobody noted them.
    tables = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "digest"], name="insights_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.about}"


class Forecast(models.Model):
    """What is foretold of a shop, as of one state of its data; an old one stays until a new one is whole.

    `result` holds what pages say of it, `file` the numbers of single customers, where there are any.
    """

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    manifest = models.CharField(max_length=16)
    mark = models.BigIntegerField()
    decisions = models.CharField(max_length=32)
    definitions = models.CharField(max_length=32)
    data_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    seconds = models.FloatField(default=0)
    # The last day of the data: what is foretold begins after it.
    as_of = models.DateField(null=True)
    file = models.CharField(max_length=60, blank=True, default="")
    result = models.JSONField()

    def __str__(self) -> str:
        return f"{self.shop_id} {self.as_of}"

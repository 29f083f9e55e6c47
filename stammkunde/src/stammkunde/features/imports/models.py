"""The tables of imports: their files, how far they are, and what was remembered for the next one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

STATES = (
    ("uploaded", _("Uploaded")),
    ("questions", _("Has questions")),
    ("previewed", _("Ready")),
    ("publishing", _("Being published")),
    ("published", _("Published")),
    ("undoing", _("Being undone")),
    ("undone", _("Undone")),
    ("failed", _("Cannot be read")),
)
# Rows of these do not count yet, or no longer.
UNFINISHED = ("publishing", "undoing")


class Import(models.Model):
    """Files that go into the records together: what was understood, asked, planned and done."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE)
    # The channel whose numbers these are; the same channel finds its rows again.
    source = models.CharField(max_length=40, default="shop")
    state = models.CharField(max_length=10, choices=STATES, default="uploaded")
    # Of all files together, by which the same bytes are known again.
    digest = models.CharField(max_length=64)
    # What the person said of the files, and what was understood; both as options of `kohorte`.
    said = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    layout = models.CharField(max_length=64, blank=True, default="")
    # Each look is a number; the file of the one that counts bears it.
    looks = models.PositiveIntegerField(default=0)
    understood = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    fault = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state for state, _name in STATES]),
                name="imports_state",
            ),
            models.UniqueConstraint(
                fields=["shop"],
                condition=models.Q(state__in=UNFINISHED),
                name="imports_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "digest"], name="imports_by_digest")]

    def __str__(self) -> str:
        return f"{self.shop_id}/{self.pk} {self.state}"


class File(models.Model):
    """A file of an import, kept as it came until the retention rules or an erasure say otherwise."""

    import_of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    # Within the folder of data.
    path = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    redacted_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["import_of", "place"], name="imports_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Chunk(models.Model):
    """A part of an import that is done, written in the transaction of its rows."""

    import_of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    step = models.CharField(max_length=30)
    number = models.IntegerField()
    counts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["import_of", "step", "number"], name="imports_chunk_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.number}"


class Mapping(models.Model):
    """What was said about files of one layout, remembered for the next of them."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE)
    source = models.CharField(max_length=40)
    layout = models.CharField(max_length=64)
    said = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "source", "layout"], name="imports_mapping_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.layout[:8]}"

"""Questions in SQL that people asked, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from stammkunde.core import clock

OPEN, DONE, FAILED, CANCELLED = "open", "done", "failed", "cancelled"
STATES = (OPEN, DONE, FAILED, CANCELLED)


class Query(models.Model):
    """A question of one person; only that person sees it. Its rows stand in a folder of its own."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    state = models.CharField(max_length=9, default=OPEN)
    # Why there is no answer: the name of a fault, and what it is about.
    fault = models.CharField(max_length=20, blank=True, default="")
    about = models.TextField(blank=True, default="")
    # Names and types of the columns, and where each page of rows begins in the file.
    columns = models.JSONField(default=list)
    offsets = models.JSONField(default=list)
    rows = models.BigIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    seconds = models.FloatField(default=0)
    data_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="sql_query_state"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "person", "-id"], name="sql_query_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.pk}"

"""Saved views."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

NAME_MAX = 80


class View(models.Model):
    """A page with what its address chose, as somebody wants to find it again."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=NAME_MAX)
    # The page by its name in the product, what it is about, and what its address chose.
    page = models.CharField(max_length=40)
    about = models.CharField(max_length=80, blank=True, default="")
    query = models.TextField(blank=True, default="")
    # What is too long for an address: a question in SQL.
    text = models.TextField(blank=True, default="")
    is_shared = models.BooleanField(_("Shared with the team"), default=False)
    rank = models.IntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "person", "name"],
                condition=models.Q(deleted_at__isnull=True),
                name="views_name_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "person", "rank"], name="views_of_person"),
        ]

    def __str__(self) -> str:
        return self.name

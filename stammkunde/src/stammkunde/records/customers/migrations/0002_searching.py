"""Lets the store keep what finding and sorting customers needs."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from stammkunde.records.customers import searching


class Migration(migrations.Migration):
    """Makes the indexes of the list, and the trigrams of names and keys."""

    dependencies: ClassVar = [("customers", "0001_initial")]
    operations: ClassVar = [searching.keep()]

"""What was said stays as it was said."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from stammkunde.core.append_only import protect


class Migration(migrations.Migration):
    """Lets the database refuse changes and deletions."""

    dependencies: ClassVar = [("consent", "0001_initial")]
    operations: ClassVar = [protect("consent_fact"), protect("consent_wording")]

"""What is in the log stays as it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from stammkunde.core.append_only import protect


class Migration(migrations.Migration):
    """Lets the database refuse changes and deletions."""

    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [protect("audit_event")]

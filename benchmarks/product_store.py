"""The product on an empty SQLite of its own, set up before the clock starts; with the process it goes."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = tempfile.TemporaryDirectory(prefix="bench-")
PATH = Path(FOLDER.name) / "store.sqlite3"

os.environ |= {
    "STAMMKUNDE_DEBUG": "1",
    "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    "DATABASE_URL": f"sqlite:///{PATH}",
    "STAMMKUNDE_DATA": f"{FOLDER.name}/data",
}
_django: Any = import_module("django")
_django.setup()
# Developer mode would keep every statement.
import_module("django.conf").settings.DEBUG = False
import_module("django.core.management").call_command("migrate", verbosity=0)
import_module("stammkunde.flows.jobs")
import_module("kohorte.reading")

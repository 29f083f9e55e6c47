"""The product on an empty PostgreSQL of its own, set up before the clock starts; with the process it goes."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import runs

_postgres = import_module("tools.postgres")
_programs = _postgres.programs()
if _programs is None:
    raise runs.ContenderError("PostgreSQL is not installed.")
_kept = ExitStack()
atexit.register(_kept.close)
FOLDER = Path(_kept.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
SERVER: Any = _kept.enter_context(_postgres.running(_programs, is_durable=True))
for _name in ("bench", "raw"):
    SERVER.ask(f"CREATE DATABASE {_name}")
RAW = f"host=127.0.0.1 port={SERVER.port} user=postgres dbname=raw"

os.environ |= {
    "STAMMKUNDE_DEBUG": "1",
    "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{SERVER.port}/bench",
    "STAMMKUNDE_DATA": str(FOLDER / "data"),
}
_django: Any = import_module("django")
_django.setup()
# Developer mode would keep every statement.
import_module("django.conf").settings.DEBUG = False
import_module("django.core.management").call_command("migrate", verbosity=0)
_kept.callback(import_module("django.db").connection.close)
import_module("stammkunde.flows.jobs")
import_module("kohorte.reading")

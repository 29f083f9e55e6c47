"""The door for web servers."""

from __future__ import annotations

import os

from stammkunde.core.upkeep import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stammkunde.config.settings")
application = serving.application()

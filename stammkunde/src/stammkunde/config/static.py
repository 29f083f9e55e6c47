"""Addresses of stylesheets and scripts: each names what is in the file, so browsers keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

SIGNS = 12


class Storage(StaticFilesStorage):
    """Adds the start of a file's hash to its address.

    Files are served from the package as they are: nothing has to be collected before the product starts,
    and a new version never shows pages with the styles of the old one.
    """

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """Return the address of a file; one that does not exist stays without a hash."""
        address = super().url(name, *args, **kwargs)
        stamp = _stamp(name or "")
        return f"{address}?v={stamp}" if stamp else address


@cache
def _stamp(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:SIGNS]

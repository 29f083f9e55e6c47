"""Where the scripts of the report lie, which pages of numbers share."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def folder() -> Path:
    """Return the folder, without loading the library: settings are read by every command.

    >>> (folder() / "files.js").exists()
    True
    """
    found = find_spec("kohorte")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("kohorte is not installed.")
    return Path(found.origin).parent / "report" / "assets"

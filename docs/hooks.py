"""What mkdocs does beyond its own: write the pages that are made from the code before it looks for pages."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools.reference import pages  # noqa: E402 - after the path that finds it


def on_pre_build(config: MkDocsConfig) -> None:
    """Bring `docs/<language>/reference` and `docs/<language>/decisions` up to date."""
    pages.write(ROOT / "docs")

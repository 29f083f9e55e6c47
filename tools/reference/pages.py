"""Which pages are made, and how they reach the folder where mkdocs looks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kohorte.language import LANGUAGES, Language
from tools.reference import (
    commands,
    decisions,
    metrics,
    product_commands,
    product_settings,
    reading,
    relations,
    settings,
    tables,
)

PAGES: dict[str, Callable[[Language], str]] = {
    "reference/commands.md": commands.page,
    "reference/metrics.md": metrics.page,
    "reference/relations.md": relations.page,
    "reference/reading.md": reading.page,
    "reference/settings.md": settings.page,
    "reference/tables.md": tables.page,
    "reference/product-settings.md": product_settings.page,
    "reference/product-commands.md": product_commands.page,
    **decisions.PAGES,
}


def all_pages() -> dict[str, str]:
    """Return the text of every page by its path below `docs`."""
    return {
        f"{language}/{path}": page(language)
        for language in LANGUAGES
        for path, page in PAGES.items()
    }


def write(docs: Path) -> None:
    """Write the pages, and remove what is no longer made.

    A page that would not change is left alone, so that nothing is rebuilt in vain.
    """
    made = all_pages()
    for path, text in made.items():
        file = docs / path
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for folder in {(docs / path).parent for path in made}:
        for file in folder.glob("*.md"):
            if file.relative_to(docs).as_posix() not in made:
                file.unlink()

"""The words of the product's pages: gather them from code and templates, and compile the German ones.

Usage: ``python -m tools.messages`` compiles what is stale, ``python -m tools.messages gather`` brings the
catalog up to date first: new messages come in empty, those that nothing says any more go.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "stammkunde" / "src"
PACKAGE = SOURCE / "stammkunde"
LANGUAGE = "de"
WORDS = PACKAGE / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Of a catalog's head: what changes with every run, or names somebody to write to.
LEFT_OUT = (
    "Generated-By",
    "Language-Team",
    "Last-Translator",
    "PO-Revision-Date",
    "POT-Creation-Date",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
)
HEADER = """\
# The German words of the product. The English ones stand in code and templates.
"""


def main() -> None:
    if "gather" in sys.argv[1:]:
        missing = gather()
        print(f"{WORDS.relative_to(ROOT)}: {missing} without German words.")
    compile_stale()


def gather() -> int:
    """Bring the catalog up to date with what is said; return how many messages lack German words."""
    catalog = read()
    catalog.update(said(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(catalog)
    return sum(not is_translated(message.string) for message in catalog if message.id)


def read() -> Catalog:
    """Return the German catalog."""
    if not WORDS.exists():
        return empty()
    with WORDS.open("rb") as file:
        return pofile.read_po(file, locale=LANGUAGE, domain="django")


def empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE, domain="django", project="Stammkunde", header_comment=HEADER, fuzzy=False
    )


def write(catalog: Catalog) -> None:
    """Write the catalog, sorted and without dates, so that two branches merge line by line."""
    buffer = BytesIO()
    pofile.write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False)
    kept = [line for line in buffer.getvalue().decode().splitlines() if not is_left_out(line)]
    WORDS.parent.mkdir(parents=True, exist_ok=True)
    WORDS.write_text("\n".join(kept).rstrip("\n") + "\n", encoding="utf-8")


def is_left_out(line: str) -> bool:
    return line.startswith(tuple(f'"{name}' for name in LEFT_OUT))


def is_translated(words: object) -> bool:
    return all(words) if isinstance(words, tuple) else bool(words)


def said() -> Catalog:
    """Return every message that code and templates say."""
    catalog = empty()
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        place = file.relative_to(SOURCE).as_posix()
        for line, message, context in messages(file):
            catalog.add(message, locations=[(place, line)], context=context)
    return catalog


def messages(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Give line, message and context of everything that a file says."""
    from django.utils.translation.template import templatize

    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        text = templatize(text, origin=file.name)
    for line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        yield line, message, context


def compile_stale() -> None:
    """Compile the catalog where its compiled form is missing or older."""
    compiled = WORDS.with_suffix(".mo")
    if not WORDS.exists():
        return
    changed_at = WORDS.stat().st_mtime_ns
    if compiled.exists() and compiled.stat().st_mtime_ns >= changed_at:
        return
    # Whole or not at all: another process may be reading it.
    with tempfile.NamedTemporaryFile(dir=WORDS.parent, delete=False) as file:
        mofile.write_mo(file, read())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(compiled)


if __name__ == "__main__":
    main()

"""Every text of the project that people read, line by line and by language, without code and addresses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import pofile

from kohorte.language import Language
from tools.reference import pages

ROOT = Path(__file__).parents[1]
FILES: dict[Language, tuple[str, ...]] = {
    "de": ("README.de.md", "docs/de/**/*.md"),
    "en": ("*.md", "docs/en/**/*.md", "docs/adr/*.md", "kohorte/*.md", "stammkunde/*.md"),
}
# The German front page is no English text, and decisions are read once, where they are kept.
ELSEWHERE: dict[Language, re.Pattern[str]] = {
    "de": re.compile(r"^docs/de/decisions/"),
    "en": re.compile(r"^README\.de\.md$|^docs/en/decisions/\d"),
}
SOURCES = ("kohorte/src/**/*.py", "stammkunde/src/**/*.py")
CATALOGS = ("kohorte/src/**/*.po", "stammkunde/src/**/*.po")

FENCE = re.compile(r"^\s*(```|~~~)")
# In this order: what is left of a link must not be taken for the path of a file.
NOISE = [
    re.compile(r"``[^`]+``|`[^`]*`"),  # code within a line
    re.compile(r"\]\([^)]*\)|\]\[[^\]]*\]"),  # targets of links
    re.compile(r"\{[^}]*\}|%\(\w+\)[sd]"),  # placeholders, attributes
    re.compile(r"<[^>]*>|&\w+;"),  # markup
    re.compile(r"\b(?:https?|sqlite|postgresql)://\S+|\b[\w.]+@[\w.]+\b"),  # addresses
    re.compile(r"(?<!\w)--[a-z][\w-]*"),  # options
    re.compile(r"\([a-z_]+\)|\b\w+_\w+\b|\b\w+=\S+|\b\w*\d\w*\b"),  # names and values
    re.compile(
        r"\b[dmyHMS]{2,4}(?:[.:/ -][dmyHMS]{2,4})+\b|\b[A-Z]\w+/[A-Z]\w+\b"
    ),  # formats, zones
    re.compile(r"^\?\?\?\+? \w+|^!!! \w+"),  # kinds of boxes
    re.compile(r"\S*/\S*\.\w+\b|\b[\w.-]+\.(?:md|py|toml|lock|in|csv|json|html|xlsx)\b"),  # files
]


@dataclass(frozen=True)
class Line:
    """One line of text and where it stands."""

    place: str
    text: str


def lines(language: Language) -> Iterator[Line]:
    """Give every line in one language; pages that are made from the code are made first."""
    pages.write(ROOT / "docs")
    for file in files(language):
        place = file.relative_to(ROOT).as_posix()
        if not ELSEWHERE[language].search(place):
            yield from prose(file.read_text(encoding="utf-8"), place)
    for source in (path for pattern in SOURCES for path in sorted(ROOT.glob(pattern))):
        yield from literals(source, language)
    for catalog in (path for pattern in CATALOGS for path in sorted(ROOT.glob(pattern))):
        yield from messages(catalog, language)


def files(language: Language) -> list[Path]:
    return sorted({file for pattern in FILES[language] for file in ROOT.glob(pattern)})


def prose(markdown: str, place: str) -> Iterator[Line]:
    """Give the lines outside fenced code, freed from what is not language."""
    is_code = False
    for number, line in enumerate(markdown.splitlines(), start=1):
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code:
            yield Line(f"{place}:{number}", without_noise(line))


def literals(source: Path, language: Language) -> Iterator[Line]:
    """Give the texts that stand in code as `Text(de=…, en=…)`."""
    place = source.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        spoken = {key.arg: key.value for key in node.keywords} if isinstance(node, ast.Call) else {}
        text = spoken.get(language)
        if {"de", "en"} <= spoken.keys() and isinstance(text, ast.Constant):
            yield Line(f"{place}:{text.lineno}", without_noise(str(text.value)))


def messages(catalog: Path, language: Language) -> Iterator[Line]:
    """Give the English keys or the German strings of a catalog."""
    with catalog.open("rb") as file:
        entries = pofile.read_po(file)
    place = catalog.relative_to(ROOT).as_posix()
    for entry in entries:
        if not entry.id:
            continue
        found = entry.id if language == "en" else entry.string
        for text in [found] if isinstance(found, str) else found or ():
            if text:
                yield Line(f"{place}:{entry.lineno or 0}", without_noise(text))


def without_noise(text: str) -> str:
    for pattern in NOISE:
        text = pattern.sub(" ", text)
    return text

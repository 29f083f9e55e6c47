"""The decisions, kept once and in English, shown in both languages of the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kohorte.language import Language, Text
from tools.reference import markdown

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
TITLE = Text(de="Entscheidungen", en="Decisions")
INTRODUCTION = Text(
    de="Entscheidungen, mit denen andere leben müssen, jede auf einem Bildschirm: Anlass, Entscheidung, Folgen, "
    "Alternativen. Sie richten sich an Menschen, die mitprogrammieren, und stehen deshalb auf Englisch.",
    en="Decisions that others must live with, one screen each: context, decision, consequences, alternatives.",
)


def index(language: Language) -> str:
    """Return the list of all decisions."""
    titles = [(file.name, file.read_text(encoding="utf-8").splitlines()[0]) for file in files()]
    links = "\n".join(f"- [{title.removeprefix('# ')}]({name})" for name, title in titles)
    return markdown.join(f"# {TITLE.render(language)}", INTRODUCTION.render(language), links)


def files() -> list[Path]:
    return sorted(FOLDER.glob("[0-9]*.md"))


def text(_: Language, file: Path) -> str:
    return file.read_text(encoding="utf-8")


PAGES: dict[str, Callable[[Language], str]] = {
    "decisions/index.md": index,
    **{f"decisions/{file.name}": partial(text, file=file) for file in files()},
}

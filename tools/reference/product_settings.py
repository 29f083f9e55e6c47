"""The page about the product's settings, from the list of its variables."""

from __future__ import annotations

from kohorte.language import Language, Text
from stammkunde.config import variables
from tools.reference import markdown

TITLE = Text(de="Einstellungen des Produkts", en="Settings of the product")
INTRODUCTION = Text(
    de="Das Produkt liest beim Start Variablen der Umgebung, und nur diese. Ein unbekannter Name mit der "
    "Vorsilbe `STAMMKUNDE_` hält den Start an: Er ist meist ein Tippfehler.",
    en="At its start the product reads variables of the environment and nothing else. An unknown name that begins "
    "with `STAMMKUNDE_` stops the start: most likely it is a slip of the pen.",
)
HEAD = {"de": ("Variable", "Bedeutung", "Vorgabe"), "en": ("variable", "meaning", "default")}


def page(language: Language) -> str:
    """Return the page in one language."""
    rows = [
        (
            markdown.code(variable.name),
            variable.meaning.render(language),
            variable.without.render(language)
            if variable.without
            else markdown.code(variable.default or ""),
        )
        for variable in variables.VARIABLES
    ]
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        markdown.table(HEAD[language], rows),
    )

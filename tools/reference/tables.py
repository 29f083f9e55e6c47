"""The page about the canonical tables."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Language, Text
from kohorte.tables import Column, Table
from tools.reference import markdown

TITLE = Text(de="Tabellen", en="Tables")
INTRODUCTION = Text(
    de="Was ein Leser aus einer Datei macht und womit jede [Relation](relations.md) beginnt. Beträge sind ganze Zahlen in "
    "der kleinsten Einheit ihrer Währung, Zeitpunkte stehen in UTC ohne Zone.",
    en="What a reader makes of a file, and what every [relation](relations.md) starts from. Amounts are integers in the "
    "minor unit of their currency, instants are UTC without zone.",
)
HEAD = {
    "de": ("Spalte", "Typ", "Darf leer sein", "Bedeutung"),
    "en": ("column", "type", "may be empty", "meaning"),
}
YES, NO = Text(de="ja", en="yes"), Text(de="nein", en="no")
UNIQUE = Text(de="eindeutig", en="unique")


def page(language: Language) -> str:
    """Return the page in one language."""
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        *(section(table, language) for table in tables.EVERY.values()),
    )


def section(table: Table, language: Language) -> str:
    return markdown.join(
        f"## `{table.name}` {{ #{table.name} }}",
        table.meaning.render(language),
        markdown.table(HEAD[language], (row(table, column, language) for column in table.columns)),
    )


def row(table: Table, column: Column, language: Language) -> tuple[str, ...]:
    nullable = (YES if column.nullable else NO).render(language)
    is_unique = column.name == table.unique
    note = f"{nullable}, {UNIQUE.render(language)}" if is_unique else nullable
    return (
        markdown.code(column.name),
        markdown.code(column.type),
        note,
        column.meaning.render(language),
    )

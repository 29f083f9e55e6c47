"""The page about relations: the named selects that every number is built from."""

from __future__ import annotations

from kohorte import relations
from kohorte.language import Language, Text
from kohorte.relations import Relation
from tools.reference import markdown

TITLE = Text(de="Relationen", en="Relations")
INTRODUCTION = Text(
    de="Relationen sind benannte SQL-Abfragen in der Sprache von DuckDB. Jede Kennzahl ist eine Abfrage über "
    "Relationen, und jede Relation steht in einer Datei für sich. Hier stehen sie so, wie sie laufen; Werte wie "
    "`$active_days` werden gebunden und nie in den Text geklebt.",
    en="Relations are named SQL selects in DuckDB's dialect. Every metric is a select on relations, and every relation is a "
    "file of its own. They stand here as they run; values such as `$active_days` are bound and never pasted into the text.",
)
READS = Text(de="Baut auf", en="Built on")
USED_BY = Text(de="Gebraucht von", en="Used by")
PARAMETERS = Text(de="Gebundene Werte", en="Bound values")


def page(language: Language) -> str:
    """Return the page in one language."""
    found = relations.every()
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        *(section(relation, language) for _, relation in sorted(found.items())),
    )


def section(relation: Relation, language: Language) -> str:
    users = [name for name, other in relations.every().items() if relation.name in other.reads]
    facts = [
        f"- {title.render(language)}: {', '.join(names)}"
        for title, names in (
            (READS, links(relation.reads)),
            (USED_BY, links(users)),
            (
                PARAMETERS,
                [markdown.code(name) for name in sorted(relations.parameters(relation.sql))],
            ),
        )
        if names
    ]
    return markdown.join(
        f"## `{relation.name}` {{ #{relation.name} }}",
        relation.meaning.render(language),
        "\n".join(facts),
        markdown.block(relation.sql, "sql"),
    )


def links(names: frozenset[str] | list[str]) -> list[str]:
    return [f"[`{name}`](relations.md#{name})" for name in sorted(names)]

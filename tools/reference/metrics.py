"""The page about metrics, from the registry."""

from __future__ import annotations

from kohorte import metrics, relations, tables
from kohorte.language import Language, Text
from kohorte.metrics import Metric
from kohorte.metrics.words import DIRECTIONS, UNITS
from tools.reference import markdown

TITLE = Text(de="Kennzahlen", en="Metrics")
INTRODUCTION = Text(
    de="Jede Zahl, die gemessen wird: was sie bedeutet, wie sie entsteht, was zu beachten ist. Die Abfrage ist die "
    "Definition. Sie liest [Relationen](relations.md) und gibt die Summen zurück, aus denen Wert und Spanne folgen.",
    en="Every number that is measured: what it means, how it comes about, what to bear in mind. The query is the definition. "
    "It reads [relations](relations.md) and returns the sums from which value and range follow.",
)
CHAPTERS = {
    "retention": Text(de="Bindung", en="Retention"),
    "repeat": Text(de="Wiederkauf", en="Repeat purchases"),
    "orders": Text(de="Bestellungen", en="Orders"),
    "value": Text(de="Wert", en="Value"),
    "totals": Text(de="Summen", en="Totals"),
    "contracts": Text(de="Verträge", en="Contracts"),
    "voices": Text(de="Stimmen der Kunden", en="Voices of customers"),
    "service": Text(de="Kundenservice", en="Customer service"),
    "growth": Text(de="Gewinnung und Kosten", en="Acquisition and cost"),
    "returns": Text(de="Retouren und Stornierungen", en="Returns and cancellations"),
}
NEEDS = {
    "amounts": Text(de="Beträge der Bestellungen", en="amounts of the orders"),
    "units": Text(de="Stückzahlen", en="units"),
    "margin": Text(
        de="den Deckungsbeitrag ([`margin_percent`](settings.md))",
        en="the contribution margin ([`margin_percent`](settings.md))",
    ),
    "costs": Text(
        de="den Deckungsbeitrag oder Artikel mit ihren Kosten",
        en="the contribution margin, or products with their cost",
    ),
    "cancellations": Text(de="stornierte Bestellungen", en="cancelled orders"),
}
NEEDS |= {
    name: Text(
        de=f"die Tabelle [`{name}`](tables.md)",
        en=f"the table [`{name}`](tables.md)",
    )
    for name in tables.BESIDE
}
LABELS = {
    "formula": Text(de="Formel", en="Formula"),
    "unit": Text(de="Einheit", en="Unit"),
    "denominator": Text(de="n zählt", en="n counts"),
    "censoring": Text(de="Zu beachten", en="Bear in mind"),
    "needs": Text(de="Braucht", en="Needs"),
    "reads": Text(de="Liest", en="Reads"),
    "source": Text(de="Quelle", en="Source"),
    "select": Text(de="Die Abfrage", en="The query"),
    "behind": Text(de="Die Kunden dahinter", en="The customers behind it"),
}


def page(language: Language) -> str:
    """Return the page in one language."""
    chapters = (
        markdown.join(
            f"## {title.render(language)}",
            *(
                section(metric, language)
                for metric in metrics.every().values()
                if metric.chapter == chapter
            ),
        )
        for chapter, title in CHAPTERS.items()
    )
    return markdown.join(f"# {TITLE.render(language)}", INTRODUCTION.render(language), *chapters)


def section(metric: Metric, language: Language) -> str:
    """Return what is to be said about one metric."""
    return markdown.join(
        f"### {metric.name.render(language)} {{ #{metric.slug} }}",
        markdown.code(metric.slug),
        metric.sentence.render(language),
        "\n".join(
            f"- **{LABELS[key].render(language)}:** {markdown.cell(text)}"
            for key, text in facts(metric, language)
            if text
        ),
        markdown.fold(LABELS["select"].render(language), markdown.block(metric.sql, "sql")),
        markdown.fold(LABELS["behind"].render(language), markdown.block(metric.behind, "sql")),
    )


def facts(metric: Metric, language: Language) -> list[tuple[str, str]]:
    unit = f"{UNITS[metric.unit].render(language)}. {DIRECTIONS[metric.direction].render(language)}"
    reads = sorted(relations.names_in(metric.select))
    return [
        ("formula", metric.formula.render(language)),
        ("unit", unit),
        ("denominator", metric.denominator.render(language)),
        ("censoring", metric.censoring.render(language)),
        ("needs", ", ".join(NEEDS[name].render(language) for name in sorted(metric.needs))),
        ("reads", ", ".join(f"[`{name}`](relations.md#{name})" for name in reads)),
        ("source", metric.source.render(language)),
    ]

"""What words of a column choose: known words, words that hold a known one, and the rest, as questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence, Text
from kohorte.reading import cells, sql
from kohorte.reading.beside.declaring import Field
from kohorte.reading.meaning.words import normal, words_of
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column, Source
from kohorte.results import Choice, Question

# A column with more different words chooses nothing.
WORDS_MAX = 500
ASKED_MAX = 8
# Shorter words mean something inside of another one by chance only.
_INSIDE_MIN = 4
_YES = words_of("1 true yes ja y j wahr si oui x")
_NO = words_of("0 false no nein n falsch non")
SAYS: Mapping[str, Text] = {
    "acquisition": Text(de="neue Kunden gewinnen", en="winning new customers"),
    "retention": Text(de="Kunden binden", en="keeping customers"),
    "sales": Text(de="Vertrieb", en="sales"),
    "service": Text(de="Kundenservice", en="customer service"),
    "nps": Text(de="Weiterempfehlung (NPS)", en="recommendation (NPS)"),
    "csat": Text(de="Zufriedenheit (CSAT)", en="satisfaction (CSAT)"),
    "ces": Text(de="Mühe (CES)", en="effort (CES)"),
    "leaving": Text(de="warum jemand geht", en="why somebody leaves"),
    "other": Text(de="nichts davon; es zählt nicht", en="none of these; it does not count"),
    "yes": Text(de="ja", en="yes"),
    "no": Text(de="nein", en="no"),
    "return": Text(de="eine Retoure", en="a return"),
    "cancellation": Text(de="eine Stornierung", en="a cancellation"),
    "day": Text(de="ein Tag", en="a day"),
    "week": Text(de="eine Woche", en="a week"),
    "month": Text(de="ein Monat", en="a month"),
    "quarter": Text(de="ein Quartal", en="a quarter"),
    "half-year": Text(de="ein halbes Jahr", en="half a year"),
    "year": Text(de="ein Jahr", en="a year"),
    "minutes": Text(de="Minuten", en="minutes"),
    "hours": Text(de="Stunden", en="hours"),
    "days": Text(de="Tage", en="days"),
}


def said(field: str, word: str, *, options: ReadOptions) -> str | None:
    """Return what the user says that a word means."""
    wanted = normal(word)
    for key, value in options.words.items():
        name, _, given = key.partition(".")
        if name == field and (given == word or normal(given) == wanted):
            if value not in SAYS:
                raise ReadError(
                    "“{value}” is not what “{word}” may mean. Known are: {values}.",
                    value=value,
                    word=given,
                    values=", ".join(SAYS),
                )
            return value
    return None


def parse(text: str) -> tuple[str, str]:
    """Read a word and its meaning as they are written on the command line.

    Raises
    ------
    ReadError
        It does not name both.

    Examples
    --------
    >>> parse("purpose.Branding=acquisition")
    ('purpose.Branding', 'acquisition')
    """
    word, _, value = text.rpartition("=")
    if "." not in word or not value.strip():
        raise ReadError(
            "“{text}” does not say what a word means. Write it as --word purpose.Branding=acquisition.",
            text=text,
        )
    return word.strip(), value.strip()


def meaning(field: Field, word: str) -> str | None:
    """Return what a word chooses, None if nobody knows it.

    >>> from kohorte.reading.beside.declared import spend
    >>> [meaning(spend.KIND.field("purpose"), word) for word in ("Neukunden", "Bestandskundenpflege")]
    ['acquisition', 'retention']
    """
    text = normal(word)
    if field.reads == "flag" and text in _YES | _NO:
        return "yes" if text in _YES else "no"
    if text in field.choices:
        return field.choices[text]
    if field.otherwise is None:
        return None
    inside = [each for each in field.choices if len(each) >= _INSIDE_MIN and each in text]
    return field.choices[max(inside, key=len)] if inside else None


def settle(
    field: Field,
    column: Column,
    *,
    source: Source,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> tuple[dict[str, str], list[Question]] | None:
    """Return what each word of a column chooses and what is left to ask; None if it is no choice."""
    found = sql.rows(
        connection,
        f"SELECT {cells.filled(column)} AS word, count(*) FROM {source.relation} GROUP BY word "
        f"HAVING word IS NOT NULL ORDER BY count(*) DESC, word LIMIT {WORDS_MAX + 1}",
    )
    if len(found) > WORDS_MAX:
        return None
    values: dict[str, str] = {}
    unknown: Counter[str] = Counter()
    for word, count in found:
        value = said(field.name, word, options=options) or meaning(field, word)
        if value is None:
            unknown[word] = int(count)
            value = field.otherwise
        if value is not None:
            values[word] = value
    if field.otherwise is None:
        return values, []
    return values, [
        question(field, word, column=column, count=count)
        for word, count in unknown.most_common(ASKED_MAX)
    ]


def question(field: Field, word: str, *, column: Column, count: int) -> Question:
    """Ask what a word means."""
    return Question(
        f"words.{field.name}.{word}",
        Sentence(
            "What does “{word}” in “{column}” mean? Rows with it: {count}.",
            {"word": word, "column": column.name, "count": count},
        ),
        choices=offered(field.values),
        assumed=field.otherwise,
    )


def offered(values: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return values as the choices of a question."""
    return tuple(Choice(value, SAYS[value]) for value in values)

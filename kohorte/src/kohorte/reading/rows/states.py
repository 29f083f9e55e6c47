"""What the words of a status column say about an order, and which of them nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.meaning.words import MISSING, normal
from kohorte.reading.rows import state_words
from kohorte.reading.source import Column, Source
from kohorte.results import Choice, Question

STATUSES_MAX = 500
# A file with more unknown words asks about the most frequent ones.
ASKED_MAX = 8
PARTLY = state_words.PARTLY

_CHOICES = (
    Choice("counted", Sentence("it counts")),
    Choice("cancelled", Sentence("it was cancelled and does not count")),
    Choice("open", Sentence("it is not paid yet and counts until the time to pay is over")),
    Choice("test", Sentence("it was a test and does not count")),
    Choice("refunded", Sentence("it was paid back in full")),
)


def settle(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    known: Mapping[str, str],
) -> dict[str, str] | None:
    """Return the state of each word of a status column; None if they are too many for one.

    `known` are the words that say something else, or more, in the layout of the file.
    """
    found = sql.rows(
        connection,
        f"SELECT DISTINCT {column.sql}::VARCHAR FROM {source.relation} "
        f"WHERE {column.sql} IS NOT NULL LIMIT {STATUSES_MAX + 1}",
    )
    if len(found) > STATUSES_MAX:
        return None
    return {
        word: known.get(normal(word)) or meaning(word)
        for word in sorted(str(word) for (word,) in found)
    }


def meaning(word: str) -> str:
    """Return what one word of a status column means.

    >>> meaning("Storniert"), meaning("partially_refunded"), meaning("Bezahlt")
    ('cancelled', 'partly_refunded', 'counted')
    >>> meaning("Warten auf Zahlungseingang")
    'open'
    """
    return state_words.state(normal(word)) or "counted"


def questions(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    known: Mapping[str, str],
) -> list[Question]:
    """Ask about the words that nobody knows, the most frequent first.

    Words such as “open” are asked about where the header speaks of no payment: an order may be
    open because it was not sent yet.
    """
    rows = sql.rows(
        connection,
        f"SELECT {column.sql}::VARCHAR AS word, count(*) FROM {source.relation} "
        f"WHERE {column.sql} IS NOT NULL GROUP BY word ORDER BY count(*) DESC, word "
        f"LIMIT {STATUSES_MAX}",
    )
    of_payment = state_words.OF_PAYMENT.search(normal(column.name))
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for word, count in rows:
        text = normal(word)
        doubtful = text in state_words.DOUBTFUL and not of_payment
        if text in ("", *MISSING, *known) or (state_words.state(text) and not doubtful):
            continue
        words.setdefault(text, word)
        counts[text] += count
    return [
        Question(
            f"states.{words[text]}",
            Sentence(
                "What does “{word}” in “{column}” say of an order? Rows with it: {count}.",
                {"word": words[text], "column": column.name, "count": count},
            ),
            choices=_CHOICES,
            assumed=state_words.state(text) or "counted",
        )
        for text, count in counts.most_common(ASKED_MAX)
    ]

"""The words of rows that are no orders: totals, and what systems write below a table."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping

from kohorte.language import Sentence

LINES_SHOWN = 10
TOTAL = (
    r"(?:(?:gesamt|zwischen|end|teil)?summen?|gesamt(?:betrag|ergebnis|umsatz|wert|zahl)?"
    r"|insgesamt|(?:grand|sub)?[ -]?totals?|total général|somme|Σ|∑)"
)
# What every one of them holds.
PARTS = ("summe", "gesamt", "total", "somme", "σ", "∑")
# Letters with which none of them begins.
OTHER_LETTERS = frozenset(string.ascii_letters) - set("egistzEGISTZ")
# How many rows there were and whose they are, as marketplaces write it; totals; when it was written.
FOOTER = re.compile(
    r"\W*\d+\W+(?:record|Bestellung|Datens)|\W*(?:Seller ID|Verkäufer)\b"
    rf"|\W*{TOTAL}[\W\d_]*(?:EUR)?\W*$"
    r"|\W*(?:Export(?:iert|ed)?|Erstellt|Generiert|Stand|Seite|Page|Generated|Created|Downloaded)\b"
    r"[^;|\t]*\d[^;|\t]*$",
    re.IGNORECASE,
)


def told(rows: Mapping[int, str]) -> Sentence:
    """Tell which lines were left out as totals or notes, and what the first one says."""
    lines = sorted(rows)
    shown = ", ".join(map(str, lines[:LINES_SHOWN])) + (" …" if lines[LINES_SHOWN:] else "")
    return Sentence(
        "Rows that are totals or notes and no orders were left out: {count} (line {lines}; the "
        "first says “{text}”).",
        {"count": len(lines), "lines": shown, "text": rows[lines[0]].strip()[:80]},
    )

"""The score: one number from 0 to 100 for how far the data carry the numbers."""

from __future__ import annotations

import math

from kohorte.language import Text
from kohorte.quality import rhythm
from kohorte.quality.facts import Facts
from kohorte.results import Score, ScorePart

POINTS = 20

NAMES = {
    "identity": Text(
        de="Bestellungen ohne Kunden oder von Kunden, die mehrfach geführt sein können",
        en="Orders without a customer or of customers that may be listed more than once",
    ),
    "uniqueness": Text(
        de="Bestellungen, die einer anderen gleichen", en="Orders that equal another one"
    ),
    "values": Text(
        de="Bestellungen mit unmöglichem Tag oder Betrag, unlesbare Zeilen",
        en="Orders with an impossible day or amount, unreadable rows",
    ),
    "continuity": Text(
        de="Tage, an denen Bestellungen zu fehlen oder zu viel zu sein scheinen",
        en="Days on which orders seem to be missing or too many",
    ),
    "length": Text(
        de="Tage, die zur Messung der Kundenbindung fehlen",
        en="Days that are missing for measuring retention",
    ),
}


def of(facts: Facts) -> Score:
    """Return the score with its parts.

    Notes
    -----
    Five parts begin with 20 points each. In each part every percent that is affected costs one
    point, until none of its 20 is left:

    score = 100 − Σ min(20, percent affected), rounded down.

    The percent is of orders for `identity`, `uniqueness` and `values` (without any amounts, all
    of them), of days for `continuity` and of the w + p days that retention takes for `length`.

    Examples
    --------
    8 % of the orders name no customer, 3 % equal another one and nothing else is amiss:
    100 − 8 − 3 = 89.

    >>> total({"identity": 8.0, "uniqueness": 3.0}).value
    89
    """
    totals, orders = facts.totals, facts.orders
    wrong = rhythm.placeholders(facts.days) + future(facts) + totals["beyond"]
    unreadable = totals["unreadable"]
    silent = rhythm.silence(facts.days, facts.span)
    odd = sum(jump.days for jump in rhythm.jumps(facts.days, facts.span))
    lacking = "amounts" in facts.lacking
    return total(
        {
            "identity": _percent(totals["unidentified"] + totals["same_orders"], orders),
            "uniqueness": _percent(totals["look_alikes"], orders),
            "values": 100.0 if lacking else _percent(wrong + unreadable, orders + unreadable),
            "continuity": _percent(silent + odd, facts.length_days),
            "length": _percent(facts.needed_days - facts.length_days, facts.needed_days),
        }
    )


def total(affected: dict[str, float]) -> Score:
    """Return the score of percents affected, by part."""
    parts = tuple(
        ScorePart(slug, NAMES[slug], percent, min(float(POINTS), percent))
        for slug, percent in affected.items()
    )
    return Score(math.floor(100 - sum(part.points_lost for part in parts) + 1e-9), parts)


def future(facts: Facts) -> int:
    """Return the orders after today."""
    today = facts.today
    return 0 if today is None else sum(n for day, n in facts.days.items() if day > today)


def _percent(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100 * part / whole)) if whole else 0.0

"""RFM: recency, frequency and monetary value in five scores each, and groups with names.

Scores are quintiles of rank with ties kept together. Customers who tie on frequency or value take
the lower score, 1 + ⌊5 · customers worse / customers⌋; those who bought last on the same day take
the upper one, ⌈5 · customers not better / customers⌉, for a fresh purchase is no sign of leaving.
Groups follow from recency and frequency; monetary value stands beside them. The thresholds between scores can be kept and used again, so that a customer does not change
group because others moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kohorte.engine import Engine
from kohorte.errors import SettingError
from kohorte.language import Text
from kohorte.medians import median
from kohorte.results import Rfm, RfmGroup

Thresholds = Mapping[str, Sequence[float]]
SCORES = 5

# Group by (recency score, frequency score); rows run from recency 5 down to 1.
_MAP = (
    ("new", "promising", "loyal", "champions", "champions"),
    ("new", "promising", "loyal", "loyal", "champions"),
    ("fading", "fading", "attention", "loyal", "loyal"),
    ("lost", "fading", "at_risk", "at_risk", "cannot_lose"),
    ("lost", "lost", "at_risk", "cannot_lose", "cannot_lose"),
)
GROUPS: dict[str, tuple[Text, Text]] = {
    "champions": (
        Text(de="Beste Kunden", en="Champions"),
        Text(
            de="Kaufen oft und haben gerade erst gekauft.",
            en="Buy often and have bought just now.",
        ),
    ),
    "loyal": (
        Text(de="Stammkunden", en="Loyal customers"),
        Text(de="Kaufen regelmäßig.", en="Buy regularly."),
    ),
    "promising": (
        Text(de="Vielversprechende", en="Promising"),
        Text(
            de="Haben vor kurzem gekauft, aber noch nicht oft.",
            en="Bought recently, but not often yet.",
        ),
    ),
    "new": (
        Text(de="Neue Kunden", en="New customers"),
        Text(
            de="Der letzte Kauf ist frisch, die Zahl der Käufe am kleinsten.",
            en="Their last purchase is recent and their number of purchases lowest.",
        ),
    ),
    "attention": (
        Text(de="Brauchen Aufmerksamkeit", en="Need attention"),
        Text(
            de="In allem Durchschnitt; der nächste Kauf entscheidet.",
            en="Average in everything; the next purchase decides.",
        ),
    ),
    "fading": (
        Text(de="Werden still", en="Fading"),
        Text(
            de="Kaufen selten und haben länger nicht gekauft.",
            en="Buy rarely and have not bought for a while.",
        ),
    ),
    "at_risk": (
        Text(de="Gefährdete", en="At risk"),
        Text(
            de="Kauften öfter, aber lange nicht mehr.",
            en="Used to buy more often, but not for a long time.",
        ),
    ),
    "cannot_lose": (
        Text(de="Nicht verlieren", en="Cannot lose them"),
        Text(
            de="Kauften sehr oft und sind seit langem fort.",
            en="Bought very often and have been gone for long.",
        ),
    ),
    "lost": (
        Text(de="Verlorene", en="Lost"),
        Text(de="Kauften selten und vor sehr langer Zeit.", en="Bought rarely and very long ago."),
    ),
}

_MEASURES = {
    "recency": "$history_end - last_day",
    "frequency": "orders",
    "monetary": "revenue_minor",
}


def _score(measure: str) -> str:
    sign = "<" if measure == "recency" else ">"
    steps = (
        f"CASE WHEN {_MEASURES[measure]} {sign} ${measure}_{bound} THEN 1 ELSE 0 END"
        for bound in range(1, SCORES)
    )
    return f"1 + {' + '.join(steps)} AS {measure}"


SCORED = f"""
SELECT
  customer_id,
  {", ".join(_score(measure) for measure in _MEASURES)},
  orders,
  revenue_minor,
  $history_end - last_day AS recency_days
FROM customer_totals
"""


def group_of(recency: int, frequency: int) -> str:
    """Return the slug of the group for two scores.

    >>> group_of(5, 5), group_of(1, 1)
    ('champions', 'lost')
    """
    return _MAP[SCORES - recency][frequency - 1]


def thresholds(engine: Engine, *, exponent: int) -> dict[str, tuple[float, ...]]:
    """Return the four bounds between the five scores of each measure.

    A frequency or monetary score is 1 plus the bounds that the value exceeds; a recency score is
    1 plus the bounds that the days since the last order stay below.
    """
    found: dict[str, tuple[float, ...]] = {}
    for measure in _MEASURES:
        scale = 10**exponent if measure == "monetary" else 1
        bounds = _bounds(engine.rows(_scores(measure)))
        found[measure] = tuple(bound / scale for bound in bounds)
    return found


def _scores(measure: str) -> str:
    """Return the select of the scores that somebody has, with the first and the last value of each.

    Values run from worst to best; customers of equal value have one score: of the scores that their
    places would give, the highest of recency and the lowest of the others.
    """
    ties_up = measure == "recency"
    value = _MEASURES[measure]
    score = (
        f"(until * {SCORES} + total - 1) // total"
        if ties_up
        else f"1 + (until - customers) * {SCORES} // total"
    )
    first, last = ("MAX", "MIN") if ties_up else ("MIN", "MAX")
    return f"""
SELECT score, {first}(value) AS first, {last}(value) AS last
FROM (
  SELECT value, {score} AS score
  FROM (
    SELECT
      value,
      customers,
      SUM(customers) OVER (ORDER BY value {"DESC" if ties_up else "ASC"}) AS until,
      SUM(customers) OVER () AS total
    FROM (
      SELECT {value} AS value, COUNT(*) AS customers
      FROM customer_totals
      WHERE {value} IS NOT NULL
      GROUP BY {value}
    ) AS counted
  ) AS summed
) AS scored
GROUP BY score
ORDER BY score
"""


def _bounds(scores: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the last value of each score but the highest.

    A score that nobody has takes the bound of the one below, or lies beyond the worst value.
    """
    bounds: list[float] = []
    last = float(scores[0]["first"]) + 1 if scores else 0.0
    for row in scores:
        bounds.extend([last] * (int(row["score"]) - 1 - len(bounds)))
        last = float(row["last"])
    return (bounds + [last] * SCORES)[: SCORES - 1]


def segment(
    engine: Engine, *, as_of: dt.date, exponent: int, kept: Thresholds | None = None
) -> Rfm:
    """Return the RFM map at the end of the data, with `kept` thresholds or with fresh ones."""
    bounds = _checked(kept) if kept else thresholds(engine, exponent=exponent)
    rows = engine.rows(
        f"""
SELECT recency, frequency, recency_days, COUNT(*) AS customers,
  SUM(orders) AS orders, SUM(revenue_minor) AS revenue_minor
FROM ({SCORED}) AS scored
GROUP BY recency, frequency, recency_days
""",
        bound(bounds, exponent=exponent),
    )
    cells: dict[tuple[int, int], int] = {}
    members: dict[str, list[Mapping[str, Any]]] = {slug: [] for slug in GROUPS}
    for row in rows:
        key = (row["recency"], row["frequency"])
        cells[key] = cells.get(key, 0) + row["customers"]
        members[group_of(*key)].append(row)
    groups = tuple(_group(slug, found, exponent) for slug, found in members.items())
    return Rfm(as_of, sum(cells.values()), groups, cells, bounds)


def bound(thresholds: Thresholds, *, exponent: int) -> dict[str, float]:
    """Return the thresholds as parameters of `SCORED`, amounts in minor units."""
    return {
        f"{measure}_{number}": round(
            float(bound) * (10**exponent if measure == "monetary" else 1), 6
        )
        for measure in _MEASURES
        for number, bound in enumerate(thresholds[measure], start=1)
    }


def _group(slug: str, rows: Sequence[Mapping[str, Any]], exponent: int) -> RfmGroup:
    name, meaning = GROUPS[slug]
    return RfmGroup(
        slug=slug,
        name=name,
        meaning=meaning,
        customers=sum(row["customers"] for row in rows),
        orders=int(sum(row["orders"] for row in rows)),
        revenue=float(sum(row["revenue_minor"] or 0 for row in rows)) / 10**exponent,
        median_recency_days=median((row["recency_days"], row["customers"]) for row in rows) or 0.0,
    )


def _checked(kept: Thresholds) -> dict[str, tuple[float, ...]]:
    for measure in _MEASURES:
        bounds = kept.get(measure, ())
        if len(bounds) != SCORES - 1:
            raise SettingError(
                "The thresholds for {measure} need four numbers, not {count}.",
                measure=measure,
                count=len(bounds),
            )
    return {measure: tuple(float(bound) for bound in kept[measure]) for measure in _MEASURES}

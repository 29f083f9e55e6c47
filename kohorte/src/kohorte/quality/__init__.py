"""Data quality: what in the data bends which number, what to do about it, and a score for it all.

Checks are grouped by what they look at (`people`, `values`, `times`, `beside`); each looks at the same
`facts` and returns a finding or None. `score` adds up what part of the data is affected.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte.engine import Engine
from kohorte.periods import Span
from kohorte.quality import beside, facts, people, times, values
from kohorte.quality.score import of
from kohorte.results import Finding, Score
from kohorte.settings import Settings

CHECKS = (*times.CHECKS, *people.CHECKS, *values.CHECKS, *beside.CHECKS)


@dataclass(frozen=True)
class Quality:
    """What was found, warnings first, and the score; no score where there is no order."""

    findings: tuple[Finding, ...]
    score: Score | None


def assess(
    engine: Engine,
    *,
    span: Span,
    settings: Settings,
    lacking: frozenset[str],
    exponent: int = 2,
    today: dt.date | None = None,
) -> Quality:
    """Return everything worth knowing about the data, and how good they are.

    Without any order, only what stands beside the orders is looked at, and there is no score.

    Parameters
    ----------
    exponent
        Digits of the currency's minor unit.
    today
        Orders after this day lie in the future; without it nothing does.
    """
    known = facts.gather(
        engine, span=span, settings=settings, lacking=lacking, exponent=exponent, today=today
    )
    checks = CHECKS if known.orders else beside.CHECKS
    found = [finding for check in checks if (finding := check(known)) is not None]
    found.sort(key=lambda finding: finding.severity != "warning")
    return Quality(tuple(found), of(known) if known.orders else None)


def findings(
    engine: Engine, *, span: Span, settings: Settings, lacking: frozenset[str]
) -> tuple[Finding, ...]:
    """Return everything worth knowing about the data, warnings first."""
    return assess(engine, span=span, settings=settings, lacking=lacking).findings

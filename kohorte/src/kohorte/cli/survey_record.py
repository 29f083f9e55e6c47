"""A survey as a record for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.intervals import Estimate
from kohorte.language import Language

if TYPE_CHECKING:
    from kohorte.surveys.results import Numbers, Survey


def of(found: Survey, spoken: Language) -> dict[str, Any]:
    """Return everything that a survey says; shares are in percent."""
    return {
        "name": found.name,
        "questions": [_numbers(one) for one in found.numbers],
        "asked": found.asked,
        "response_rate_percent": _range(found.rate),
        "weighted_by": found.way,
        "differences": None
        if found.weighed is None
        else {
            name: {"before": value, "after": found.weighed.left[name]}
            for name, value in found.weighed.differences.items()
        },
        "groups": {
            several.by: {
                "p": several.p,
                "groups": {
                    part.name: {"n": part.n, **_both(part.plain, part.weighted)}
                    for part in several.parts
                },
            }
            for several in found.groups
        },
        "trend": _trend(found),
        "drivers": _drivers(found),
        "foretelling": _foretelling(found),
        "comments": _written(found, spoken),
        "plan": {
            "sure_to_points": found.plan.now,
            "answers": found.plan.answers,
            "invitations": found.plan.invitations,
            "rest_days": found.plan.rest_days,
            "family_rest_days": found.plan.family_rest_days,
            "daily_invitations": found.plan.quota.daily if found.plan.quota else None,
            "is_enough": found.plan.quota.is_enough if found.plan.quota else None,
        },
        "silent": {name: reason.render(spoken) for name, reason in found.silent.items()},
    }


def _range(found: Estimate | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}


def _both(plain: Estimate, weighted: Estimate | None) -> dict[str, Any]:
    return {"plain": _range(plain), "weighted": _range(weighted)}


def _numbers(one: Numbers) -> dict[str, Any]:
    return {
        "question": one.question,
        "text": one.text,
        "scale": [one.lowest, one.highest],
        "good": one.good,
        "n": one.n,
        "counts": list(one.counts),
        "off_scale": one.off_scale,
        "effective_n": one.effective,
        "scores": {each.slug: _both(each.plain, each.weighted) for each in one.scores},
    }


def _trend(found: Survey) -> dict[str, Any] | None:
    if found.trend is None:
        return None
    return {
        "grain": found.trend.grain,
        "noise": found.trend.noise,
        "periods": [
            {
                "period": step.label,
                "n": step.n,
                **(_range(step.found) or {}),
                "beyond_chance": step.moved,
            }
            for step in found.trend.steps
        ],
    }


def _drivers(found: Survey) -> dict[str, Any] | None:
    if found.drivers is None:
        return None
    return {
        "n": found.drivers.n,
        "explained_percent": found.drivers.explained_percent,
        "parts": [
            {"name": one.name, **(_range(one.explained) or {}), "rises": one.rises}
            for one in found.drivers.drivers
        ],
    }


def _foretelling(found: Survey) -> dict[str, Any] | None:
    told = found.foretelling
    if told is None:
        return None
    return {
        "days": found.days,
        "n": told.n,
        "came": told.came,
        "odds": _range(told.odds),
        "ranking_without": told.ranking_without,
        "gain": _range(told.gain),
        "is_evidence": told.is_evidence,
    }


def _written(found: Survey, spoken: Language) -> dict[str, Any] | None:
    told = found.written
    if told is None:
        return None
    return {
        "comments": told.comments,
        "pairs": told.pairs,
        "ranking": _range(told.ranking),
        "praise_percent": told.praise_percent,
        "themes": [
            {
                "words": list(theme.words),
                "comments": theme.comments,
                "score": _range(theme.score),
                "praise_percent": theme.praise_percent,
                "quotes": list(theme.quotes),
            }
            for theme in told.themes
        ],
        "silent": [reason.render(spoken) for reason in told.silent],
    }

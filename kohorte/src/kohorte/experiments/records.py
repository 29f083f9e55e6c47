"""A trial as plain data: what JSON, tables and stores keep of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kohorte.experiments.effects import Effect
    from kohorte.experiments.trial import Trial


def as_record(found: Trial) -> dict[str, Any]:
    """Return a trial as a record for JSON; shares are between 0 and 1."""
    corrected = found.corrected()
    return {
        "control": found.control,
        "arms": {name: arm.n for name, arm in found.arms.items()},
        "sample_ratio": None
        if found.ratio is None
        else {"p": found.ratio.p, "is_off": found.ratio.is_off, "expected": found.ratio.expected},
        "winsorized_at": dict(found.cut.at) if found.cut else {},
        "effects": [
            _effect(one) | {"p_corrected": corrected.get((one.measure.name, one.name))}
            for one in found.effects
        ],
        "groups": {
            arm: {
                "p": groups.p,
                "p_corrected": dict(groups.corrected),
                "effects": {group: _effect(one) for group, one in groups.effects.items()},
            }
            for arm, groups in found.groups.items()
        },
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "measure": effect.measure.name,
        "per": effect.measure.per,
        "arm": effect.name,
        "n": effect.arm.n,
        "n_control": effect.control.n,
        "value": effect.arm.value,
        "control": effect.control.value,
        "difference": effect.difference.value,
        "low": effect.difference.low,
        "high": effect.difference.high,
        "standard_error": effect.error,
        "percent": effect.percent.value,
        "percent_low": effect.percent.low,
        "percent_high": effect.percent.high,
        "variance_removed_percent": effect.steadied_percent,
    }

"""Figures that others have published, with their sources, and where they mean the same as ours."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from kohorte import metrics
from kohorte.language import Text
from kohorte.results import Grain, Row
from kohorte.yardsticks import Beside, Figure

_LONGEST_FIRST: tuple[Grain, ...] = ("year", "quarter", "month")


@cache
def figures() -> tuple[Figure, ...]:
    """Return every published figure.

    >>> [figure.high for figure in figures() if figure.metric == "net_promoter_score"]
    [28.4]
    """
    text = resources.files(__name__).joinpath("figures.toml").read_text(encoding="utf-8")
    return tuple(_figure(said) for said in tomllib.loads(text)["figure"])


def _figure(said: Mapping[str, Any]) -> Figure:
    texts = {
        name: Text(**said[name])
        for name in ("whose", "region", "means", "difference")
        if name in said
    }
    return Figure(**{**said, "grains": tuple(said["grains"]), **texts})


def is_comparable(figure: Figure, settings: Mapping[str, object]) -> bool:
    """Tell whether a figure means the same as our metric does with these settings.

    >>> retention = next(f for f in figures() if f.metric == "customer_retention_rate")
    >>> is_comparable(retention, {"active_days": 365, "retention_days": 91})
    False
    """
    if figure.difference is not None:
        return False
    return all(settings.get(name) == value for name, value in figure.requires.items())


def beside(rows: Sequence[Row], settings: Mapping[str, object]) -> list[Beside]:
    """Return the comparable figures with the shop's last whole number of the longest grain."""
    return [
        Beside(figure, row)
        for figure in figures()
        if is_comparable(figure, settings) and (row := _own(figure, rows)) is not None
    ]


def _own(figure: Figure, rows: Sequence[Row]) -> Row | None:
    """Return the last whole number of the grain that says most among those of a figure.

    That is the longest one, but of a state at the end of a period the shortest: it is the latest.
    """
    is_state = metrics.get(figure.metric).orders_from == "both"
    grains = reversed(_LONGEST_FIRST) if is_state else _LONGEST_FIRST
    for grain in (*grains, "all"):
        fitting = [
            row
            for row in rows
            if (row.metric, row.segment, row.grain) == (figure.metric, figure.segment, grain)
            and grain in figure.grains
            and row.complete
            and row.value is not None
        ]
        if fitting:
            return max(fitting, key=lambda row: row.starts_on)
    return None

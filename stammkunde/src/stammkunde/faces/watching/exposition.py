"""Prometheus' text format, version 0.0.4: families of samples with help and type."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """What is measured, with a sample for each set of labels.

    Parameters
    ----------
    samples
        Each with what its name ends in (empty but for histograms), its labels and its value.
    """

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    meaning: str
    samples: tuple[tuple[str, Labels, float], ...]


def gauge(name: str, meaning: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """Return a family of values that go up and down."""
    return Family(name, "gauge", meaning, tuple(("", labels, value) for labels, value in samples))


def histogram(
    name: str,
    meaning: str,
    bounds: Sequence[float],
    observed: Iterable[tuple[Labels, Sequence[int], float]],
) -> Family:
    """Return a family of distributions.

    Parameters
    ----------
    observed
        Labels, how many fell into each bucket (the last is beyond all bounds), and the sum.
    """
    samples: list[tuple[str, Labels, float]] = []
    for labels, counts, total in observed:
        below = 0
        for bound, count in zip((*bounds, math.inf), counts, strict=True):
            below += count
            samples.append(("_bucket", {**labels, "le": written(bound)}, below))
        samples += [("_sum", labels, total), ("_count", labels, below)]
    return Family(name, "histogram", meaning, tuple(samples))


def text(families: Iterable[Family]) -> str:
    r"""Return families as they are sent.

    >>> print(text([gauge("up", "Whether.", [({"shop": 'a"b'}, 1)])]), end="")
    # HELP up Whether.
    # TYPE up gauge
    up{shop="a\"b"} 1
    """
    lines = []
    for family in families:
        lines.append(f"# HELP {family.name} {_escaped(family.meaning)}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        for ending, labels, value in family.samples:
            said = ",".join(f'{name}="{_quoted(each)}"' for name, each in labels.items())
            lines.append(f"{family.name}{ending}{f'{{{said}}}' if said else ''} {written(value)}")
    return "".join(f"{line}\n" for line in lines)


def written(value: float) -> str:
    """Return a number as the format has it.

    >>> written(3), written(0.25), written(math.inf)
    ('3', '0.25', '+Inf')
    """
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(int(value)) if value == int(value) else repr(float(value))


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(words: str) -> str:
    return _escaped(words).replace('"', r"\"")

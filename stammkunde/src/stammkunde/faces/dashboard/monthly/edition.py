"""The report of a month as plain data: what stands on its page and in its mail, in words."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Language
from kohorte.report.change import Change


@dataclass(frozen=True)
class Said:
    """Words with how they are meant: `good`, `bad` or `even`."""

    words: str
    tone: str


@dataclass(frozen=True)
class Figure:
    """A number of the month, against the month before and the same month a year before."""

    slug: str
    name: str
    value: str
    interval: str
    n: str
    before: Said | None
    year: Said | None
    aim: Said | None
    remark: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Moved:
    """What moved by more than chance, and where most of it came from."""

    slug: str
    name: str
    value: str
    change: Said
    by: str
    reasons: str


@dataclass(frozen=True)
class Segment:
    """New or returning customers in the month."""

    name: str
    orders: str
    revenue: str
    share: str
    average: str


@dataclass(frozen=True)
class Aim:
    """A target with what became of it."""

    slug: str
    name: str
    period: str
    value: str
    said: Said


@dataclass(frozen=True)
class Edition:
    """The report of a month."""

    shop: str
    slug: str
    month: str
    name: str
    language: Language
    summary: tuple[str, ...]
    figures: tuple[Figure, ...]
    moved: tuple[Moved, ...]
    segments: tuple[Segment, ...]
    due: tuple[tuple[str, str], ...]
    due_on: str
    aims: tuple[Aim, ...]
    happened: tuple[tuple[str, str], ...]
    fresh: str
    excluded: tuple[tuple[str, str], ...]
    basis: str
    is_whole: bool


def said(told: Change) -> Said:
    """Return a change as words with a sign before them."""
    sign = {1: "▲ ", -1: "▼ "}.get(told.sign, "")
    return Said(f"{sign}{told.words}", told.tone)

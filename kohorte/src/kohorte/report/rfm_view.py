"""The RFM map and its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.language import Text
from kohorte.report.cohort_view import level_of
from kohorte.report.material import Material
from kohorte.results import Rfm, RfmGroup
from kohorte.rfm import group_of

SCORES = (5, 4, 3, 2, 1)
DIMENSIONS = {
    "recency": Text(de="Letzter Kauf (Tage her)", en="Last order (days ago)"),
    "frequency": Text(de="Bestellungen", en="Orders"),
    "monetary": Text(de="Umsatz", en="Revenue"),
}


@dataclass(frozen=True)
class MapCell:
    """Customers with one recency and one frequency score."""

    customers: str
    group: str
    css: str
    raw: int = 0


@dataclass(frozen=True)
class GroupRow:
    """A named group in words."""

    name: str
    meaning: str
    customers: str
    share: str
    orders: str
    revenue: str
    revenue_share: str
    recency: str
    css: str


@dataclass(frozen=True)
class Threshold:
    """From which value on a score is given."""

    name: str
    bounds: tuple[str, ...]


@dataclass(frozen=True)
class RfmView:
    """The map, the groups, the thresholds."""

    as_of: str
    cells: dict[tuple[int, int], MapCell]
    groups: tuple[GroupRow, ...]
    thresholds: tuple[Threshold, ...]
    has_revenue: bool
    summary: str


def build(material: Material) -> RfmView | None:
    """Show the map; None if there is nobody on it."""
    rfm = material.report.rfm
    if not rfm.customers:
        return None
    colors = {group.slug: f"g{index % 12}" for index, group in enumerate(rfm.groups)}
    ordered = sorted(rfm.groups, key=lambda group: (-group.revenue, -group.customers))
    return RfmView(
        as_of=material.date(rfm.as_of),
        cells=_cells(rfm, colors, material),
        groups=tuple(_group(group, rfm, colors[group.slug], material) for group in ordered),
        thresholds=_thresholds(rfm, material),
        has_revenue=_revenue(rfm) > 0,
        summary=_summary(ordered, rfm, material),
    )


def _cells(rfm: Rfm, colors: dict[str, str], material: Material) -> dict[tuple[int, int], MapCell]:
    voice = material.voice
    groups = {group.slug: group for group in rfm.groups}
    scale = (0.0, float(max(rfm.cells.values(), default=0)))
    cells = {}
    for place in ((recency, frequency) for recency in SCORES for frequency in SCORES):
        count = rfm.cells.get(place, 0)
        group = groups.get(group_of(*place))
        cells[place] = MapCell(
            customers=voice.count(count),
            group=voice.pick(group.name) if group else "",
            css=colors[group.slug] if group else f"h{level_of(count, scale)}",
            raw=count,
        )
    return cells


def _group(group: RfmGroup, rfm: Rfm, css: str, material: Material) -> GroupRow:
    voice = material.voice
    total = _revenue(rfm)
    share = group.customers / rfm.customers * 100
    revenue_share = group.revenue / total * 100 if total else 0.0
    return GroupRow(
        name=voice.pick(group.name),
        meaning=voice.pick(group.meaning),
        customers=voice.count(group.customers),
        share=voice.percent(share, n=rfm.customers),
        orders=voice.count(group.orders),
        revenue=voice.money(group.revenue, digits=0),
        revenue_share=voice.percent(revenue_share, n=rfm.customers),
        recency=voice.count(group.median_recency_days) if group.customers else "",
        css=css,
    )


def _thresholds(rfm: Rfm, material: Material) -> tuple[Threshold, ...]:
    voice = material.voice
    found = []
    for slug, name in DIMENSIONS.items():
        bounds = rfm.thresholds.get(slug, ())
        if slug == "monetary" and not _revenue(rfm):
            continue
        digits = 2 if slug == "monetary" and any(bound < 100 for bound in bounds) else 0
        written = tuple(
            voice.money(bound, digits=digits) if slug == "monetary" else voice.count(bound)
            for bound in bounds
        )
        if written:
            found.append(Threshold(voice.pick(name), written))
    return tuple(found)


def _revenue(rfm: Rfm) -> float:
    return sum(group.revenue for group in rfm.groups)


def _summary(ordered: Sequence[RfmGroup], rfm: Rfm, material: Material) -> str:
    voice = material.voice
    total = _revenue(rfm)
    best = next((group for group in ordered if group.customers), None)
    if best is None or not total:
        return ""
    return voice.say(
        "“{group}” are {share} of the customers and bring {revenue_share} of the revenue.",
        group=voice.pick(best.name),
        share=voice.percent(best.customers / rfm.customers * 100, n=rfm.customers),
        revenue_share=voice.percent(best.revenue / total * 100, n=rfm.customers),
    )

"""How long until they come again: the curves to the next orders, the pauses, and how often they buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kohorte.report import axis, cards, interval_bars
from kohorte.report.charts import Chart, Line, Panel, Point, Style
from kohorte.report.material import Material
from kohorte.results import Row, Survival

LONGEST_DAYS = 365
POINTS_WANTED = 73
MILESTONES = (30, 90, 180, 365, 730)
QUARTERS = (0.25, 0.5, 0.75)
STYLES: tuple[Style, ...] = ("first", "second", "third")
PAUSES = ("all", "p75", "p90")
SO_OFTEN = ("all", "2_orders", "3_orders", "4_orders", "5_or_more_orders")


@dataclass(frozen=True)
class Cell:
    """The share back by a day, or the day of a share; `text` is empty where it is not known."""

    text: str
    interval: str = ""
    n: str = ""
    thin: bool = False


@dataclass(frozen=True)
class Often:
    """How many customers order so often."""

    name: str
    text: str
    interval: str
    picture: Markup
    raw: str
    css: str


@dataclass(frozen=True)
class WaitsView:
    """The chapter, ready to be shown; `rows` are days and shares, a cell for each curve."""

    summary: str
    chart: Chart
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    pauses: str
    lapses: str
    often: tuple[Often, ...]
    often_scale: tuple[str, str]
    often_summary: str


def build(material: Material) -> WaitsView | None:
    """Show the curves of those who have been watched; None where nobody has."""
    curves = [one for one in material.report.survival if one.customers]
    if not curves:
        return None
    shown = [one for one in curves if one.customers >= cards.RELIABLE_N] or curves[:1]
    often = [material.shelf.total("one_time_customer_rate", part) for part in SO_OFTEN]
    known = [row for row in often if row is not None and row.value is not None]
    scale = axis.fit(interval_bars.extent(known), "percent", material.voice, from_zero=True)
    return WaitsView(
        summary=_summary(shown[0], material),
        chart=chart([(_name(one, material), one) for one in shown], material),
        names=tuple(_name(one, material) for one in shown),
        rows=(*_milestones(shown, material), *_quarters(shown, material)),
        pauses=_pauses(material),
        lapses=_lapses(material),
        often=tuple(_so_often(row, scale, material) for row in known),
        often_scale=(scale.labels[0], scale.labels[-1]),
        often_summary=_often_summary(material),
    )


def _name(curve: Survival, material: Material) -> str:
    voice = material.voice
    names = {2: voice.say("2nd order"), 3: voice.say("3rd order"), 4: voice.say("4th order")}
    return names[curve.to_order]


def chart(curves: Sequence[tuple[str, Survival]], material: Material) -> Chart:
    """Draw named curves, three at most, over the days of a year."""
    voice = material.voice
    seen = max(curve.points[-1].day for _name, curve in curves)
    longest = min(LONGEST_DAYS, max(seen, 1))
    step = -(-longest // POINTS_WANTED)
    days = range(0, longest + 1, step)
    lines = tuple(
        Line(
            name,
            style,
            tuple(_point(curve, day, material) for day in days),
        )
        for (name, curve), style in zip(curves, STYLES, strict=False)
    )
    ends = [end for line in lines for point in line.points for end in (point.value, point.high)]
    panel = Panel(
        grain="day",
        grain_name=voice.say("Days since the order before"),
        labels=tuple(voice.count(day) for day in days),
        names=tuple(voice.say("Day {day}", day=day) for day in days),
        keys=tuple(str(day) for day in days),
        complete=(True,) * len(days),
        lines=lines,
        axis=axis.fit([end for end in ends if end is not None], "percent", voice, from_zero=True),
        summary=_summary(curves[0][1], material),
    )
    return Chart(
        slug="waits",
        title=voice.say("Back by which day"),
        meaning=voice.say(
            "Share of customers who have ordered again, by days since the order before."
        ),
        kind="lines",
        panels=(panel,),
    )


def _point(curve: Survival, day: int, material: Material) -> Point:
    found = curve.by(day)
    if found is None:
        return Point(None)
    told = cell(curve, day, material)
    low, high = (None if end is None else 100 * end for end in (found.low, found.high))
    return Point(100 * found.returned, low, high, told.text, told.interval, told.n)


def cell(curve: Survival, day: int, material: Material) -> Cell:
    """Write the share by a day with its range and how many had waited so long."""
    voice, found = material.voice, curve.by(day)
    if found is None:
        return Cell("", voice.say("not watched so long"))
    interval, watched = "", curve.watched(day)
    if found.low is not None and found.high is not None:
        interval = voice.interval("percent", 100 * found.low, 100 * found.high, n=curve.customers)
    return Cell(
        voice.percent(100 * found.returned, n=curve.customers),
        interval,
        voice.count(watched),
        watched < cards.RELIABLE_N,
    )


def _milestones(curves: list[Survival], material: Material) -> list[tuple[str, tuple[Cell, ...]]]:
    rows = []
    for day in MILESTONES:
        cells = tuple(cell(curve, day, material) for curve in curves)
        if any(each.text for each in cells):
            rows.append((material.voice.say("day {day}", day=day), cells))
    return rows


def _quarters(curves: list[Survival], material: Material) -> list[tuple[str, tuple[Cell, ...]]]:
    voice = material.voice
    rows = []
    for share in QUARTERS:
        reached = [curve.quantile(share) for curve in curves]
        if any(day is not None for day in reached):
            name = voice.say("{share} by", share=voice.percent(100 * share, n=1))
            cells = tuple(
                Cell("" if day is None else voice.say("day {day}", day=day)) for day in reached
            )
            rows.append((name, cells))
    return rows


def _summary(curve: Survival, material: Material) -> str:
    """Say how many new customers are back after a quarter and after a year."""
    voice = material.voice
    told = []
    for day in (30, 90, 365):
        back = cell(curve, day, material)
        if back.text:
            told.append(voice.say("{share} by day {day}", share=back.text, day=day))
    if not told:
        return voice.say("No customer has been watched for 30 days yet.")
    return voice.say(
        "Of {n} new customers so many have ordered a second time: {list}. Those who still wait "
        "count for as long as they have been watched.",
        n=curve.customers,
        list=", ".join(told),
    )


def _pauses(material: Material) -> str:
    """Say after how many days half, three of four and nine of ten have ordered again."""
    voice = material.voice
    half, three, nine = (material.shelf.total("time_between_orders", part) for part in PAUSES)
    if half is None or half.value is None:
        return ""
    values = {"half": round(half.value)}
    if nine and nine.value is not None and three and three.value is not None:
        return voice.say(
            "After any order half of the customers are back within {half} {half:day|days}, three of "
            "four within {three} {three:day|days}, nine of ten within {nine} {nine:day|days}.",
            three=round(three.value),
            nine=round(nine.value),
            **values,
        )
    if three and three.value is not None:
        return voice.say(
            "After any order half of the customers are back within {half} {half:day|days}, three of "
            "four within {three} {three:day|days}; nine of ten were not in the time observed.",
            three=round(three.value),
            **values,
        )
    return voice.say(
        "After any order half of the customers are back within {half} {half:day|days}; three of "
        "four were not in the time observed.",
        **values,
    )


def _lapses(material: Material) -> str:
    """Say how many stayed away for so long that they count as lost, and how many came back."""
    voice = material.voice
    lapsed = material.shelf.total("lapse_rate")
    if lapsed is None or lapsed.value is None or lapsed.n < cards.RELIABLE_N:
        return ""
    days = material.setting("active_days", 365)
    said = voice.say(
        "Of {n} customers who were active {days} days before the end of the data, {share} have "
        "ordered nothing since.",
        n=lapsed.n,
        days=days,
        share=voice.percent(lapsed.value, n=lapsed.n),
    )
    back = material.shelf.total("reactivation_rate")
    if back is None or back.value is None or back.n < cards.RELIABLE_N:
        return said
    later = voice.say(
        "Of those who lapsed earlier, {share} came back within {days} days after all.",
        share=voice.percent(back.value, n=back.n),
        days=material.setting("repeat_days", 90),
    )
    return f"{said} {later}"


def _so_often(row: Row, scale: axis.Axis, material: Material) -> Often:
    voice = material.voice
    names = {
        "all": voice.say("once"),
        "2_orders": voice.say("twice"),
        "3_orders": voice.say("three times"),
        "4_orders": voice.say("four times"),
        "5_or_more_orders": voice.say("five times and more"),
    }
    interval = ""
    if row.low is not None and row.high is not None:
        interval = voice.interval("percent", row.low, row.high, n=row.n)
    return Often(
        names[row.segment],
        voice.percent(row.value or 0.0, n=row.n),
        interval,
        interval_bars.draw(row, scale),
        interval_bars.raw(row, n=row.n),
        "thin" if cards.is_thin(row) else "",
    )


def _often_summary(material: Material) -> str:
    voice = material.voice
    median = material.shelf.total("median_orders_per_customer")
    mean = material.shelf.total("purchase_frequency")
    if median is None or median.value is None or mean is None or mean.value is None:
        return ""
    return voice.say(
        "Over all time the customer in the middle has ordered {median} times, the average one "
        "{mean} times.",
        median=voice.number(median.value, digits=0 if median.value.is_integer() else 1),
        mean=voice.value("ratio", mean.value, n=mean.n),
    )

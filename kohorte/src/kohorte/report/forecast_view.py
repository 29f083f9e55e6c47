"""What present customers will bring: amounts ahead with their range, the track record, what goes with coming back."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kohorte.forecasts import words
from kohorte.intervals import Estimate
from kohorte.report import axis, interval_bars
from kohorte.report.axis import Axis
from kohorte.report.charts import Chart, Line, Panel, Point, Style, plain
from kohorte.report.material import Material
from kohorte.results import Ahead, Influence, Outlook, Tried, Unit

# A ratio is shown as far as this; beyond it a bar would press the others together.
_WIDEST = 5.0
STYLES: tuple[Style, ...] = ("first", "second")


@dataclass(frozen=True)
class Bar:
    """A row of a table with a picture of its range."""

    name: str
    beside: str
    text: str
    interval: str
    more: str
    picture: Markup
    raw: str
    css: str = ""


@dataclass(frozen=True)
class TrialRow:
    """A model or a rule in the table of the track record."""

    name: str
    cells: tuple[str, ...]
    css: str


@dataclass(frozen=True)
class ForecastView:
    """The chapter; without `ahead` it says in `withheld` why there are no values."""

    summary: str
    model: str
    notes: tuple[str, ...]
    withheld: str
    ahead: tuple[Bar, ...]
    ahead_scale: tuple[str, str]
    ahead_meaning: str
    held: str
    verdict: str
    measures: str
    trials: tuple[TrialRow, ...]
    charts: tuple[Chart, ...]
    influences: tuple[Bar, ...]
    influences_scale: tuple[str, str]
    influences_summary: str


def build(material: Material) -> ForecastView | None:
    """Show the forecast; None where there are no customers to foretell anything of."""
    found = material.report.outlook
    if found is None:
        return None
    voice = material.voice
    ahead_axis = _ahead_axis(found, material)
    ratio_axis = _ratio_axis(found, material)
    return ForecastView(
        summary=_summary(found, material),
        model=voice.tell(found.model),
        notes=tuple(map(voice.tell, found.notes)),
        withheld=voice.tell(found.withheld) if found.withheld else "",
        ahead=tuple(_ahead(one, ahead_axis, found, material) for one in found.ahead),
        ahead_scale=(ahead_axis.labels[0], ahead_axis.labels[-1]),
        ahead_meaning=_meaning(found, material),
        held=voice.tell(found.held) if found.held else "",
        verdict=" ".join(map(voice.tell, found.verdict)),
        measures=voice.tell(words.measures()),
        trials=tuple(_trial(one, material) for one in found.trials),
        charts=tuple(
            chart
            for chart in (_tracking(found, material), _calibration(found, material))
            if chart.drawable
        ),
        influences=tuple(_influence(one, ratio_axis, material) for one in found.influences),
        influences_scale=(ratio_axis.labels[0], ratio_axis.labels[-1]),
        influences_summary=_influences_summary(found, material),
    )


def _summary(found: Outlook, material: Material) -> str:
    """Say what the next year brings, and how that was foretold before."""
    voice = material.voice
    if not found.ahead:
        return ""
    year = found.ahead[0]
    said = voice.say(
        "In the next {months} months the {n} customers of today will bring {value}, with the range "
        "{range}.",
        months=year.months,
        n=found.customers,
        value=_money(year.value, material),
        range=_range(year, material),
    )
    speaks = next((one for one in found.trials if not _is_rule(one)), None)
    if speaks is None or speaks.error_percent is None:
        return said
    back = voice.say(
        "On the shop's own past the model missed the sum of orders by {error}.",
        error=_signed(speaks.error_percent, material),
    )
    return f"{said} {back}"


def _meaning(found: Outlook, material: Material) -> str:
    return material.voice.say(
        "Revenue of all customers of today after today, with its range. Of a new customer: the "
        "first purchase and what follows. Discounted by {percent} % a year.",
        percent=round(found.discount_percent),
    )


def _ahead_axis(found: Outlook, material: Material) -> Axis:
    ends = [end for one in found.ahead for end in (one.value, one.high)]
    return axis.fit(ends, "money", material.voice, from_zero=True)


def _ahead(one: Ahead, scale: Axis, found: Outlook, material: Material) -> Bar:
    voice = material.voice
    estimate = Estimate(one.value, one.low, one.high)
    return Bar(
        name=voice.say("{n} {n:month|months}", n=one.months),
        beside="",
        text=_money(one.value, material),
        interval=_range(one, material),
        more=voice.money(one.new_customer),
        picture=interval_bars.draw(estimate, scale),
        raw=interval_bars.raw(estimate, n=found.customers),
    )


def _money(amount: float, material: Material) -> str:
    """Write an amount that is an estimate: three figures that count."""
    return material.voice.money(_figures(amount), digits=0)


def _range(one: Ahead, material: Material) -> str:
    return material.voice.interval("money", _figures(one.low), _figures(one.high), n=100)


def _figures(amount: float) -> float:
    """Round an amount to three figures, and never to less than whole units."""
    power = max(0, len(str(int(abs(amount)))) - 3)
    return float(round(amount / 10**power) * 10**power)


def _signed(percent: float, material: Material) -> str:
    plus = "+" if percent > 0.05 else ""
    return f"{plus}{material.voice.number(percent, digits=1)}{material.voice.percent_sign}"


def _is_rule(one: Tried) -> bool:
    return one.slug in ("recency", "last_year")


def _trial(one: Tried, material: Material) -> TrialRow:
    voice = material.voice
    cells = (
        "" if one.foretold is None else voice.count(one.foretold),
        "" if one.error_percent is None else _signed(one.error_percent, material),
        "" if one.ranking_percent is None else voice.number(one.ranking_percent, digits=1),
        "" if one.deviance is None else voice.number(one.deviance, digits=3),
    )
    name = voice.pick(one.name)
    if one.loses:
        name = voice.say("{name}, behind the last purchase", name=name)
    return TrialRow(name, cells, "thin" if one.loses or _is_rule(one) else "")


def _tracking(found: Outlook, material: Material) -> Chart:
    """Draw how the sum of orders grew in the trial, as it came and as it was foretold."""
    voice = material.voice
    days = [voice.count(day) for day in found.step_days]
    names = [voice.say("Day {day}", day=day) for day in found.step_days]
    summary = ""
    if found.actual and found.foretold:
        summary = voice.say(
            "By the end {actual} orders had come; {foretold} were foretold.",
            actual=round(found.actual[-1]),
            foretold=round(found.foretold[-1]),
        )
    lines = (
        (voice.say("as they came"), found.actual),
        (voice.say("as foretold"), found.foretold),
    )
    panel = _panel(voice.say("Days of the trial"), days, names, lines, "count", summary, material)
    return Chart(
        slug="forecast-tracking",
        title=voice.say("Orders in the trial"),
        meaning=voice.say("Sum of the orders of customers known before, day by day."),
        kind="lines",
        panels=(panel,),
    )


def _calibration(found: Outlook, material: Material) -> Chart:
    """Draw what was foretold of each tenth of the customers, and what they really did."""
    voice = material.voice
    places = range(1, len(found.tenths) + 1)
    names = [voice.say("Tenth {place}", place=place) for place in places]
    lines = (
        (voice.say("as they came"), tuple(one.actual for one in found.tenths)),
        (voice.say("as foretold"), tuple(one.foretold for one in found.tenths)),
    )
    summary = ""
    if found.tenths:
        summary = voice.say(
            "Of the tenth expected to come most, {foretold} orders each were foretold and {actual} "
            "came.",
            foretold=voice.number(found.tenths[-1].foretold, digits=2),
            actual=voice.number(found.tenths[-1].actual, digits=2),
        )
    labels = [voice.count(place) for place in places]
    panel = _panel(voice.say("Tenth"), labels, names, lines, "ratio", summary, material)
    return Chart(
        slug="forecast-tenths",
        title=voice.say("Customers by what was foretold of them"),
        meaning=voice.say(
            "Orders per customer in the trial, by tenths from the least to the most expected."
        ),
        kind="lines",
        panels=(panel,),
    )


def _panel(
    name: str,
    labels: list[str],
    names: list[str],
    lines: tuple[tuple[str, tuple[float, ...]], ...],
    unit: Unit,
    summary: str,
    material: Material,
) -> Panel:
    voice = material.voice
    points: list[tuple[Point, ...]] = []
    for _, values in lines:
        padded = [*values, *[None] * (len(labels) - len(values))]
        points.append(tuple(plain(value, unit, voice) for value in padded))
    ends = [value for _, values in lines for value in values]
    return Panel(
        grain="day",
        grain_name=name,
        labels=tuple(labels),
        names=tuple(names),
        keys=tuple(labels),
        complete=(True,) * len(labels),
        lines=tuple(
            Line(name, style, drawn)
            for (name, _), style, drawn in zip(lines, STYLES, points, strict=True)
        ),
        axis=axis.fit(ends, unit, voice, from_zero=True),
        summary=summary,
    )


def _ratio_axis(found: Outlook, material: Material) -> Axis:
    ends = [1.0]
    for one in found.influences:
        ends += [min(end, _WIDEST) for end in (one.ratio, one.high) if end is not None]
    return axis.fit(ends, "ratio", material.voice, from_zero=True)


def _influence(one: Influence, scale: Axis, material: Material) -> Bar:
    voice = material.voice
    estimate = Estimate(one.ratio, one.low, one.high)
    interval = ""
    if one.low is not None and one.high is not None:
        interval = voice.interval("ratio", one.low, one.high, n=one.customers)
    return Bar(
        name=f"{voice.pick(one.name)}: {voice.pick(one.value)}",
        beside=voice.say("against {value}", value=voice.pick(one.against)),
        text=voice.value("ratio", one.ratio, n=one.customers),
        interval=interval,
        more=voice.count(one.customers),
        picture=interval_bars.draw(estimate, scale, middle=1.0),
        raw=interval_bars.raw(estimate, n=one.customers),
        css="" if _beyond(one) else "thin",
    )


def _beyond(one: Influence) -> bool:
    """Tell whether a ratio differs from 1 by more than chance."""
    return one.low is not None and one.high is not None and not one.low <= 1 <= one.high


def _influences_summary(found: Outlook, material: Material) -> str:
    voice = material.voice
    if found.no_influences is not None:
        return voice.tell(found.no_influences)
    beyond = [one for one in found.influences if _beyond(one)]
    if not beyond:
        return voice.say("Nothing that is known of the first order goes with a second one.")
    first = beyond[0]
    values = {
        "name": f"{voice.pick(first.name)}: {voice.pick(first.value)}",
        "against": voice.pick(first.against),
        "ratio": voice.value("ratio", first.ratio, n=first.customers),
    }
    return voice.say(
        "Goes with it most: {name}. Such customers come {ratio} times as often as with {against}.",
        **values,
    )

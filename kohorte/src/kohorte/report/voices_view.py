"""What customers said in surveys: how sure the score is, who answered, and what they write about."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kohorte.intervals import Estimate
from kohorte.report import axis, cards, interval_bars
from kohorte.report.axis import Axis
from kohorte.report.material import Material
from kohorte.report.voice import MINUS, NO_BREAK
from kohorte.results import About, Chosen, Heard, Ranged, Unit, Variant, Voices

# Beyond a tenth of a standard deviation a difference is worth a word (Austin 2009).
_NOTABLE = 0.1


@dataclass(frozen=True)
class VoiceRow:
    """A row of a table with a picture of its range."""

    name: str
    text: str
    interval: str
    n: str
    picture: Markup
    raw: str
    before: str = ""
    after: str = ""
    thin: bool = False


@dataclass(frozen=True)
class ThemeRow:
    """What several comments are about."""

    words: str
    comments: str
    score: str
    interval: str
    praise: str


@dataclass(frozen=True)
class VoicesView:
    """One question; `variants` are written out, the tables have pictures."""

    slug: str
    name: str
    counted: str
    summary: str
    variants: tuple[tuple[str, str, str, str], ...]
    is_weighted: bool
    chosen: tuple[VoiceRow, ...]
    chosen_scale: tuple[str, str]
    groups: tuple[VoiceRow, ...]
    groups_scale: tuple[str, str]
    groups_summary: str
    headline: str
    themes: tuple[ThemeRow, ...]
    has_praise: bool
    notes: tuple[str, ...]


def build(material: Material) -> list[VoicesView]:
    """Show every question that was answered."""
    return [_view(one, material) for one in material.report.voices]


def _view(one: Voices, material: Material) -> VoicesView:
    voice = material.voice
    shares = [end for each in one.chosen for end in (each.share.value, each.share.high)]
    chosen_axis = axis.fit(
        [end for end in shares if end is not None], "percent", voice, from_zero=True
    )
    headline = one.variants[0]
    ends = [
        end
        for each in one.groups
        for end in (each.score.value, each.score.low, each.score.high)
        if end is not None
    ]
    groups_axis = axis.fit(ends, headline.unit, voice, from_zero=False)
    return VoicesView(
        slug=one.question,
        name=voice.pick(one.name),
        counted=voice.say(
            "{n} {n:answer|answers} from {low} to {high}", n=one.n, low=one.lowest, high=one.highest
        ),
        summary=_summary(one, material),
        variants=tuple(_variant(each, material) for each in one.variants),
        is_weighted=any(each.weighted for each in one.variants),
        chosen=tuple(_chosen(each, one.n, chosen_axis, material) for each in one.chosen),
        chosen_scale=(chosen_axis.labels[0], chosen_axis.labels[-1]),
        groups=tuple(_group(each, headline, groups_axis, material) for each in one.groups),
        groups_scale=(groups_axis.labels[0], groups_axis.labels[-1]),
        groups_summary=_groups_summary(one, material),
        headline=one.question.upper(),
        themes=tuple(_theme(each, headline.unit, material) for each in one.themes),
        has_praise=any(each.praise_percent is not None for each in one.themes),
        notes=tuple(map(voice.tell, one.notes)),
    )


def _summary(one: Voices, material: Material) -> str:
    """Say the headline with its range, and whether it foretells anything."""
    voice = material.voice
    headline = one.variants[0]
    if one.n < cards.RELIABLE_N:
        said = voice.say("Only {n} {n:answer|answers}: too few to rely on.", n=one.n)
    else:
        value = _written(headline.plain.value, headline.unit, material)
        said = voice.say(
            "{name}: {value}, range {range}.",
            name=voice.pick(headline.name),
            value=value,
            range=_range(headline.plain, headline.unit, material),
        )
    if headline.weighted is not None:
        said += " " + voice.say(
            "Weighted to all customers it is {value}.",
            value=_written(headline.weighted.value, headline.unit, material),
        )
    return " ".join([said, *map(voice.tell, one.foretells)])


def _variant(one: Variant, material: Material) -> tuple[str, str, str, str]:
    weighted = ""
    if one.weighted is not None:
        weighted = _written(one.weighted.value, one.unit, material)
    return (
        material.voice.pick(one.name),
        _written(one.plain.value, one.unit, material),
        _range(one.plain, one.unit, material),
        weighted,
    )


def _chosen(one: Chosen, of: int, scale: Axis, material: Material) -> VoiceRow:
    voice = material.voice
    estimate = Estimate(one.share.value, one.share.low, one.share.high)
    return VoiceRow(
        voice.count(one.score),
        voice.percent(one.share.value or 0.0, n=of),
        ""
        if one.share.low is None
        else voice.interval("percent", one.share.low, one.share.high or 0.0, n=of),
        voice.count(one.n),
        interval_bars.draw(estimate, scale),
        interval_bars.raw(estimate, n=one.n),
    )


def _group(one: Heard, headline: Variant, scale: Axis, material: Material) -> VoiceRow:
    estimate = Estimate(one.score.value, one.score.low, one.score.high)
    return VoiceRow(
        material.voice.pick(one.name),
        _written(one.score.value, headline.unit, material),
        _range(one.score, headline.unit, material),
        material.voice.count(one.n),
        interval_bars.draw(estimate, scale, middle=headline.plain.value),
        interval_bars.raw(estimate, n=one.n),
        _apart(one.before, material),
        _apart(one.after, material),
        one.n < cards.RELIABLE_N,
    )


def _apart(value: float | None, material: Material) -> str:
    if value is None:
        return ""
    text = material.voice.number(abs(value), digits=2)
    return ("+" if value >= 0 else MINUS) + text


def _groups_summary(one: Voices, material: Material) -> str:
    """Name the group that answers most beyond its size, and the one that answers least."""
    known = [(each.before, each) for each in one.groups if each.before is not None]
    if len(known) < 2:
        return ""
    if max(abs(value) for value, _ in known) <= _NOTABLE:
        return material.voice.say(
            "Those who answered are spread over the groups as all customers are."
        )
    most, least = (pick(known, key=lambda each: each[0])[1] for pick in (max, min))
    return material.voice.say(
        "Beyond their size answer most “{most}”, least “{least}”. How customers who stay silent feel, nobody can tell.",
        most=material.voice.pick(most.name),
        least=material.voice.pick(least.name),
    )


def _theme(one: About, unit: Unit, material: Material) -> ThemeRow:
    voice = material.voice
    praise = ""
    if one.praise_percent is not None:
        praise = voice.number(one.praise_percent, digits=0) + voice.percent_sign
    return ThemeRow(
        ", ".join(one.words),
        voice.count(one.comments),
        _written(one.score.value, unit, material),
        _range(one.score, unit, material),
        praise,
    )


def _written(value: float | None, unit: Unit, material: Material) -> str:
    if value is None:
        return "–"
    return material.voice.value(unit, value, n=1000)


def _range(found: Ranged, unit: Unit, material: Material) -> str:
    if found.low is None or found.high is None:
        return ""
    return material.voice.interval(unit, found.low, found.high, n=1000).replace(" ", NO_BREAK)

"""What a trial says, in words and rows for pages: the verdict first, then what it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kohorte.differences import Estimated
from kohorte.intervals import Estimate
from kohorte.report import axis, interval_bars
from kohorte.report.voice import Voice

# Below this share small differences matter, so they are written with a digit more.
RARE = 0.02
# By so many percent at least what was before must lower the variance to be worth a word.
NOTABLE = 1.0
_MONEY = re.compile(
    r"(?i)(spend|spent|revenue|umsatz|sales|erl(ö|oe)s|amount|betrag|margin|marge|deckungsbeitrag|profit|"
    r"value|wert|price|preis|history)"
)
Range = Sequence[float | None]


@dataclass(frozen=True)
class Row:
    """An arm beside the one that got nothing, by one measure."""

    arm: str
    customers: str
    value: str
    difference: str
    range: str
    percent: str
    percent_range: str
    picture: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Judged:
    """A measure: what the control group did, and every other arm beside it."""

    name: str
    is_headline: bool
    control: Row
    rows: list[Row]
    note: str


@dataclass(frozen=True)
class InAll:
    """What an arm brought in all, by one measure."""

    arm: str
    measure: str
    total: str
    range: str
    net: str
    net_range: str
    missed: str


@dataclass(frozen=True)
class Part:
    """A group of customers and the effect in it."""

    name: str
    customers: str
    difference: str
    range: str
    picture: str
    is_different: bool


@dataclass(frozen=True)
class Parts:
    """The effects of an arm in groups of customers, and whether they differ."""

    arm: str
    rows: list[Part]
    verdict: str


class Writer:
    """How the values of one measure are written."""

    def __init__(self, name: str, kind: str, usual: float, voice: Voice) -> None:
        self.voice = voice
        self.kind = kind
        self.is_money = kind == "money" and bool(_MONEY.search(name))
        self.digits = 2 if kind != "share" or abs(usual) < RARE else 1

    def value(self, value: float | None) -> str:
        """Write what an arm did."""
        if value is None:
            return "–"
        if self.kind == "share":
            return f"{self.voice.number(100 * value, digits=self.digits)}{self.voice.percent_sign}"
        if self.is_money:
            return self.voice.money(value)
        return self.voice.number(value, digits=self.digits)

    def change(self, value: float | None) -> str:
        """Write a difference with its sign; of shares in points."""
        if value is None:
            return "–"
        if self.kind == "share":
            points = self.voice.number(abs(100 * value), digits=self.digits)
            return signed(_("%(points)s points") % {"points": points}, value)
        return signed(self.value(abs(value)), value)

    def each(self, value: float | None) -> str:
        """Write a difference as one says it of each customer; a share is of all of them anyway."""
        said = self.change(value)
        return said if self.kind == "share" else _("%(amount)s per customer") % {"amount": said}

    def total(self, value: float | None, *, beside: float | None = None) -> str:
        """Write what all customers of an arm brought together, as finely as what stands beside it."""
        if value is None:
            return "–"
        size = abs(value)
        if not self.is_money:
            return signed(self.voice.count(size), value)
        digits = self.voice.money_digits(max(size, abs(beside or 0.0)))
        return signed(self.voice.money(size, digits=digits), value)

    def totals(self, found: Range) -> tuple[str, str]:
        """Write a total and its range."""
        value, low, high = found
        if value is None or low is None or high is None:
            return self.total(value), ""
        most = max(abs(low), abs(high))
        ends = (self.total(each, beside=most) for each in (low, high))
        return self.total(value, beside=most), between(*ends)


def signed(text: str, value: float) -> str:
    """Return a written amount with its sign.

    >>> signed("5", -5)
    '−5'
    """
    return ("+" if value >= 0 else "\N{MINUS SIGN}") + text


def between(low: str, high: str) -> str:
    """Return a range in words."""
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def writers(result: Mapping[str, Any], voice: Voice) -> dict[str, Writer]:
    """Return how each measure of a trial is written."""
    usual = {effect["measure"]: effect["control"] for effect in result["effects"]}
    return {name: Writer(name, kind, usual[name] or 0.0, voice) for name, kind in result["kinds"]}


def verdicts(result: Mapping[str, Any], voice: Voice) -> list[str]:
    """Say plainly whether each arm worked, by the headline."""
    control, written = result["control"], writers(result, voice)
    if result["verdict"] == "off":
        return [
            _(
                "This trial proves nothing: its groups are not as large as planned. Chance alone does "
                "that less than once in 1,000 trials, so something chose who came into which group."
            )
        ]
    headline = result["kinds"][0][0]
    said = []
    for effect, is_good in zip(result["effects"], result["good"], strict=True):
        if effect["measure"] != headline:
            continue
        words = {
            "arm": effect["arm"],
            "control": control,
            "measure": headline,
            "change": written[headline].each(effect["difference"]),
            "range": _range(written[headline], effect),
        }
        said.append(_verdict(is_good, effect) % words)
    return said


def _verdict(is_good: bool | None, effect: Mapping[str, Any]) -> str:
    if effect["low"] is None:
        return _("“%(arm)s” has too few customers to tell anything.")
    if is_good is None:
        return _(
            "Whether “%(arm)s” worked cannot be told: %(measure)s differs from “%(control)s” by "
            "%(change)s (%(range)s), which may be chance."
        )
    if is_good:
        return _(
            "“%(arm)s” worked: %(measure)s differs from “%(control)s” by %(change)s "
            "(%(range)s). That is more than chance."
        )
    return _(
        "“%(arm)s” did harm: %(measure)s differs from “%(control)s” by %(change)s "
        "(%(range)s). That is more than chance."
    )


def _range(written: Writer, effect: Mapping[str, Any]) -> str:
    if effect["low"] is None or effect["high"] is None:
        return "–"
    return between(written.change(effect["low"]), written.change(effect["high"]))


def judged(result: Mapping[str, Any], voice: Voice) -> list[Judged]:
    """Return every measure with all arms, the headline first."""
    written, found = writers(result, voice), []
    for place, (name, _kind) in enumerate(result["kinds"]):
        pairs = [
            (effect, good)
            for effect, good in zip(result["effects"], result["good"], strict=True)
            if effect["measure"] == name
        ]
        pictures = _pictures([effect for effect, _good in pairs], voice)
        write, first = written[name], pairs[0][0]
        held = Row(
            result["control"], voice.count(first["n_control"]), write.value(first["control"]),
            "", "", "", "", "", "", "",
        )  # fmt: skip
        rows = [
            _row(effect, good, picture, write, voice)
            for (effect, good), picture in zip(pairs, pictures, strict=True)
        ]
        found.append(Judged(name, place == 0, held, rows, _note(result, first, voice)))
    return found


def _row(
    effect: Mapping[str, Any], is_good: bool | None, picture: str, write: Writer, voice: Voice
) -> Row:
    percent = effect["percent"]
    ends = effect["percent_low"], effect["percent_high"]
    words = {True: _("better, beyond chance"), False: _("worse, beyond chance")}
    verdict = words[is_good] if is_good is not None else _("within chance")
    return Row(
        arm=effect["arm"],
        customers=voice.count(effect["n"]),
        value=write.value(effect["value"]),
        difference=write.change(effect["difference"]),
        range=_range(write, effect),
        percent="–" if percent is None else _percent(percent, voice),
        percent_range="" if None in ends else between(*(_percent(each, voice) for each in ends)),
        picture=picture,
        verdict=_("too few customers to tell") if effect["low"] is None else verdict,
        tone={True: "good", False: "bad"}.get(is_good, "same") if is_good is not None else "same",
    )


def _percent(value: float, voice: Voice) -> str:
    return signed(f"{voice.number(abs(value), digits=0)}{voice.percent_sign}", value)


def _note(result: Mapping[str, Any], effect: Mapping[str, Any], voice: Voice) -> str:
    """Say by how much what was before steadies a measure, and what very large values count as."""
    said = []
    steadied, by = effect["variance_removed_percent"], result["steadied_by"].get(effect["measure"])
    if by and steadied is not None and steadied >= NOTABLE:
        said.append(
            _("Steadied by “%(column)s”: that takes %(percent)s out of the variance.")
            % {
                "column": by,
                "percent": f"{voice.number(steadied, digits=0)}{voice.percent_sign}",
            }
        )
    if (most := result["winsorized_at"].get(effect["measure"])) is not None:
        write = Writer(effect["measure"], "money", 0, voice)
        said.append(
            _("More than %(amount)s counts as that, so that one large buyer decides nothing.")
            % {"amount": write.value(most)}
        )
    return " ".join(said)


def in_all(result: Mapping[str, Any], voice: Voice) -> list[InAll]:
    """Return what each arm brought beyond what would have come anyway; nothing of a trial that proves nothing."""
    if result["verdict"] == "off":
        return []
    written, found = writers(result, voice), []
    for one in result["increments"]:
        write = written[one["measure"]]
        total, total_range = write.totals(one["total"])
        money = Writer("revenue", "money", 0, voice)
        net, net_range = money.totals(one["net"]) if one["net"] else ("", "")
        found.append(
            InAll(
                arm=one["arm"],
                measure=one["measure"],
                total=total,
                range=total_range,
                net=net,
                net_range=net_range,
                missed=write.total(one["missed"][0]),
            )
        )
    return found


def parts(result: Mapping[str, Any], voice: Voice) -> list[Parts]:
    """Return the effects on the headline in groups of customers, told apart only beyond chance."""
    headline = result["kinds"][0][0]
    write, found = writers(result, voice)[headline], []
    for arm, groups in result["groups"].items():
        named = sorted(groups["effects"].items())
        pictures = _pictures([effect for _name, effect in named], voice)
        differing = result["differing"].get(arm, [])
        rows = [
            Part(
                name,
                voice.count(effect["n"] + effect["n_control"]),
                write.change(effect["difference"]),
                _range(write, effect),
                picture,
                name in differing,
            )
            for (name, effect), picture in zip(named, pictures, strict=True)
        ]
        said = (
            _("The effect differs beyond chance in: %(names)s.") % {"names": ", ".join(differing)}
            if differing
            else _(
                "The groups' effects differ within chance (p = %(p)s); what stands out among them does "
                "so by luck."
            )
            % {"p": voice.number(groups["p"] or 0.0, digits=2)}
        )
        found.append(Parts(arm, rows, said))
    return found


def _pictures(effects: Sequence[Mapping[str, Any]], voice: Voice) -> list[str]:
    """Draw differences with their ranges on one scale, with a line at none."""
    drawn: list[Estimated] = [
        Estimate(effect["difference"], effect["low"], effect["high"]) for effect in effects
    ]
    known = interval_bars.extent(drawn)
    if not known:
        return [""] * len(drawn)
    scale = axis.fit([0.0, *known], "ratio", voice, from_zero=True)
    return [interval_bars.draw(each, scale, middle=0.0) for each in drawn]

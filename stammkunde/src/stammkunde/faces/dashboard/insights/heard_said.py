"""What is said of a survey in sentences: its score, who answered, what goes with it, what it foretells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kohorte.report.cards import RELIABLE_N
from kohorte.report.voice import Voice
from kohorte.results import Unit

Ends = Sequence[float | None]


def text(value: float | None, unit: Unit, voice: Voice) -> str:
    """Write a value in its unit."""
    return "–" if value is None else voice.value(unit, value, n=1000)


def range_of(ends: Ends, unit: Unit, voice: Voice) -> str:
    """Write the range of a value; nothing where it is not known."""
    _value, low, high = ends
    return "" if low is None or high is None else voice.interval(unit, low, high, n=1000)


def verdict(found: Mapping[str, Any], voice: Voice) -> str:
    """Say the headline with its range, and what it would be if all customers had answered alike."""
    name, unit, plain, weighted = found["scores"][0]
    words = {
        "name": voice.pick(name),
        "value": text(plain[0], unit, voice),
        "range": range_of(plain, unit, voice),
        "n": voice.count(found["n"]),
    }
    if found["n"] < RELIABLE_N:
        said = _("%(name)s: %(value)s from only %(n)s answers, too few to rely on.") % words
    else:
        said = _("%(name)s: %(value)s from %(n)s answers, range %(range)s.") % words
    if weighted:
        said += " " + _("Weighed to all customers it is %(value)s.") % {
            "value": text(weighted[0], unit, voice)
        }
    return said


def foretells(found: Mapping[str, Any], voice: Voice) -> str:
    """Say whether the score foretells who orders again."""
    told = found["foretelling"]
    if not told:
        silent = found["silent"].get("foretelling")
        return (
            voice.tell(silent)
            if silent
            else _("The orders know none of those who answered, so it cannot be held against them.")
        )
    odds, low, high = told["odds"]
    words = {
        "days": told["days"],
        "came": voice.count(told["came"]),
        "n": voice.count(told["n"]),
        "odds": voice.number(odds, digits=2),
        "low": voice.number(low, digits=2),
        "high": voice.number(high, digits=2),
        "gain": voice.number(told["gain"][0] or 0.0, digits=1),
    }
    if told["is_evidence"]:
        said = _(
            "Yes: it says more than purchases alone about who orders again within %(days)s days. A standard "
            "deviation more multiplies the odds by %(odds)s (%(low)s to %(high)s) and ranks customers better by "
            "%(gain)s points."
        )
    else:
        said = _(
            "There is no evidence of it in your data: recency, frequency and value being equal, a standard "
            "deviation more multiplies the odds of an order within %(days)s days by %(odds)s (%(low)s to %(high)s)."
        )
    came = _("%(came)s of %(n)s customers who answered came again in that time.")
    return f"{said % words} {came % words}"


def drivers_said(found: Mapping[str, Any], voice: Voice) -> str:
    """Say how much of the score other questions explain."""
    if told := found["drivers"]:
        return _(
            "Together they explain %(percent)s of the score, from %(n)s customers who answered all of them. What "
            "a score goes with need not be what moves it."
        ) % {"percent": voice.percent(told["explained"], n=told["n"]), "n": voice.count(told["n"])}
    if "drivers" in found["silent"]:
        return voice.tell(found["silent"]["drivers"])
    return _(
        "Nobody answered other questions at the same time, so nothing can be said of what goes with it."
    )


def written(found: Mapping[str, Any], voice: Voice) -> list[str]:
    """Say how well praise and blame are told apart, and why something is not said."""
    told = found["written"]
    if not told:
        return [_("Nobody wrote a comment with it.")]
    said = [voice.tell(sentence) for sentence in told["silent"]]
    if told["praise"] is not None and told["ranking"]:
        said.append(
            _(
                "Praise and blame were learned from %(pairs)s comments of your own customers with their scores; of two "
                "unseen comments, one praising and one blaming, it ranks %(percent)s right."
            )
            % {
                "pairs": voice.count(told["pairs"]),
                "percent": voice.percent(100 * told["ranking"][0], n=told["pairs"]),
            }
        )
    return said


def groups_said(found: Mapping[str, Any], voice: Voice) -> str:
    """Name the group that answers most beyond its size, and the one that answers least."""
    known = [(part[3], voice.pick(part[0])) for part in found["groups"] if part[3] is not None]
    if len(known) < 2:
        return ""
    return _(
        "Beyond its size answers most “%(most)s”, least “%(least)s”. What those feel who stay silent, nobody "
        "can tell."
    ) % {"most": max(known)[1], "least": min(known)[1]}

"""Sides of a survey in words: groups, weights before and after, and what customers wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kohorte import rfm
from kohorte.cli import aligned
from kohorte.language import Language, Sentence, Text, number, translate

if TYPE_CHECKING:
    from kohorte.intervals import Estimate
    from kohorte.results import Unit
    from kohorte.surveys.results import Survey, Way

FACTS = {
    "recency": Text(de="Tage seit dem letzten Kauf", en="Days since the last order"),
    "frequency": Text(de="Zahl der Bestellungen", en="Number of orders"),
    "value": Text(de="Umsatz", en="Revenue"),
    "tenure": Text(de="Tage seit dem ersten Kauf", en="Days since the first order"),
}
_WAYS: dict[Way, Sentence] = {
    "file": Sentence("Weighted by the weights of the file."),
    "silence": Sentence(
        "Weighted by who did not answer. Those who answered less the others, in standard deviations:"
    ),
    "groups": Sentence(
        "Weighted by how large the groups are. Answers less the whole, in standard deviations:"
    ),
    "rfm": Sentence(
        "Weighted by the RFM groups of all customers. Answers less the whole, in standard deviations:"
    ),
}
_DIGITS = {"points": 1, "percent": 1, "ratio": 2}


def number_of(value: float, unit: Unit, spoken: Language) -> str:
    """Write a value of a survey: 39.8, 71.4%, 5.21."""
    text = number(value, spoken, digits=_DIGITS[unit])
    return text + ("\N{NO-BREAK SPACE}%" if spoken == "de" else "%") if unit == "percent" else text


def ranged(found: Estimate, unit: Unit, spoken: Language) -> str:
    """Write a value with its range: 39.8 (37.2 to 42.4)."""
    if found.value is None:
        return "–"
    text = number_of(found.value, unit, spoken).replace("-", "\N{MINUS SIGN}")
    if found.low is None or found.high is None:
        return text
    ends = {
        name: number(end, spoken, digits=_DIGITS[unit]).replace("-", "\N{MINUS SIGN}")
        for name, end in (("low", found.low), ("high", found.high))
    }
    return Sentence("{value} ({low} to {high})", {"value": text, **ends}).render(spoken)


def fact(name: str, spoken: Language) -> str:
    """Return what a fact of those who were asked, or a group of them, is called."""
    if name in FACTS:
        return FACTS[name].render(spoken)
    return rfm.GROUPS[name][0].render(spoken) if name in rfm.GROUPS else name


def weighed(found: Survey, spoken: Language) -> Iterator[str]:
    """Say by what the answers were weighed, and what was repaired by it."""
    if "weights" in found.silent:
        yield found.silent["weights"].render(spoken)
    if found.way is None:
        return
    yield _WAYS[found.way].render(spoken)
    if found.weighed is None:
        return
    head = ["", translate("before", spoken), translate("weighted", spoken)]
    rows = [
        [fact(name, spoken), _signed(value, spoken), _signed(found.weighed.left[name], spoken)]
        for name, value in found.weighed.differences.items()
    ]
    yield from aligned.lines([head, *rows])
    left = [fact(name, spoken) for name, value in found.weighed.left.items() if abs(value) > 0.1]
    if left:
        yield "  " + Sentence("Still notably apart: {names}.", {"names": ", ".join(left)}).render(
            spoken
        )
    yield "  " + translate(
        "Weights repair only what is known; whether the silent are angrier, nobody can tell.",
        spoken,
    )


def _whole(percent: float, spoken: Language) -> str:
    return number(percent, spoken) + ("\N{NO-BREAK SPACE}%" if spoken == "de" else "%")


def _signed(value: float, spoken: Language) -> str:
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return sign + number(abs(value), spoken, digits=2)


def groups(found: Survey, spoken: Language) -> Iterator[str]:
    """Put the headline of groups side by side."""
    unit = found.first.scores[0].unit
    for side, several in enumerate(found.groups):
        if side:
            yield ""
        yield Sentence(
            "{name} by {by}:", {"name": found.first.scores[0].name, "by": several.by}
        ).render(spoken)
        is_weighted = any(part.weighted for part in several.parts)
        head = ["", "", translate("weighted", spoken) if is_weighted else "", ""]
        rows = [
            [
                fact(part.name, spoken),
                ranged(part.plain, unit, spoken),
                ranged(part.weighted, unit, spoken) if part.weighted else "",
                f"n = {number(part.n, spoken)}",
            ]
            for part in several.parts
        ]
        yield from aligned.lines([head, *rows] if is_weighted else rows)
        if several.p is not None:
            chance = "< 0.001" if several.p < 0.001 else f"= {number(several.p, 'en', digits=3)}"
            chance = chance.replace(".", ",") if spoken == "de" else chance
            yield "  " + Sentence(
                "The groups differ by more than chance (p {p})."
                if several.p < 0.05
                else "The groups do not differ by more than chance (p {p}).",
                {"p": chance},
            ).render(spoken)


def written(found: Survey, spoken: Language) -> Iterator[str]:
    """Say what customers wrote, as far as anything may be said."""
    told = found.written
    if told is None:
        if found.comments:
            yield Sentence(
                "{n} {n:customer|customers} wrote something; --comments reads it.",
                {"n": found.comments},
            ).render(spoken)
        return
    yield Sentence("What {n} {n:customer|customers} wrote:", {"n": told.comments}).render(spoken)
    unit = found.first.scores[0].unit
    for theme in told.themes:
        praise = ""
        if theme.praise_percent is not None:
            praise = " · " + Sentence(
                "{percent} praise",
                {"percent": _whole(theme.praise_percent, spoken)},
            ).render(spoken)
        n = Sentence("{n} {n:comment|comments}", {"n": theme.comments}).render(spoken)
        score = f"{found.first.scores[0].name.render(spoken)} {ranged(theme.score, unit, spoken)}"
        yield f"  {', '.join(theme.words)}: {n} · {score}{praise}"
        for quote in theme.quotes:
            yield "    " + (f"„{quote}“" if spoken == "de" else f"“{quote}”")
    if told.praise_percent is not None and told.ranking is not None:
        yield "  " + Sentence(
            "{percent} of all comments are praise. Learned from {pairs} of them with a score; of a praising and "
            "a blaming one not seen before {ranking} in 100 pairs are told apart.",
            {
                "percent": _whole(told.praise_percent, spoken),
                "pairs": told.pairs,
                "ranking": number(100 * (told.ranking.value or 0), spoken),
            },
        ).render(spoken)
    for reason in told.silent:
        yield "  " + reason.render(spoken)

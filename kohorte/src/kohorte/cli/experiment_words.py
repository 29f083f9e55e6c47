"""A trial as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kohorte.cli import trial_words
from kohorte.cli.steps import Amounts
from kohorte.cli.trial_words import Written
from kohorte.language import Language, Sentence, number, translate

if TYPE_CHECKING:
    from kohorte.experiments.effects import Effect
    from kohorte.experiments.trial import Trial
    from kohorte.intervals import Estimate


def lines(
    found: Trial,
    currency: str | None,
    spoken: Language,
    *,
    is_planned: bool,
    cost: float,
    margin_percent: float | None,
    confidence_percent: float,
) -> Iterator[str]:
    """Give the lines that the command prints: whether it may be read, effects, amounts, groups."""
    yield from _arms(found, spoken)
    measures = dict.fromkeys(effect.measure for effect in found.effects)
    for measure in measures:
        yield ""
        yield from _measure(
            [one for one in found.effects if one.measure == measure],
            found.control,
            currency,
            spoken,
        )
    yield ""
    yield from _notes(found, currency, spoken, is_planned=is_planned)
    yield ""
    yield from _amounts(found, currency, spoken, cost=cost, margin_percent=margin_percent)
    yield from _groups(found, currency, spoken, confidence_percent)


def _arms(found: Trial, spoken: Language) -> Iterator[str]:
    values = {
        "n": sum(arm.n for arm in found.arms.values()),
        "arms": len(found.arms),
        "control": found.control,
    }
    said = Sentence("{n} customers in {arms} arms; “{control}” got nothing.", values)
    yield said.render(spoken)
    if found.ratio is None:
        yield translate(
            "Nobody said how customers were to be spread over the arms (--share), so whether something "
            "chose among them was not tested.",
            spoken,
        )
    elif found.is_readable:
        yield Sentence(
            "The arms are as large as planned (p = {p}).",
            {"p": number(found.ratio.p, spoken, digits=2)},
        ).render(spoken)
    else:
        yield translate(
            "The arms are not as large as planned; chance does that less than once in 1,000 trials. "
            "Something chose who came into which arm, so the differences below prove nothing.",
            spoken,
        )


def _measure(
    effects: list[Effect], control: str, currency: str | None, spoken: Language
) -> Iterator[str]:
    measure = effects[0].measure
    written = Written(measure, currency, spoken, usual=effects[0].control.value)
    head = trial_words.name(measure.name, spoken)
    yield f"{head} / {trial_words.name(measure.per, spoken)}" if measure.per else head
    table = [
        [control, written.value(effects[0].control.value), "", "", ""],
        *(
            [
                effect.name,
                written.value(effect.arm.value),
                written.difference(effect.difference),
                trial_words.percent(effect.percent, spoken),
                trial_words.verdict(effect, spoken),
            ]
            for effect in effects
        ),
    ]
    widths = [max(len(row[place]) for row in table) for place in range(5)]
    for row in table:
        first = row[0].ljust(widths[0])
        middle = [cell.rjust(width) for cell, width in zip(row[1:4], widths[1:4], strict=True)]
        yield ("  " + "  ".join([first, *middle, row[4]])).rstrip()
    gain = effects[0].steadied_percent
    if gain is not None:
        yield "  " + Sentence(
            "What was before takes {percent} out of the variance.",
            {"percent": trial_words.whole_percent(round(max(gain, 0.0), 1), spoken)},
        ).render(spoken)


def _notes(
    found: Trial, currency: str | None, spoken: Language, *, is_planned: bool
) -> Iterator[str]:
    yield translate(
        "The ranges hold at the looks that were planned; whoever looks more often is fooled."
        if is_planned
        else "The ranges hold whenever one looks, and however often.",
        spoken,
    )
    yield translate(
        "Everybody counts in the arm they were assigned to, whether the treatment reached them or not.",
        spoken,
    )
    judged = {effect.measure.name for effect in found.effects}
    for name, at in (found.cut.at if found.cut else {}).items():
        if name not in judged:
            continue
        written = Amounts("money", currency, spoken).value(at)
        yield Sentence(
            "{name}: more than {amount} counts as that, so that one large buyer decides nothing.",
            {"name": trial_words.name(name, spoken), "amount": written},
        ).render(spoken)


def _amounts(
    found: Trial,
    currency: str | None,
    spoken: Language,
    *,
    cost: float,
    margin_percent: float | None,
) -> Iterator[str]:
    """Give what every arm brought in all."""
    from kohorte.experiments import increments

    for effect in found.effects:
        if effect.measure.per is not None or not found.is_readable:
            continue
        brought = increments.of(effect)
        yield _in_all(
            "{arm}: {range} {name} in all beyond what would have come anyway.",
            effect, brought.total, currency, spoken,
        )  # fmt: skip
        if effect.measure.kind == "money" and (cost or margin_percent is not None):
            margin = 100.0 if margin_percent is None else margin_percent
            net = increments.net(effect, margin_percent=margin, cost_per_customer=cost)
            yield _in_all(
                "{arm}: margin net of what it cost {range}.", effect, net, currency, spoken
            )


def _in_all(
    msgid: str, effect: Effect, found: Estimate, currency: str | None, spoken: Language
) -> str:
    is_money = effect.measure.kind == "money"
    amounts = Amounts("money" if is_money else "count", currency, spoken)

    def one(value: float) -> str:
        return trial_words.signed(amounts.value(abs(value)), value)

    text = "–" if found.value is None else one(found.value)
    if found.low is not None and found.high is not None and found.value is not None:
        words = {"value": text, "low": one(found.low), "high": one(found.high)}
        text = Sentence("{value} ({low} to {high})", words).render(spoken)
    name = trial_words.total(effect.measure.name, spoken)
    return Sentence(msgid, {"arm": effect.name, "name": name, "range": text}).render(spoken)


def _groups(
    found: Trial, currency: str | None, spoken: Language, confidence_percent: float
) -> Iterator[str]:
    for name, groups in found.groups.items():
        yield ""
        first = next(iter(groups.effects.values()))
        measure = first.measure
        written = Written(measure, currency, spoken, usual=first.control.value)
        yield f"{name}, {trial_words.name(measure.name, spoken)}:"
        width = max(len(group) for group in groups.effects)
        for group, effect in groups.effects.items():
            n = number(effect.arm.n + effect.control.n, spoken)
            yield f"  {group.ljust(width)}  {written.difference(effect.difference)}  (n = {n})"
        differing = groups.differing(confidence_percent=confidence_percent)
        if differing:
            told = Sentence(
                "The effect differs beyond chance in: {names}.", {"names": ", ".join(differing)}
            )
        else:
            told = Sentence(
                "The groups' effects differ within chance (p = {p}); what stands out among them does so "
                "by luck.",
                {"p": number(groups.p, spoken, digits=2)},
            )
        yield "  " + told.render(spoken)

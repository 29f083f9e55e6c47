"""Surveys and a trial as a report would get them, with numbers that are easy to follow."""

from __future__ import annotations

import dataclasses

from kohorte.language import Sentence, Text
from kohorte.results import (
    About,
    Arm,
    Chosen,
    Heard,
    Measured,
    Proof,
    Ranged,
    Report,
    Variant,
    Voices,
)
from kohorte.rfm import GROUPS

NPS = Text(de="NPS", en="NPS")
EVIDENCE = Sentence(
    "The score says more about who orders again within {days} days than purchases do.", {"days": 90}
)


def voices(*, n: int = 1238) -> Voices:
    group = Heard(GROUPS["champions"][0], 143, Ranged(15.4, 2.9, 27.2), 0.95, 0.19)
    rare = Heard(GROUPS["lost"][0], 14, Ranged(-5.0, -40.0, 30.0), -0.45, None)
    return Voices(
        question="nps",
        name=Text(de="Weiterempfehlung (NPS)", en="Recommendation (NPS)"),
        lowest=0,
        highest=10,
        n=n,
        variants=(
            Variant(NPS, "points", Ranged(12.7, 8.4, 16.9), Ranged(10.2, 5.0, 15.4)),
            Variant(Text(de="Promotoren", en="Promoters"), "percent", Ranged(36.1, 33.5, 38.8)),
        ),
        chosen=tuple(Chosen(score, 10 * score, Ranged(score * 1.8, score, score * 3.0)) for score in range(11)),
        groups=(group, rare),
        themes=(
            About(("lieferung", "spät", "paket"), 170, Ranged(-55.9, -62.5, -47.4), 4.0),
            About(("qualität", "stoff"), 77, Ranged(None), None),
        ),
        foretells=(EVIDENCE,),
        notes=(Sentence("No change from one period to the next is beyond chance."),),
    )  # fmt: skip


def trial(*, is_readable: bool = True) -> Proof:
    def arm(name: str, difference: Ranged, percent: Ranged, *, is_good: bool | None) -> Arm:
        total = Ranged(800.0, 300.0, 1300.0) if is_readable else None
        return Arm(name, 800, 22.5, difference, percent, total, is_good)

    arms = (
        arm("Brief", Ranged(1.0, -5.5, 7.5), Ranged(5.0), is_good=None),
        arm("Mail", Ranged(11.6, 4.6, 18.6), Ranged(55.6, 20.0, 90.0), is_good=True),
        arm("Anruf", Ranged(-9.0, -15.0, -3.0), Ranged(-43.0), is_good=False),
        arm("SMS", Ranged(0.0), Ranged(None), is_good=None),
    )
    name = Text(de="Wer bestellte", en="Who ordered")
    worth = Text(de="Umsatz je Kunde", en="Revenue per customer")
    return Proof(
        file="test.csv",
        control="Kontrolle",
        customers=4000,
        is_readable=is_readable,
        measures=(
            Measured(name, "ordered", "percent", 20.9, 800, arms),
            Measured(worth, "revenue", "money", 4.67, 800, arms[:2]),
        ),
        notes=(Sentence("The ranges hold whenever one looks, and however often."),),
    )


def with_voices(report: Report) -> Report:
    """Return a report with a survey and a trial."""
    return dataclasses.replace(report, voices=(voices(),), trial=trial())

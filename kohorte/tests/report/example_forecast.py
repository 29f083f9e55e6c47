"""A forecast as a report would get it, with numbers that are easy to follow."""

from __future__ import annotations

import datetime as dt

from kohorte.language import Sentence, Text
from kohorte.results import Ahead, Influence, Outlook, Tenth, Tried

LOSES = Sentence(
    "On this shop's own past {model} told worse who comes back than the day of the last purchase "
    "alone does; so it shows no values and no customers.",
    {"model": Text(de="MBG/NBD", en="MBG/NBD")},
)


def tried(slug: str, *, error: float | None = 7.3, loses: bool = False) -> Tried:
    return Tried(slug, Text(de=slug.upper(), en=slug.upper()), 10395.2, error, 77.14, 3.2, loses)


def outlook(*, withheld: Sentence | None = None) -> Outlook:
    ahead = tuple(
        Ahead(months, 734_567.0 * months, 700_000.0 * months, 760_000.0 * months, 150.5 * months)
        for months in (12, 24, 36)
    )
    country = Text(de="Land", en="Country")
    worth = Text(de="Wert des ersten Kaufs", en="Value of the first purchase")
    low, high = (
        Text(de="unteres Drittel", en="lowest third"),
        Text(de="oberes Drittel", en="highest third"),
    )
    spain, kingdom = Text(de="Spain", en="Spain"), Text(de="United Kingdom", en="United Kingdom")
    return Outlook(
        as_of=dt.date(2011, 12, 9),
        customers=5878,
        still=3100.4,
        model=Sentence(
            "{model}, fitted to {n} {n:customer|customers} until {day}",
            {"model": Text(de="MBG/NBD", en="MBG/NBD"), "n": 5878, "day": dt.date(2011, 12, 9)},
        ),
        notes=(),
        discount_percent=10.0,
        ahead=ahead if withheld is None else (),
        withheld=withheld,
        held=Sentence("NBD"),
        verdict=(Sentence("{model} did best out of sample.", {"model": "MBG/NBD"}),),
        trials=(tried("mbg_nbd"), tried("nbd", loses=True), tried("recency", error=None)),
        step_days=tuple(20 * step for step in range(1, 13)),
        actual=tuple(800.0 * step for step in range(1, 13)),
        foretold=tuple(866.0 * step for step in range(1, 13)),
        tenths=tuple(Tenth(474, place * 0.5 + 0.13, place * 0.5) for place in range(10)),
        influences=(
            Influence("first_value", worth, high, low, 1959, 1.68, 1.56, 1.81),
            Influence("country", country, spain, kingdom, 39, 0.69, 0.46, 1.02),
            Influence("country", country, kingdom, spain, 30, 40.0, None, None),
        ),
        no_influences=None,
    )  # fmt: skip

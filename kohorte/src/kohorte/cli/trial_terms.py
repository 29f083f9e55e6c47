"""What the command line says about a trial: how it is read, and what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kohorte.errors import SettingError

if TYPE_CHECKING:
    from kohorte.experiments.columns import Kind
    from kohorte.experiments.ends import End
    from kohorte.experiments.files import Table
    from kohorte.experiments.measures import Measure


def end_of(once: bool, looks: str | None, planned: int | None, confidence: float) -> End:
    """Return how a trial is read: once, at planned looks, or whenever one likes."""
    from kohorte.experiments.ends import PLANNED, Always, Fixed, Planned

    if once:
        return Fixed(confidence)
    if looks is not None:
        try:
            at = tuple(float(look) for look in looks.split(","))
        except ValueError:
            raise SettingError(
                "“{text}” are no looks. Write them as 0.25,0.5.", text=looks
            ) from None
        return Planned(at, confidence_percent=confidence)
    return Always(planned or PLANNED, confidence)


def named(told: Sequence[str] | None, kinds: Mapping[str, Kind], table: Table) -> list[Measure]:
    """Return what a trial is judged by; without a word about it the user is asked."""
    if not told:
        raise SettingError(
            "Say what the trial is judged by, the most important first, as --measure {first}. The file "
            "counts: {names}.",
            first=next(iter(kinds), "COLUMN"),
            names=", ".join(kinds) or "–",
        )
    return [_measure(each, kinds) for each in told]


def counted(
    told: Sequence[str] | None, kinds: Mapping[str, Kind], lacking: frozenset[str]
) -> list[Measure]:
    """Return what is judged by the shop's orders: who ordered, how often, for how much."""
    from kohorte.experiments.measures import Measure
    from kohorte.experiments.outcomes import BEFORE

    known = [name for name in kinds if name != "revenue" or "amounts" not in lacking]
    for name in told or ():
        if name not in known:
            raise SettingError(
                "“{name}” was not measured. There are: {names}.", name=name, names=", ".join(known)
            )
    return [Measure(name, before=BEFORE[name], kind=kinds[name]) for name in told or known]


def _measure(text: str, kinds: Mapping[str, Kind]) -> Measure:
    """Read `spend`, `spend/orders`, `spend-history` or `spend/orders-history/orders_before`."""
    from kohorte.experiments.measures import Measure

    def known(name: str) -> str:
        found = next((one for one in kinds if one.casefold() == name.strip().casefold()), None)
        if found is None:
            raise SettingError(
                "“{name}” was not measured. There are: {names}.",
                name=name.strip(),
                names=", ".join(kinds),
            )
        return found

    if text.casefold() in {name.casefold() for name in kinds}:
        return Measure(known(text), kind=kinds[known(text)])
    now, _, before = text.partition("-")
    top, _, below = now.partition("/")
    top_before, _, below_before = before.partition("/")
    kind = kinds[known(top)]
    return Measure(
        known(top),
        per=known(below) if below else None,
        before=known(top_before) if before else None,
        before_per=known(below_before) if below_before else None,
        kind="count" if below and kind == "share" else kind,
    )


def group(by: str | None, table: Table) -> str | None:
    """Return the column by which customers of a trial are told apart."""
    if by is None:
        return None
    found = next((one for one in table.texts if one.casefold() == by.casefold()), None)
    if found is None:
        raise SettingError(
            "Customers cannot be told apart by “{name}”. There are: {names}.",
            name=by,
            names=", ".join(table.texts) or "–",
        )
    return found

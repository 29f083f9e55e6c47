"""What a trial showed, for a report."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.experiments import increments
from kohorte.experiments.effects import Effect
from kohorte.experiments.trial import Trial
from kohorte.intervals import Estimate
from kohorte.language import Sentence, Text
from kohorte.results import Arm, Measured, Proof, Ranged, Unit

NAMES = {
    "ordered": Text(de="Wer bestellte", en="Who ordered"),
    "orders": Text(de="Bestellungen je Kunde", en="Orders per customer"),
    "revenue": Text(de="Umsatz je Kunde", en="Revenue per customer"),
}
_UNITS: dict[str, Unit] = {"share": "percent", "money": "money", "count": "ratio"}


def of(found: Trial, *, file: str, left_out: Sequence[Sentence] = ()) -> Proof:
    """Return a trial as a report shows it, with who was left out among its notes.

    Examples
    --------
    >>> import duckdb
    >>> from kohorte.experiments import trial
    >>> from kohorte.experiments.measures import Measure
    >>> connection = duckdb.connect()
    >>> _ = connection.execute(
    ...     "CREATE TABLE seen AS SELECT CASE WHEN range % 2 = 0 THEN 'mail' ELSE 'control' END AS arm, "
    ...     "CAST(range % 3 = 0 OR range % 8 = 0 AS DOUBLE) AS ordered FROM range(4000)")
    >>> read = trial.read(connection, "seen", [Measure("ordered", kind="share")], control="control")
    >>> (measure,) = of(read, file="seen.csv").measures
    >>> measure.name.en, [(arm.name, round(arm.difference.value, 1), arm.is_good) for arm in measure.arms]
    ('Who ordered', [('mail', 16.6, True)])
    """
    measures = dict.fromkeys(effect.measure for effect in found.effects)
    return Proof(
        file=file,
        control=found.control,
        customers=sum(arm.n for arm in found.arms.values()),
        is_readable=found.is_readable,
        measures=tuple(
            _measured([one for one in found.effects if one.measure == measure], found.is_readable)
            for measure in measures
        ),
        notes=(*left_out, *_notes(found)),
    )


def _measured(effects: list[Effect], is_readable: bool) -> Measured:
    first = effects[0]
    measure = first.measure
    name = NAMES.get(measure.name, Text(de=measure.name, en=measure.name))
    if measure.per:
        per = NAMES.get(measure.per, Text(de=measure.per, en=measure.per))
        name = Text(de=f"{name.de} / {per.de}", en=f"{name.en} / {per.en}")
    scale = 100.0 if measure.kind == "share" else 1.0
    return Measured(
        name=name,
        slug=measure.name if measure.per is None else f"{measure.name}-{measure.per}",
        unit=_UNITS[measure.kind],
        control=scale * first.control.value,
        n_control=first.control.n,
        arms=tuple(
            Arm(
                one.name,
                one.arm.n,
                scale * one.arm.value,
                _ranged(one.difference.times(scale)),
                _ranged(one.percent),
                _ranged(increments.of(one).total) if is_readable and measure.per is None else None,
                one.is_good,
            )
            for one in effects
        ),
    )


def _ranged(found: Estimate) -> Ranged:
    return Ranged(found.value, found.low, found.high)


def _notes(found: Trial) -> list[Sentence]:
    notes = []
    if found.ratio is not None and not found.is_readable:
        notes.append(
            Sentence(
                "The arms are not as large as planned; chance does that less than once in 1,000 trials. "
                "Something chose who came into which arm, so the differences below prove nothing."
            )
        )
    notes += [
        Sentence("The ranges hold whenever one looks, and however often."),
        Sentence(
            "Everybody counts in the arm they were assigned to, whether the treatment reached them or not."
        ),
    ]
    return notes

"""A whole trial read at once: whether it may be read, what changed, for whom, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kohorte import differences
from kohorte.chi_square import upper_tail
from kohorte.errors import UnknownNameError
from kohorte.experiments import counting, effects, sample_ratio, subgroups
from kohorte.experiments.arms import Arm
from kohorte.experiments.counting import Cut
from kohorte.experiments.effects import WHENEVER, Effect
from kohorte.experiments.ends import End
from kohorte.experiments.measures import Measure
from kohorte.experiments.sample_ratio import SampleRatio
from kohorte.experiments.subgroups import Subgroups

if TYPE_CHECKING:
    import duckdb

PERCENT = 99.5


@dataclass(frozen=True)
class Trial:
    """What a trial says.

    Parameters
    ----------
    arms
        What was counted, by arm.
    control
        The arm that got nothing.
    ratio
        Whether as many came into each arm as planned; None if nobody said what was planned.
    effects
        Measure by measure and arm by arm, the declared headline first.
    cut
        What very large values were cut at.
    groups
        The effects on the headline measure in groups of customers, by arm; empty without groups.
    """

    arms: Mapping[str, Arm]
    control: str
    ratio: SampleRatio | None
    effects: Sequence[Effect]
    cut: Cut | None
    groups: Mapping[str, Subgroups]

    @property
    def is_readable(self) -> bool:
        """Whether the arms are as planned, so that differences may be put down to the treatment."""
        return self.ratio is None or not self.ratio.is_off

    def corrected(self) -> dict[tuple[str, str], float]:
        """Return how likely chance alone makes each effect, after Holm's correction for all of them.

        The key is measure and arm. It is the probability of whoever looks once, at the end.
        """
        return differences.together(
            {
                (effect.measure.name, effect.name): upper_tail(
                    (effect.difference.value / effect.error) ** 2, 1
                )
                for effect in self.effects
                if effect.error > 0 and effect.difference.value is not None
            }
        )


def read(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    measures: Sequence[Measure],
    *,
    control: str,
    end: End = WHENEVER,
    shares: Mapping[str, float] | None = None,
    by: str | None = None,
    winsorize_percent: float | None = PERCENT,
) -> Trial:
    """Return what a table with one row per customer says; its arms are in the column `arm`.

    Parameters
    ----------
    measures
        What the trial is judged by, the headline first; all declared before it began.
    shares
        What was planned for each arm, in any unit.
    by
        A column by which customers are told apart.
    winsorize_percent
        Amounts of money beyond this quantile of those above 0 count as that; None leaves them.

    Raises
    ------
    UnknownNameError
        The control group or an arm of the plan is not there.

    Examples
    --------
    >>> import duckdb
    >>> connection = duckdb.connect()
    >>> _ = connection.execute(
    ...     "CREATE TABLE seen AS SELECT CASE WHEN range % 2 = 0 THEN 'mail' ELSE 'control' END AS arm, "
    ...     "CAST(range % 3 = 0 OR range % 8 = 0 AS DOUBLE) AS ordered FROM range(4000)")
    >>> found = read(connection, "seen", [Measure("ordered", kind="share")], control="control")
    >>> [round(100 * effect.difference.value, 1) for effect in found.effects], found.effects[0].is_good
    ([16.6], True)
    """
    values = list(
        dict.fromkeys(
            name
            for one in measures
            for name in (one.name, one.per, one.before, one.before_per)
            if name is not None
        )
    )
    money = [
        name
        for one in measures
        for name in (one.name, one.before)
        if one.kind == "money" and name and winsorize_percent
    ]
    count = partial(
        counting.arms,
        connection,
        table,
        arm="arm",
        values=values,
        winsorized=money,
        percent=winsorize_percent or 100,
    )
    found, cut = count()
    return of(
        found.get(None, {}),
        measures,
        control=control,
        end=end,
        shares=shares,
        groups=count(group=by)[0] if by else None,
        cut=cut,
    )


def of(
    arms: Mapping[str, Arm],
    measures: Sequence[Measure],
    *,
    control: str,
    end: End = WHENEVER,
    shares: Mapping[str, float] | None = None,
    groups: Mapping[str | None, Mapping[str, Arm]] | None = None,
    cut: Cut | None = None,
) -> Trial:
    """Return what was counted in the arms of a trial says.

    Parameters
    ----------
    groups
        The arms within each group of customers; a group in which an arm has fewer than two is left out.
    cut
        What very large values were cut at when it was counted.

    Raises
    ------
    UnknownNameError
        The control group or an arm of the plan is not there.

    Examples
    --------
    >>> arms = {"control": Arm.of_customers({"orders": [0, 1] * 50}), "mail": Arm.of_customers({"orders": [0, 1, 1] * 60})}
    >>> found = of(arms, [Measure("orders")], control="control", shares={"control": 5, "mail": 9})
    >>> found.is_readable, round(found.effects[0].difference.value, 3)
    (True, 0.167)
    """
    for name in (control, *(shares or {})):
        if name not in arms:
            raise UnknownNameError(
                "There is no arm “{name}”. There are: {names}.", name=name, names=", ".join(arms)
            )
    by_measure = [
        effect
        for measure in measures
        for effect in effects.of(arms, measure, control=control, end=end).values()
    ]
    return Trial(
        arms,
        control,
        sample_ratio.check({n: arm.n for n, arm in arms.items()}, shares) if shares else None,
        by_measure,
        cut,
        _groups(groups, measures[0], arms, control, end) if groups else {},
    )


def _groups(
    counted: Mapping[str | None, Mapping[str, Arm]],
    measure: Measure,
    arms: Mapping[str, Arm],
    control: str,
    end: End,
) -> dict[str, Subgroups]:
    """Return the effects in the groups in which every arm has two customers at least."""
    whole = {
        group: parts
        for group, parts in counted.items()
        if group is not None and all(name in parts and parts[name].n > 1 for name in arms)
    }
    return {
        name: subgroups.of(whole, measure, arm=name, control=control, end=end)
        for name in arms
        if name != control
    }

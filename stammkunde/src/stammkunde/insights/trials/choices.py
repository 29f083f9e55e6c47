"""How a trial is read: guessed from the names of its columns, checked, and turned into a result.

Numbers and their libraries are loaded by whoever reads, not by pages that only show.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused
from stammkunde.insights.trials.models import BETTER, CHANCE, OFF, WORSE

if TYPE_CHECKING:
    from kohorte.experiments.ends import End
    from kohorte.experiments.measures import Measure
    from kohorte.experiments.sums import Sums
    from kohorte.experiments.trial import Trial

Role = Literal["headline", "judged", "before", ""]
Ending = Literal["always", "once", "looks"]
PLANNED = 5_000
LOOKS_MAX = 20
_BEFORE = re.compile(
    r"(?i)(before|prior|previous|histor|past|pre[_ ]|[_ ]pre\b|vorher|vorjahr|davor|bisher|recency|tenure)"
)
_TOLD = re.compile(
    r"(?i)(spend|spent|revenue|umsatz|sales|erl(ö|oe)s|amount|betrag|margin|marge|deckungsbeitrag|profit|"
    r"order|bestell|kauf|k(ä|ae)uf|purchas|bought|conver|visit|besuch|click|klick|open|(ö|oe)ffn|"
    r"retour|churn|abmeld|unsubscri)"
)
_LESS = re.compile(r"(?i)(retour|refund|churn|abmeld|unsubscri|complain|beschwer|cost|kosten)")


@dataclass(frozen=True)
class Choice:
    """How a trial is read.

    Parameters
    ----------
    arm, control
        The column that says who got what, and the value of those who got nothing.
    measures
        The columns that it is judged by, the headline first.
    before
        The columns that tell of the time before the start.
    less
        The measures of which less is better.
    by
        The column of groups that are looked at one by one; empty for none.
    shares
        What was planned for each arm, in any unit; empty where nobody says.
    end
        When it is read: whenever one likes, once at its planned end, or at planned looks.
    looks
        The share of all planned customers at each look so far.
    planned
        The customers with which it was to be decided, said before the start.
    cost, fixed_cost, margin_percent
        What the treatment costs per customer and in all, and how much of revenue is margin.
    """

    arm: str = ""
    control: str = ""
    measures: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    by: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    end: Ending = "always"
    looks: tuple[float, ...] = ()
    planned: int = PLANNED
    cost: float = 0.0
    fixed_cost: float = 0.0
    margin_percent: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing has to be asked any more."""
        return bool(self.arm and self.control and self.measures)

    def role(self, column: str) -> Role:
        """Return what a column is for."""
        if self.measures[:1] == (column,):
            return "headline"
        if column in self.measures:
            return "judged"
        return "before" if column in self.before else ""


def of_record(record: Mapping[str, Any]) -> Choice:
    """Return a choice as the store keeps it.

    >>> of_record(as_record(Choice("arm", "no", ("spend",)))).measures
    ('spend',)
    """
    lists = ("measures", "before", "less", "looks")
    return Choice(**{**record, **{name: tuple(record.get(name, ())) for name in lists}})


def as_record(choice: Choice) -> dict[str, Any]:
    """Return a choice as JSON can hold it."""
    return asdict(choice)


def columns(sums: Sums) -> dict[str, Any]:
    """Return what can be chosen, as JSON can hold it: no sums, only names and how many customers.

    Whatever has an order is a list: PostgreSQL puts the names of an object into one of its own.
    """
    return {
        "kinds": [[name, kind] for name, kind in sums.kinds.items()],
        "splits": [
            [name, [[arm, found.n] for arm, found in split.arms.items()], list(split.groups)]
            for name, split in sums.splits.items()
        ],
        "left_out": list(sums.left_out),
    }


def guess(sums: Sums) -> Choice:
    """Return how a trial is probably read; what is not evident stays open and is asked."""
    from kohorte.experiments import files

    arm = next(iter(sums.splits))
    control = files.control(list(sums.splits[arm].arms)) or ""
    numbers = [name for name in sums.kinds if name != arm]
    before = [name for name in numbers if _BEFORE.search(name)]
    told = [name for name in numbers if name not in before and _TOLD.search(name)]
    if not told:
        others = [name for name in numbers if name not in before]
        told = others if len(others) == 1 else []
    # Money first: it holds what share and number of orders tell.
    told.sort(key=lambda name: sums.kinds[name] != "money")
    return Choice(
        arm=arm,
        control=control,
        measures=tuple(told),
        before=tuple(before),
        less=tuple(name for name in told if _LESS.search(name)),
    )


def steadying(measure: str, before: Sequence[str], kinds: Mapping[str, str]) -> str | None:
    """Return which of the columns of the time before steadies a measure: named alike, or of its kind.

    >>> kinds = {"spend": "money", "history": "money", "recency": "count", "orders": "count", "orders_before": "count"}
    >>> steadying("spend", ["recency", "history"], kinds), steadying("orders", ["history", "orders_before"], kinds)
    ('history', 'orders_before')
    """
    alike = [name for name in before if measure.casefold() in name.casefold()]
    same = [name for name in before if kinds[name] == kinds[measure]]
    return next(iter([*alike, *same, *before]), None)


def require(choice: Choice, sums: Sums) -> None:
    """Refuse a choice that the sums cannot answer.

    Raises
    ------
    Refused
        With the sentences at their fields.
    """
    faults: dict[str, str | Promise] = {}
    split = sums.splits.get(choice.arm)
    if split is None:
        faults["arm"] = _("Choose the column that says who got what.")
    elif choice.control not in split.arms:
        faults["control"] = _("Choose the group that got nothing.")
    elif choice.shares and choice.shares.keys() != split.arms.keys():
        faults["shares"] = _("Say of every group how many were planned, or of none.")
    if not choice.measures or not set(choice.measures) <= sums.kinds.keys() - {choice.arm}:
        faults["measures"] = _("Choose the column that the trial is judged by.")
    if choice.by and split is not None and choice.by not in split.groups:
        faults["by"] = _("Groups of this column are too small, or there is only one.")
    looks = choice.looks
    if choice.end == "looks" and (
        not 1 <= len(looks) <= LOOKS_MAX
        or any(b <= a for a, b in zip((0.0, *looks), looks, strict=False))
        or looks[-1] > 1
    ):
        faults["looks"] = _("Write the looks so far as shares of all customers: 0.25, 0.5.")
    if faults:
        said = " ".join(map(str, faults.values()))
        raise Refused(said, name="trial.choice", fields=faults)


def read(choice: Choice, sums: Sums) -> dict[str, Any]:
    """Return what the sums say, read as chosen: plain data that pages, files and programs show."""
    from kohorte.experiments import records, trial

    split = sums.splits[choice.arm]
    found = trial.of(
        split.arms,
        [_measure(name, choice, sums) for name in choice.measures],
        control=choice.control,
        end=_end(choice),
        shares=choice.shares or None,
        groups=split.groups[choice.by] if choice.by else None,
        cut=sums.cut,
    )
    record = records.as_record(found)
    kinds = [[name, sums.kinds[name]] for name in choice.measures]
    told: dict[str, Any] = _finite(
        record
        | {"kinds": kinds, "end": choice.end, "verdict": _verdict(found)}
        | {"increments": _increments(found, choice), "by": choice.by}
        | {"differing": {n: g.differing(confidence_percent=95) for n, g in found.groups.items()}}
        | {"steadied_by": {e.measure.name: e.measure.before for e in found.effects}}
        | {"good": [effect.is_good for effect in found.effects]}
    )
    return told


def _measure(name: str, choice: Choice, sums: Sums) -> Measure:
    from kohorte.experiments.measures import Measure

    before = [each for each in choice.before if each in sums.kinds and each != choice.arm]
    return Measure(
        name,
        before=steadying(name, before, sums.kinds),
        kind=sums.kinds[name],
        better="less" if name in choice.less else "more",
    )


def _end(choice: Choice) -> End:
    from kohorte.experiments.ends import Always, Fixed, Planned

    if choice.end == "once":
        return Fixed()
    return Planned(choice.looks) if choice.end == "looks" else Always(choice.planned)


def _verdict(found: Trial) -> str:
    """Return what the headline says of the trial as a whole."""
    if not found.is_readable:
        return OFF
    headline = found.effects[0].measure
    judged = [effect.is_good for effect in found.effects if effect.measure == headline]
    if True in judged:
        return BETTER
    return WORSE if False in judged else CHANCE


def _increments(found: Trial, choice: Choice) -> list[dict[str, Any]]:
    """Return what each arm brought in all, and of money its margin net of what it cost."""
    from kohorte.experiments import increments

    told = []
    for effect in found.effects:
        brought = increments.of(effect)
        one: dict[str, Any] = {
            "measure": effect.measure.name,
            "arm": effect.name,
            "total": _range(brought.total),
            "missed": _range(brought.missed),
            "net": None,
        }
        has_costs = choice.cost or choice.fixed_cost or choice.margin_percent is not None
        if effect.measure.kind == "money" and has_costs:
            margin = 100.0 if choice.margin_percent is None else choice.margin_percent
            net = increments.net(
                effect,
                margin_percent=margin,
                cost_per_customer=choice.cost,
                cost_fixed=choice.fixed_cost,
            )
            one["net"] = _range(net)
        told.append(one)
    return told


def _range(found: Any) -> list[float | None]:
    return [found.value, found.low, found.high]


def _finite(value: Any) -> Any:
    """Return plain data without numbers that no JSON can hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_finite(each) for each in value]
    return value

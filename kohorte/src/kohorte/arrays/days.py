"""What each random group of customers began, ended and bought on each day: a table with a cell for each group and day."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from kohorte.arrays import neighbors, tallies
from kohorte.arrays.stretches import Piece, Stretches
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

_GROUPS = """
SELECT CAST(customer_id - $low AS INTEGER) AS customer, CAST(HASH(customer_id) % 100 AS INTEGER) AS customer_group
FROM customer_totals
"""
_DAYS = """
SELECT customer_group, day, begun, ended, reach_begun, reach_ended, gained, sold_minor
FROM given
"""
_GROUP_COUNT = 100


def group_days(engine: Engine) -> tuple[str, ...]:
    """Write `group_days`, or nothing where orders are not laid out in arrays."""
    import numpy as np

    found = neighbors.of(engine)
    if found is None:
        return ()
    start, end = (int(engine.parameters[name]) for name in ("history_start", "history_end"))
    active = int(engine.parameters["active_days"])
    reach = active + int(engine.parameters["retention_days"])
    group = _groups(engine, found)
    span = end - start
    size = _GROUP_COUNT * span

    names = ("orders", "begun", "ended", "reach_begun", "reach_ended", "gained", "sold_minor")
    cells = {name: np.zeros(size, dtype=np.int64) for name in names}
    adding = Lock()

    def counted(piece: Piece) -> None:
        place = (group[piece.customers] * span - start)[piece.owners()]
        place += piece.day
        pause = piece.pauses()
        long, longer = np.flatnonzero(pause > active), np.flatnonzero(pause > reach)
        chosen = {
            "orders": place,
            "begun": place[_after(long)],
            "ended": place[long],
            "reach_begun": place[_after(longer)],
            "reach_ended": place[longer],
            "gained": place[piece.starts],
        }
        sums = {name: tallies.count(places, size=size) for name, places in chosen.items()}
        sums["sold_minor"] = tallies.total(piece.revenue_minor, place, size=size)
        # Whole numbers add up to the same in whatever order.
        with adding:
            for name, added in sums.items():
                cells[name] += added

    found.each(counted)
    bought = np.flatnonzero(cells.pop("orders"))
    columns = {name: cell[bought] for name, cell in cells.items()}
    columns |= {"customer_group": bought // span, "day": start + bought % span}
    engine.write_arrays("group_days", _DAYS, columns)
    return ("group_days",)


def _after(long: Array) -> Array:
    """Return the orders that follow a long pause: those after its start, and the first of all.

    After the last order of a customer the pause is endless, so that each customer's first is among
    them; after the last order of all there is none.
    """
    import numpy as np

    return np.concatenate([long[:1] * 0, long[:-1] + 1])


def _groups(engine: Engine, found: Stretches) -> Array:
    """Return the random group of each customer who bought, as the engine draws it."""
    import numpy as np

    drawn = engine.cursor(_GROUPS, {"low": found.low}).fetchnumpy()
    group = np.empty(found.size, dtype=np.int32)
    group[drawn["customer"]] = drawn["customer_group"]
    return group[found.who]

"""Who stands in a cell of a picture, and what a cell earned: the RFM map, the cohorts, the curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from kohorte import periods, rfm, survival
from kohorte.errors import UnknownNameError
from kohorte.narrowing import Narrowing
from kohorte.periods import Period
from kohorte.results import CohortGrid, Grain, Group, Listing, LogRank, Survival

Age = Literal["calendar", "rolling"]

_SCORED = f"""
SELECT
  s.customer_id,
  s.recency,
  s.frequency,
  s.monetary,
  DATE '1970-01-01' + t.last_day AS last_on,
  s.orders,
  CAST(s.revenue_minor AS DOUBLE) / CAST(10 ** $exponent AS INTEGER) AS revenue
FROM ({rfm.SCORED}) AS s
JOIN customer_totals AS t ON t.customer_id = s.customer_id
WHERE 10 * s.recency + s.frequency IN ({{places}})
ORDER BY revenue DESC NULLS LAST, s.customer_id
"""
RFM_COLUMNS = ("customer_id", "recency", "frequency", "monetary", "last_on", "orders", "revenue")
# Everybody of a cohort, and what they did in one of its ages: all ages where $age is −1.
_COHORT = """
SELECT
  p.customer_id,
  DATE '1970-01-01' + p.first_day AS first_on,
  DATE '1970-01-01' + MAX(p.day) AS last_on,
  COUNT(*) AS orders,
  CAST(SUM(p.revenue_minor) AS DOUBLE) / CAST(10 ** $exponent AS INTEGER) AS revenue
FROM purchases AS p
WHERE p.first_day >= $starts_day AND p.first_day < $ends_day AND ({age})
GROUP BY p.customer_id, p.first_day
ORDER BY revenue DESC NULLS LAST, p.customer_id
"""
COHORT_COLUMNS = ("customer_id", "first_on", "last_on", "orders", "revenue")
_PROFITS: Mapping[str, str] = {
    "calendar": """
SELECT f.period AS cohort, c.period - f.period AS age, SUM(o.profit_minor) AS profit_minor,
  COUNT(*) - COUNT(o.profit_minor) AS unknown
FROM order_profits AS o
JOIN customer_totals AS t ON t.customer_id = o.customer_id
JOIN calendar AS c ON c.day = o.day
JOIN calendar AS f ON f.day = t.first_day
GROUP BY f.period, c.period - f.period
""",
    "rolling": """
SELECT f.period AS cohort, CAST(FLOOR((o.day - t.first_day) / $cohort_days) AS INTEGER) AS age,
  SUM(o.profit_minor) AS profit_minor, COUNT(*) - COUNT(o.profit_minor) AS unknown
FROM order_profits AS o
JOIN customer_totals AS t ON t.customer_id = o.customer_id
JOIN calendar AS f ON f.day = t.first_day
GROUP BY f.period, CAST(FLOOR((o.day - t.first_day) / $cohort_days) AS INTEGER)
""",
}


class Members(Narrowing):
    """Questions about the customers in a cell, and what they are worth there."""

    def rfm_customers(
        self, *, group: str | None = None, cell: tuple[int, int] | None = None
    ) -> Listing:
        """Return the customers of a group of the RFM map, or of one of its cells, with their scores.

        Those of most revenue come first; everybody unless a group or a cell is given.

        Raises
        ------
        UnknownNameError
            There is no such group or cell.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-02-09"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [row[0] for row in history.rfm_customers(cell=(5, 1)).rows]
        ['ben']
        """
        scores = range(1, rfm.SCORES + 1)
        if group is not None and group not in rfm.GROUPS:
            raise UnknownNameError(
                "There is no group “{name}”. There are: {names}.",
                name=group,
                names=", ".join(rfm.GROUPS),
            )
        if cell is not None and not all(score in scores for score in cell):
            raise UnknownNameError("Scores run from 1 to {most}.", most=rfm.SCORES)
        if self.span is None:
            return Listing(RFM_COLUMNS, ())
        places = [
            10 * recency + frequency
            for recency in scores
            for frequency in scores
            if cell in (None, (recency, frequency))
            and group in (None, rfm.group_of(recency, frequency))
        ]
        bounds = rfm.thresholds(self.engine, exponent=self.exponent)
        found = self.engine.cursor(
            _SCORED.format(places=", ".join(map(str, places)) or "NULL"),
            {**rfm.bound(bounds, exponent=self.exponent), "exponent": self.exponent},
        )
        return Listing(RFM_COLUMNS, tuple(found.fetchall()))

    def cohort_customers(
        self, cohort: str, *, grain: Grain = "month", age: Age = "calendar", at: int | None = None
    ) -> Listing:
        """Return the customers of a cohort; with `at` those who ordered at that age, and what there.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-31"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [row[0] for row in history.cohort_customers("2026-01", at=1).rows]
        ['anna']
        """
        if self.span is None:
            return Listing(COHORT_COLUMNS, ())
        first = self.period(grain, cohort)
        bound: dict[str, Any] = {"exponent": self.exponent, **_days(first)}
        test = "TRUE"
        if at is not None and age == "rolling":
            test = "CAST(FLOOR((p.day - p.first_day) / $cohort_days) AS INTEGER) = $age"
            bound["age"] = at
        elif at is not None:
            cut = self.periods(grain)
            place = cut.index(first) + at
            if place >= len(cut) or at < 0:
                return Listing(COHORT_COLUMNS, ())
            test = "p.day >= $from_day AND p.day < $until_day"
            lived = _days(cut[place])
            bound |= {"from_day": lived["starts_day"], "until_day": lived["ends_day"]}
        found = self.engine.cursor(_COHORT.format(age=test), bound)
        return Listing(COHORT_COLUMNS, tuple(found.fetchall()))

    def cohort_profits(self, grid: CohortGrid) -> dict[str, tuple[float | None, ...]]:
        """Return the gross profit of each cohort of a grid at each age, by the cohort's period.

        A cell that has not been observed is None, and so is one in which the cost of any order is
        neither known nor follows from the margin that is set.

        Examples
        --------
        >>> from kohorte import History, Settings
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", amount_minor=1000),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09", amount_minor=5000),
        ... ]
        >>> with History.from_records(orders=orders, settings=Settings(margin_percent=40)) as history:
        ...     history.cohort_profits(history.cohorts())
        {'2026-01': (4.0, 20.0)}
        """
        if self._lay_out(grid.grain) is None:
            return {}
        cells = {
            (row["cohort"], row["age"]): None
            if row["unknown"]
            else float(row["profit_minor"]) / 10**self.exponent
            for row in self.engine.rows(_PROFITS[grid.age])
        }
        places = {period.label: place for place, period in enumerate(self.periods(grid.grain))}
        return {
            one.period: tuple(
                None if seen is None else cells.get((places[one.period], age), 0.0)
                for age, seen in enumerate(one.customers)
            )
            for one in grid.cohorts
        }

    def survival_by(
        self, dimension: str, *, to_order: int = 2, most: int = 8
    ) -> tuple[list[tuple[Group, Survival]], LogRank | None]:
        """Return how long each group takes to an order, and the log-rank test whether they differ.

        The test leaves out those of whom it is not known to which group they belong; it is None
        where there are not two groups.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", channel="mail"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-05", channel="mail"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-09", channel="search"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     curves, test = history.survival_by("channel")
        >>> [(group.value, curve.quantile(0.5)) for group, curve in curves]
        [('mail', 31), ('search', None)]
        """
        found = [
            (group, part.waits(to_order), part.survival(to_order))
            for group, part in self.by(dimension, most=most)
        ]
        told = {
            group.value or "": waits
            for group, waits, _curve in found
            if group.rest or group.value is not None
        }
        return [(group, curve) for group, _waits, curve in found], survival.log_rank(told)


def _days(period: Period) -> dict[str, int]:
    return {
        "starts_day": periods.day_number(period.starts_on),
        "ends_day": periods.day_number(period.ends_on),
    }

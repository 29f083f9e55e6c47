"""Some of the customers instead of all: the tables narrowed, so that every number follows.

Inside a scope the canonical tables show only the orders, refunds and rows of its customers; no
relation and no metric knows of it. Orders and answers without a customer are in no scope, and
expenses are never those of some customers. The periods and the edges of the history stay those of
all the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kohorte import rfm
from kohorte.conditions.customers import RFM_GROUP
from kohorte.engine import Engine

FACTS = "facts_of_customers"
SCOPE = "scope"
_MEMBERS = f"SELECT customer_id FROM {SCOPE}"
# Temporary views stand in front of the tables of the same name; each reads the table behind it.
_VIEWS = {
    "orders": f"customer_id IN ({_MEMBERS})",
    "customers": f"customer_id IN ({_MEMBERS})",
    "refunds": f"customer_id IN ({_MEMBERS}) OR order_id IN (SELECT order_id FROM orders)",
    "subscriptions": f"customer_id IN ({_MEMBERS})",
    "responses": f"customer_id IN ({_MEMBERS})",
    "leads": f"customer_id IN ({_MEMBERS})",
    "tickets": f"customer_id IN ({_MEMBERS})",
}


@dataclass(frozen=True)
class Group:
    """Customers who share a value; None is unknown, and `rest` are all smaller groups together."""

    value: str | None
    customers: int
    rest: bool = False


def among(dimension: str, group: Group, groups: Sequence[Group]) -> str:
    """Return the SQL test for the members of one of several groups."""
    if not group.rest:
        return (
            f"{dimension} IS NULL" if group.value is None else f"{dimension} = {_text(group.value)}"
        )
    named = [other for other in groups if not other.rest]
    values = ", ".join(_text(other.value) for other in named if other.value is not None)
    test = f"{dimension} NOT IN ({values})" if values else "TRUE"
    unknown_has_its_own = any(other.value is None for other in named)
    return test if unknown_has_its_own else f"({test} OR {dimension} IS NULL)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class Scope:
    """Whose orders the tables of an engine show: all customers', or those of the tests in force."""

    def __init__(self, engine: Engine, *, exponent: int) -> None:
        self.engine = engine
        self.exponent = exponent
        self._tests: list[str] = []
        self._gathered = False

    @property
    def is_narrow(self) -> bool:
        """Whether the tables show some customers only."""
        return bool(self._tests)

    @contextmanager
    def only(self, test: str) -> Iterator[None]:
        """Narrow the tables to customers whose facts pass an SQL test; scopes may be nested."""
        self._gather()
        self._tests.append(test)
        try:
            self._apply()
            yield
        finally:
            self._tests.pop()
            self._apply()

    def groups(self, dimension: str, *, most: int) -> list[Group]:
        """Return the values of a fact within the scope, those of most customers first."""
        self._gather()
        found = [
            Group(row["value"], int(row["customers"]))
            for row in self.engine.rows(
                f"SELECT {dimension} AS value, COUNT(*) AS customers FROM {FACTS} "
                f"WHERE {self._test()} GROUP BY {dimension} ORDER BY customers DESC, value NULLS LAST"
            )
        ]
        if len(found) <= most:
            return found
        smaller = sum(group.customers for group in found[most - 1 :])
        return [*found[: most - 1], Group(None, smaller, rest=True)]

    def _test(self) -> str:
        return " AND ".join(f"({test})" for test in self._tests) or "TRUE"

    def _gather(self) -> None:
        """Write the facts of all customers once, with the groups of the RFM map."""
        if self._gathered:
            return
        groups = " ".join(
            f"WHEN s.recency = {recency} AND s.frequency = {frequency} "
            f"THEN '{rfm.group_of(recency, frequency)}'"
            for recency in range(1, rfm.SCORES + 1)
            for frequency in range(1, rfm.SCORES + 1)
        )
        bounds = rfm.thresholds(self.engine, exponent=self.exponent)
        self.engine.write(
            FACTS,
            f"SELECT f.*, CASE {groups} END AS {RFM_GROUP} FROM customer_facts AS f "
            f"JOIN ({rfm.SCORED}) AS s ON s.customer_id = f.customer_id",
            rfm.bound(bounds, exponent=self.exponent),
        )
        self._gathered = True

    def _apply(self) -> None:
        """Let the tables show the customers of all tests in force, and forget what was computed."""
        self.engine.forget_all()
        for name in reversed(_VIEWS):
            self.engine.connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
        if not self._tests:
            return
        self.engine.write(SCOPE, f"SELECT customer_id FROM {FACTS} WHERE {self._test()}")
        for name, test in _VIEWS.items():
            self.engine.connection.execute(
                f"CREATE TEMP VIEW {name} AS SELECT * FROM {self.engine.database}.{name} WHERE {test}"
            )

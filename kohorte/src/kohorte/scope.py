"""Some of the customers instead of all: the tables narrowed, so that every number follows.

Inside a scope the canonical tables show only the orders, refunds and rows of its customers; no
relation and no metric knows of it. Orders and answers without a customer are in no scope. The
periods and the edges of the history stay those of all the data.

A channel is more than a fact of customers: expenses and leads name theirs as well. A scope by
channel alone therefore shows the expenses and leads of the same channels. Who came of a lead is
found out among all customers, whatever channel their first order names. Under any other fact
expenses and leads are nobody's, and what needs them says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kohorte import rfm
from kohorte.conditions.customers import CHANNEL, RFM_GROUP
from kohorte.engine import Engine
from kohorte.metrics.evaluate import Reach
from kohorte.results import Group

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
# Tables that name channels of their own.
_CHANNELED = ("leads", "spend")
_OUTCOMES = "lead_outcomes"
_UNASSIGNED = "SELECT 1 FROM spend WHERE channel IS NULL AND purpose = 'acquisition' LIMIT 1"


def among(dimension: str, group: Group, groups: Sequence[Group]) -> str:
    """Return the SQL test for the members of one of several groups."""
    if not group.rest:
        return (
            f"{dimension} IS NULL" if group.value is None else f"{dimension} = {_text(group.value)}"
        )
    named = [_text(other.value) for other in groups if other.value is not None]
    return f"{dimension} NOT IN ({', '.join(named)})" if named else f"{dimension} IS NOT NULL"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class _Limit:
    """A test on the facts of customers, and the facts that it looks at."""

    test: str
    facts: frozenset[str]


class Scope:
    """Whose orders the tables of an engine show: all customers', or those of the tests in force.

    `statements` are those that made the tables show them, in the order in which they ran.
    """

    def __init__(self, engine: Engine, *, exponent: int) -> None:
        self.engine = engine
        self.exponent = exponent
        self.reach: Reach = "everybody"
        self.statements: tuple[str, ...] = ()
        self._limits: list[_Limit] = []
        self._gathered = False

    @contextmanager
    def only(self, test: str, facts: Collection[str]) -> Iterator[None]:
        """Narrow the tables to customers whose facts pass an SQL test; scopes may be nested.

        Parameters
        ----------
        test
            SQL over the facts of a customer.
        facts
            The names of the facts in it.
        """
        self._gather()
        self._limits.append(_Limit(test, frozenset(facts)))
        try:
            self._apply()
            yield
        finally:
            self._limits.pop()
            self._apply()

    def knows(self, fact: str) -> bool:
        """Tell whether a fact is known of any customer, or there is nobody to know it of."""
        self._gather()
        (found,) = self.engine.rows(f"SELECT COUNT({fact}) AS known, COUNT(*) AS n FROM {FACTS}")
        return bool(found["known"] or not found["n"])

    def groups(self, dimension: str, *, most: int) -> list[Group]:
        """Return the values of a fact within the scope, those of most customers first.

        All beyond `most` values are one group; those of whom it is not known are the last.
        Channels that only expenses or leads name are groups of nobody.
        """
        self._gather()
        found = {
            row["value"]: int(row["customers"])
            for row in self.engine.rows(
                f"SELECT {dimension} AS value, COUNT(*) AS customers FROM {FACTS} "
                f"WHERE {self._test()} GROUP BY {dimension} ORDER BY customers DESC, value"
            )
        }
        if dimension == CHANNEL and self.reach != "some":
            found |= {channel: 0 for channel in self._channels() if channel not in found}
        known = [Group(value, count) for value, count in found.items() if value is not None]
        if len(known) > most:
            smaller = sum(group.customers for group in known[most - 1 :])
            known = [*known[: most - 1], Group(None, smaller, rest=True)]
        return [*known, Group(None, found[None])] if None in found else known

    def values(self, fact: str, *, most: int) -> tuple[str, ...]:
        """Return what a text fact can be within the scope, the commonest first."""
        self._gather()
        rows = self.engine.rows(
            f"SELECT {fact} AS value, COUNT(*) AS customers FROM {FACTS} "
            f"WHERE {self._test()} AND {fact} IS NOT NULL "
            f"GROUP BY {fact} ORDER BY customers DESC, value LIMIT {most}"
        )
        return tuple(row["value"] for row in rows)

    def _channels(self) -> list[str | None]:
        rows = self.engine.rows(
            " UNION ".join(f"SELECT channel FROM {table}" for table in _CHANNELED)
            + " ORDER BY channel"
        )
        return [row["channel"] for row in rows]

    def _test(self) -> str:
        return " AND ".join(f"({limit.test})" for limit in self._limits) or "TRUE"

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

    def lift(self) -> None:
        """Let the tables show everybody until `renew`, and forget what was computed."""
        self.engine.forget_all()
        for name in (*reversed(_VIEWS), "spend"):
            self.engine.connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
        self.reach = "everybody"
        self.statements = ()

    def renew(self) -> None:
        """Let the tests in force hold again, on the facts as other settings make them."""
        self._gathered = False
        if self._limits:
            self._gather()
            self._apply()

    def _apply(self) -> None:
        """Let the tables show the customers of all tests in force, and forget what was computed."""
        self.lift()
        if not self._limits:
            return
        views = dict(_VIEWS)
        by_channel = all(limit.facts <= {CHANNEL} for limit in self._limits)
        if by_channel:
            self._show(dict.fromkeys(_CHANNELED, self._test()))
            del views["leads"]
            if self.engine.rows("SELECT 1 FROM leads LIMIT 1"):
                self.engine.keep(_OUTCOMES)
                self.engine.forget_all(but=_OUTCOMES)
        members = f"SELECT customer_id FROM {FACTS} WHERE {self._test()}"
        self.engine.write(SCOPE, members)
        self.statements += (f"CREATE OR REPLACE TEMP TABLE {SCOPE} AS {members}",)
        self._show(views)
        self.reach = "some"
        if by_channel:
            self.reach = "unassigned" if self.engine.rows(_UNASSIGNED) else "channel"

    def _show(self, views: dict[str, str]) -> None:
        for name, test in views.items():
            shown = f"SELECT * FROM {self.engine.database}.{name} WHERE {test}"
            statement = f"CREATE TEMP VIEW {name} AS {shown}"
            self.engine.connection.execute(statement)
            self.statements += (statement,)

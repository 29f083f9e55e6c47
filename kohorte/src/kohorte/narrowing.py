"""Some customers instead of all, and groups of them side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from kohorte import cohorts, contrasts, metrics
from kohorte.answers import Answers
from kohorte.conditions import customers
from kohorte.errors import SettingError, UnknownNameError
from kohorte.intervals import quantile
from kohorte.language import LANGUAGES, Sentence, Text
from kohorte.results import Breakdown, CohortGrid, Grain, Group, Side, Stay
from kohorte.scope import among

if TYPE_CHECKING:
    from kohorte.conditions import Completion

# Values of a fact that are offered while a condition is being typed.
_OFFERED = 50
# What groups are compared by unless something else is asked for; where the data can tell it.
HEADLINES = (
    "customer_retention_rate",
    "repeat_rate_90_days",
    "repeat_purchase_rate",
    "purchase_frequency",
    "average_order_value",
    "customer_value",
    "customer_lifetime_value",
    "profit_per_customer",
)
OF_CHANNELS = ("customer_acquisition_cost", "lead_to_customer_ratio", "return_on_investment")
# Why a fact may be known of nobody, and what to do about it.
_LACKING: Mapping[str, Sentence] = {
    "country": Sentence(
        "No country of any customer is known. `kohorte template customers` shows how to add it."
    ),
    customers.CHANNEL: Sentence(
        "No order says which channel it came through. `kohorte template orders` shows how to add it."
    ),
    "first_product": Sentence(
        "No order names products. `kohorte template order_lines` shows how to add them."
    ),
    "category": Sentence(
        "No product that customers bought first has a category. It takes the products of the "
        "orders, and their categories: `kohorte template products` shows how to add them."
    ),
    "units": Sentence("The file holds no quantities. `kohorte template orders` shows how."),
    "revenue": Sentence("The file holds no amounts. `kohorte template orders` shows how."),
    "average_order_value": Sentence(
        "The file holds no amounts. `kohorte template orders` shows how."
    ),
}


class Narrowing(Answers):
    """The same questions about parts of the customers."""

    @contextmanager
    def only(self, where: str) -> Iterator[Self]:
        """Count only customers of whom a condition holds, as long as the block lasts.

        Days in the condition are counted from the last day of the data; facts are those at its
        end. A condition on what customers did, such as `orders >= 2`, chooses by the outcome:
        rates inside it describe those customers and foretell nothing. A condition on the channel
        alone chooses expenses and leads by their channel as well.

        Raises
        ------
        ConditionError
            The condition cannot be understood.
        SettingError
            It compares a fact that is known of nobody.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-09"),
        ... ]
        >>> with History.from_records(orders=orders) as history, history.only("orders >= 2"):
        ...     [row.value for row in history.metric("orders", grain="all", segment="all")]
        [2.0]
        """
        from kohorte import conditions

        facts = customers.facts(exponent=self.exponent)
        node = conditions.parse(where, facts)
        if self.span is None:
            yield self
            return
        tests = list(conditions.tests_in(node))
        self._require_known(t.fact for t in tests if t.operator not in ("known", "unknown"))
        today = self.span.ends_on - dt.timedelta(days=1)
        said = [
            conditions.sentence(node, facts=facts, language=language, currency=self.currency)
            for language in LANGUAGES
        ]
        self.narrowed = (*self.narrowed, Text(*said))
        sql = conditions.where(node, facts=facts, today=today)
        try:
            with self._scope.only(sql, {test.fact for test in tests}):
                yield self
        finally:
            self.narrowed = self.narrowed[:-1]

    def by(self, dimension: str, *, most: int = 8) -> Iterator[tuple[Group, Self]]:
        """Return the history of each group of customers in turn, the largest first.

        By `channel`, the expenses and leads of each channel come with its customers; a channel that
        only they name is a group of nobody.

        Parameters
        ----------
        dimension
            A fact of customers such as `country`; see `conditions.customers.DIMENSIONS`.
        most
            So many groups at most; all smaller ones together are the last of them. Customers of
            whom it is not known are a group of their own behind these.

        Raises
        ------
        UnknownNameError
            There is no such dimension.
        SettingError
            It is known of nobody.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-02-09"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     [(group.value, part.metric("orders", grain="all")[0].value) for group, part in history.by("cohort")]
        [('2026-01', 1.0), ('2026-02', 1.0)]
        """
        require_dimension(dimension)
        if self.span is None:
            return
        self._require_known([dimension])
        groups = self._scope.groups(dimension, most=most)
        for group in groups:
            with self._scope.only(among(dimension, group, groups), {dimension}):
                yield group, self

    @property
    def narrowed_by(self) -> tuple[str, ...]:
        """The statements by which the tables show some customers only, as they ran.

        What every number then reads is `facts_of_customers`, the facts of all customers, and views in
        front of the tables.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [dict(order_id="1", customer_id="anna", placed_at="2026-01-05")]
        >>> with History.from_records(orders=orders) as history, history.only("orders = 1"):
        ...     print(history.narrowed_by[1])
        CREATE TEMP VIEW orders AS SELECT * FROM memory.main.orders WHERE customer_id IN (SELECT customer_id FROM scope)
        """
        return self._scope.statements

    def breakdown(
        self,
        dimension: str,
        *,
        slugs: Sequence[str] | None = None,
        grain: Grain = "all",
        most: int = 8,
    ) -> Breakdown:
        """Return metrics of groups side by side, how their customers stay, and what differs.

        Without `slugs` the metrics are those of `HEADLINES` that the data can tell, by channel also
        what its customers cost. By channel a return on investment is that of new customers, for only
        what is spent on them is a channel's own. Whether groups differ is told over all time only, and
        not of those of `contrasts.UNTESTED`.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05", channel="search"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-05", channel="mail"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-02-09", channel="mail"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     found = history.breakdown("channel", slugs=["repeat_purchase_rate"])
        >>> [(side.group.value, side.rows[0].value) for side in found.sides]
        [('mail', 0.0), ('search', 100.0)]
        """
        require_dimension(dimension)
        wanted = (
            self._headlines(dimension) if slugs is None else [metrics.get(s).slug for s in slugs]
        )
        sides = [
            Side(
                group,
                tuple(
                    row
                    for slug in wanted
                    for row in part.metric(slug, grain=grain, segment=_segment(slug, dimension))
                ),
                tuple(part.stays(part.cohorts(only_customers=True))),
            )
            for group, part in self.by(dimension, most=most)
        ]
        return Breakdown(
            dimension,
            customers.DIMENSIONS[dimension],
            tuple(sides),
            {}
            if dimension in contrasts.UNTESTED
            else contrasts.apart(sides, confidence_percent=self.settings.confidence_percent),
        )

    def stays(self, grid: CohortGrid) -> list[Stay]:
        """Return a grid as one line: who of all customers that are old enough ordered at each age."""
        return cohorts.stays(grid, z=quantile(self.settings.confidence_percent))

    def completions(self, text: str, *, cursor: int | None = None) -> tuple[Completion, ...]:
        """Return what may stand at the cursor of a condition, with the values that the data hold.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [dict(order_id="1", customer_id="anna", placed_at="2026-01-05")]
        >>> with History.from_records(orders=orders) as history:
        ...     [each.text for each in history.completions("cohort = ")]
        ['"2026-01"']
        """
        from kohorte import conditions

        known = customers.facts(exponent=self.exponent)
        facts = conditions.Facts(
            (
                replace(fact, choices=self._scope.values(fact.name, most=_OFFERED))
                if self.span and fact.kind == "text" and not fact.choices
                else fact
                for fact in known.by_name.values()
            ),
            exponent=self.exponent,
        )
        return conditions.complete(text, facts, cursor=cursor)

    def _headlines(self, dimension: str) -> list[str]:
        told = (*HEADLINES, *OF_CHANNELS) if dimension == customers.CHANNEL else HEADLINES
        return [
            slug
            for slug, metric in self.measurable().items()
            if slug in told and not metric.needs & self.lacking
        ]

    def _require_known(self, facts: Iterable[str]) -> None:
        for fact in dict.fromkeys(facts):
            if fact in _LACKING and not self._scope.knows(fact):
                raise SettingError(_LACKING[fact].msgid)


def _segment(slug: str, dimension: str) -> str:
    """Return the segment in which groups are compared: all, or what a channel can be told in."""
    told = metrics.get(slug).by_channel
    return told[0] if told and dimension == customers.CHANNEL else "all"


def require_dimension(name: str) -> None:
    """Refuse a name by which customers cannot be told apart.

    Raises
    ------
    UnknownNameError
        Answered with those that there are.
    """
    if name not in customers.DIMENSIONS:
        raise UnknownNameError(
            "Customers cannot be told apart by “{name}”. There are: {names}.",
            name=name,
            names=", ".join(customers.DIMENSIONS),
        )

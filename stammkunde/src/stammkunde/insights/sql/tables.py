"""What can be asked in SQL: the tables of a shop's columns and relations on them, with their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kohorte import History, relations, tables
from kohorte.language import Text
from kohorte.scope import FACTS

# Relations that need no question: what every order, purchase day and customer is.
RELATIONS = ("judged_orders", "counted_orders", "purchases", "purchase_days", "order_profits")
CUSTOMER_FACTS = "customer_facts"
# What readers leave out has no rows here.
WITHOUT = frozenset({"excluded_rows", "identities"})
# Words that customers wrote themselves may tell who they are: they stay where an erasure finds them.
WITHHELD = {
    "subscriptions": {"reason"}, "responses": {"answer"}, "tickets": {"reason"},
    "returns": {"reason"},
}  # fmt: skip
# Days are numbers inside of relations; here they are dates.
DAYS = frozenset(
    {"day", "first_day", "last_day", "previous_day", "next_day", "first_order", "last_order"}
)


@dataclass(frozen=True)
class Column:
    """A column as it is listed; relations say their meaning as a whole."""

    name: str
    type: str
    meaning: Text | None = None


@dataclass(frozen=True)
class Table:
    """A table or a relation that can be asked."""

    name: str
    meaning: Text
    columns: tuple[Column, ...]
    is_relation: bool


@dataclass(frozen=True)
class Example:
    """A query to begin with."""

    label: Text
    text: str


def names() -> list[str]:
    """Return the names of everything that can be asked."""
    return [name for name in tables.EVERY if name not in WITHOUT] + [*RELATIONS, CUSTOMER_FACTS]


def columns_of(table: str) -> list[str]:
    """Return the columns of a table that hold no words of customers."""
    return [
        column.name
        for column in tables.EVERY[table].columns
        if column.name not in WITHHELD.get(table, ())
    ]


def select_of(relation: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the select that shows a relation with its days as dates."""
    cells = [
        f"DATE '1970-01-01' + {name} AS {name}" if name in DAYS and type_ == "INTEGER" else name
        for name, type_ in columns
    ]
    return f"SELECT {', '.join(cells)} FROM {relation}"


@cache
def every() -> tuple[Table, ...]:
    """Return all tables and relations with their columns, as they are in every shop."""
    return (*_tables(), *_relations())


def _tables() -> Iterator[Table]:
    for name, table in tables.EVERY.items():
        if name in WITHOUT:
            continue
        shown = set(columns_of(name))
        columns = tuple(
            Column(each.name, each.type, each.meaning)
            for each in table.columns
            if each.name in shown
        )
        yield Table(name, table.meaning, columns, is_relation=False)


def _relations() -> Iterator[Table]:
    """Yield the relations with their columns, which a history of one order tells."""
    one = {"order_id": "1", "customer_id": "1", "placed_at": "2026-01-05"}
    with History.from_records(orders=[one]) as history:
        prepare(history)
        for name in (*RELATIONS, CUSTOMER_FACTS):
            described = history.engine.connection.execute(
                f"DESCRIBE {show(history, name)}"
            ).fetchall()
            columns = tuple(Column(row[0], row[1]) for row in described)
            yield Table(name, relations.get(name).meaning, columns, is_relation=True)


def prepare(history: History) -> None:
    """Have the relations computed in a history that is open."""
    if history.span is None:
        return
    # The facts of customers, with the groups of the RFM map, are computed on the way.
    history.completions("country = ")
    for name in RELATIONS:
        history.engine.keep(name)


def show(history: History, name: str) -> str:
    """Return the select that shows a relation of a history that was prepared."""
    kept = FACTS if name == CUSTOMER_FACTS else name
    described = history.engine.connection.execute(f"DESCRIBE {kept}").fetchall()
    return select_of(kept, [(row[0], row[1]) for row in described])


EXAMPLES = (
    Example(
        Text(de="Umsatz und Bestellungen je Monat", en="Revenue and orders by month"),
        "SELECT strftime(day, '%Y-%m') AS month, count(*) AS orders,\n"
        "  sum(revenue_minor) / 100 AS revenue\n"
        "FROM counted_orders\nGROUP BY month\nORDER BY month",
    ),
    Example(
        Text(de="Kunden nach Land und RFM-Gruppe", en="Customers by country and RFM group"),
        "SELECT country, rfm_group, count(*) AS customers\n"
        "FROM customer_facts\nGROUP BY ALL\nORDER BY customers DESC",
    ),
    Example(
        Text(de="Tage bis zum zweiten Kauf", en="Days until the second purchase"),
        "SELECT next_day - day AS days, count(*) AS customers\n"
        "FROM purchases\nWHERE nth = 1 AND next_day > day\nGROUP BY days\nORDER BY days",
    ),
    Example(
        Text(de="Was zusammen gekauft wird", en="What is bought together"),
        "SELECT a.product AS one, b.product AS other, count(DISTINCT order_id) AS orders\n"
        "FROM order_lines AS a\nJOIN order_lines AS b USING (order_id)\n"
        "WHERE a.product < b.product\nGROUP BY ALL\nORDER BY orders DESC\nLIMIT 50",
    ),
)

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from kohorte import metrics, relations, tables
from kohorte.errors import UnknownNameError

KNOWN = {*relations.every(), *tables.EVERY, *relations.QUESTION_TABLES}


def read_by(sql: str) -> set[str]:
    """Return the tables that a select reads, as a parser sees them."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - own


@pytest.mark.parametrize("name", relations.every())
def test_a_relation_reads_only_what_exists_and_no_circle(name: str) -> None:
    relation = relations.get(name)
    assert read_by(relation.sql) <= KNOWN
    assert read_by(relation.sql) & set(relations.every()) == relation.reads
    assert name not in relations.in_order(relation.sql)


@pytest.mark.parametrize("slug", metrics.every())
def test_a_metric_reads_only_what_exists(slug: str) -> None:
    metric = metrics.get(slug)
    for sql in (metric.select, metric.behind):
        assert read_by(sql) <= KNOWN


@pytest.mark.parametrize("name", relations.every())
def test_a_relation_hides_none_of_the_others_behind_a_name_of_its_own(name: str) -> None:
    tree = sqlglot.parse_one(relations.get(name).sql, dialect="duckdb")
    assert not {cte.alias for cte in tree.find_all(exp.CTE)} & KNOWN


def test_composition_puts_each_relation_after_those_it_reads() -> None:
    order = relations.in_order("SELECT * FROM retention")
    assert order.index("dated_orders") < order.index("counted_orders") < order.index("purchases")
    assert order.index("purchases") < order.index("activity") < order.index("retention")


def test_kept_relations_are_not_composed_again() -> None:
    assert relations.in_order("SELECT * FROM purchase_days", kept={"counted_orders"}) == [
        "purchase_days"
    ]


def test_an_unknown_relation_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"There is no relation “nowhere”.*purchase_days"):
        relations.get("nowhere")

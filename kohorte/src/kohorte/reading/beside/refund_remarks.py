"""What a list of refunds told, and how it goes together with the orders, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from kohorte.language import Sentence
from kohorte.reading.tables import Files
from kohorte.results import FileReading

Facts = Mapping[str, Any]


def gather(
    rows: str, made: str, *, connection: duckdb.DuckDBPyConnection
) -> tuple[dict[int, Facts], Facts]:
    """Return the facts of each list by its number, and those of all lists together.

    Parameters
    ----------
    rows
        The table of the lists' rows, with the reason why some do not count.
    made
        The table of the refunds they make; `refunds` holds those of the orders alone still.
    """
    of_rows = _records(
        f"SELECT file, count(*) FILTER (WHERE reason = 'seen_twice') AS twice, "
        "count(*) FILTER (WHERE reason = 'seen_in_another_file') AS elsewhere, "
        "count(*) FILTER (WHERE reason = 'unreadable_row') AS unreadable, "
        "count(*) FILTER (WHERE reason IN ('cancelled', 'test', 'unpaid')) AS undone, "
        "count(*) FILTER (WHERE reason IS NULL AND amount_minor < 0) AS negative, "
        "count(*) FILTER (WHERE reason IS NULL AND amount_minor > 0) AS positive "
        f"FROM {rows} GROUP BY file",
        connection=connection,
    )
    of_refunds = _records(
        "SELECT file, count(*) AS refunds, sum(amount_minor) AS amount, "
        "count(*) FILTER (WHERE is_found) AS found, "
        "count(*) FILTER (WHERE order_id IS NULL) AS loose, "
        "count(*) FILTER (WHERE order_id IS NOT NULL AND NOT is_found) AS strange, "
        "min(order_id) FILTER (WHERE order_id IS NOT NULL AND NOT is_found) AS stranger "
        f"FROM {made} GROUP BY file",
        connection=connection,
    )
    by_file: dict[int, dict[str, Any]] = {}
    for record in (*of_rows, *of_refunds):
        by_file.setdefault(int(record["file"]), {}).update(record)
    (together,) = _records(_together(made), connection=connection)
    return dict(by_file), together


def _together(made: str) -> str:
    """Return the select of what the lists and the orders say about the same orders."""
    listed = (
        "SELECT order_id, sum(amount_minor) AS listed, any_value(order_minor) AS order_minor "
        f"FROM {made} WHERE is_found GROUP BY order_id"
    )
    return (
        "SELECT count(own.amount_minor) AS both, "
        "count(*) FILTER (WHERE own.amount_minor > l.listed) AS more, "
        "count(*) FILTER (WHERE l.listed > l.order_minor) AS larger, "
        "min(l.order_id) FILTER (WHERE l.listed > l.order_minor) AS largest, "
        "count(*) FILTER (WHERE l.order_minor IS NULL) AS unpriced, "
        "(SELECT min(order_id) FROM orders) AS order_id "
        f"FROM ({listed}) l LEFT JOIN refunds own ON own.order_id = l.order_id"
    )


def _records(query: str, *, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def readings(
    lists: Files, *, facts: tuple[Mapping[int, Facts], Facts], first: int
) -> list[FileReading]:
    """Return how each list was understood; what concerns all of them stands with the last."""
    by_file, together = facts
    made = []
    for number, (plan, lines) in enumerate(zip(lists.plans, lists.lines, strict=True)):
        own = by_file.get(first + number, {})
        is_last = number == len(lists.plans) - 1
        made.append(
            FileReading(
                path=plan.source.place,
                layout=plan.layout.slug,
                layout_name=plan.layout.name,
                rows=lines.rows + len(plan.source.bad_rows),
                encoding=plan.source.encoding,
                delimiter=plan.source.delimiter,
                guesses=plan.guesses,
                remarks=(
                    *plan.source.remarks,
                    *_of_list(own, exponent=lists.exponent, order_id=together["order_id"]),
                    *(_of_all(together) if is_last else ()),
                    *plan.remarks,
                ),
                questions=tuple(plan.questions),
            )
        )
    return made


def _of_list(facts: Facts, *, exponent: int, order_id: str | None) -> Sequence[Sentence]:
    count = {name: int(facts.get(name) or 0) for name in facts if name != "stranger"}
    told = [
        Sentence(
            "This is a list of refunds: {count} over {amount}; {found} of them name an order of "
            "these files and reduce it.",
            {
                "count": count.get("refunds", 0),
                "amount": Decimal(count.get("amount", 0)).scaleb(-exponent),
                "found": count.get("found", 0),
            },
        )
    ]
    example = {"count": count.get("strange", 0), "number": facts.get("stranger")}
    if count.get("strange") and not count.get("found"):
        told.append(
            Sentence(
                "None of the orders that the list names is in the files. The list says “{number}”, "
                "the orders say “{order}”; make the numbers alike, or name the files with these "
                "orders as well.",
                {"number": example["number"], "order": order_id},
            )
        )
    elif count.get("strange"):
        told.append(
            Sentence(
                "Refunds of orders that are not in the files: {count}, the first of order "
                "“{number}”. They reduce nothing; name the files with these orders as well.",
                example,
            )
        )
    if count.get("loose"):
        told.append(
            Sentence(
                "Refunds that name no order: {count}. They reduce no order and are shown beside the "
                "revenue.",
                {"count": count["loose"]},
            )
        )
    return [*told, *_of_rows(count)]


def _of_rows(count: Mapping[str, int]) -> list[Sentence]:
    """Tell of rows that were left out, and of signs that differ."""
    told = []
    if count.get("twice"):
        told.append(
            Sentence(
                "Rows that repeat a refund of this list: {count}; it counts once.",
                {"count": count["twice"]},
            )
        )
    if count.get("elsewhere"):
        told.append(
            Sentence(
                "Rows whose refund stands in another list as well: {count}; it counts once, from "
                "the list that runs further.",
                {"count": count["elsewhere"]},
            )
        )
    if count.get("undone"):
        told.append(
            Sentence(
                "Refunds that were never paid out, as their status says: {count}; they reduce "
                "nothing.",
                {"count": count["undone"]},
            )
        )
    fewer = min(count.get("negative", 0), count.get("positive", 0))
    if fewer:
        told.append(
            Sentence(
                "Amounts with a sign that differs from the others: {count}; all were taken as "
                "refunds.",
                {"count": fewer},
            )
        )
    return told


def _of_all(facts: Facts) -> list[Sentence]:
    told = []
    if facts["both"]:
        told.append(
            Sentence(
                "Orders whose refund stands with the order and in a list: {count}. It counts once, "
                "from the list, which knows the day; where the order tells more ({more}), the rest "
                "comes from the order.",
                {"count": int(facts["both"]), "more": int(facts["more"])},
            )
        )
    if facts["larger"]:
        told.append(
            Sentence(
                "Orders whose refunds are larger than the order: {count}, the first is “{number}”. "
                "What exceeds the order reduces nothing.",
                {"count": int(facts["larger"]), "number": facts["largest"]},
            )
        )
    if facts["unpriced"]:
        told.append(
            Sentence("The orders hold no amounts that these refunds could reduce."),
        )
    return told

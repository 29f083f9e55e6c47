"""What the files beside the orders held: rows that count, rows left out, and whom they are about."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte import metrics
from kohorte.language import Sentence, Text
from kohorte.reading import sql
from kohorte.reading.beside import filling, understanding
from kohorte.reading.beside.declaring import FileKind
from kohorte.reading.beside.filling import STAGED, Read
from kohorte.results import FileReading


def readings(files: Sequence[Read], *, connection: duckdb.DuckDBPyConnection) -> list[FileReading]:
    """Return how each file of a table was understood and what became of its rows."""
    found = []
    for number, each in enumerate(files):
        made, source = each.made, each.made.source
        told = [
            understanding.reading(made),
            *_left_out(each, connection=connection),
            *_repeated(number, connection=connection),
            *_met(number, made=each, connection=connection),
            *_outside(number, made=each, connection=connection),
            *_unpriced(made.kind, connection=connection),
            _feeds(made.kind.table.name),
        ]
        found.append(
            FileReading(
                path=source.place,
                layout=made.kind.table.name,
                layout_name=made.kind.name,
                rows=each.made.source.rows + len(source.bad_rows),
                encoding=source.encoding,
                delimiter=source.delimiter,
                guesses=made.guesses,
                remarks=(*source.remarks, *made.remarks, *told),
                questions=tuple(made.questions),
            )
        )
    if len(files) > 1:
        _tell_of_two(found, files, connection=connection)
    return found


def _left_out(each: Read, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of rows that are none of the kind, by the reason, and of those that cannot be read."""
    rows = sql.rows(
        connection,
        f"SELECT gone, count(*) FROM {sql.parquet([each.rows.path])} WHERE gone IS NOT NULL "
        "GROUP BY gone ORDER BY gone",
    )
    reasons = list(each.made.kind.left_out.values())
    told = [Sentence(reasons[gone].msgid, {"count": int(count)}) for gone, count in rows]
    bad = each.rows.faults + len(each.made.source.bad_rows)
    if bad:
        told.append(Sentence("Rows that cannot be read were left out: {count}.", {"count": bad}))
    return told


def _repeated(number: int, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    rows: dict[str, int] = dict(
        sql.rows(
            connection,
            f"SELECT again, count(*) FROM {STAGED} WHERE file = {number} AND again IS NOT NULL "
            "GROUP BY again",
        )
    )
    told = []
    if "equal" in rows:
        told.append(
            Sentence(
                "Rows that stand there twice with the same number: {count}; each counts once.",
                {"count": int(rows["equal"])},
            )
        )
    if filling.ORDERLESS in rows:
        told.append(
            Sentence(
                "Referrals that led to no order were left out: {count}.",
                {"count": int(rows[filling.ORDERLESS])},
            )
        )
    if "differs" in rows:
        told.append(
            Sentence(
                "Rows whose number stands there again with something else: {count}; the last one "
                "holds.",
                {"count": int(rows["differs"])},
            )
        )
    return told


def _unpriced(kind: FileKind, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell how many products of the orders have no cost in the lists."""
    if kind.table.name != "products":
        return []
    lacking, every, first = sql.row(
        connection,
        "SELECT count(*) FILTER (p.product_id IS NULL), count(*), min(l.product_id) "
        "FILTER (p.product_id IS NULL) FROM (SELECT DISTINCT product_id FROM order_lines "
        f"WHERE product_id IS NOT NULL) l LEFT JOIN (SELECT DISTINCT product_id FROM {STAGED} "
        "WHERE unit_cost IS NOT NULL) p ON p.product_id = l.product_id",
    )
    if not lacking:
        return []
    return [
        Sentence(
            "Products in the orders: {every}; without a cost here: {count}, such as “{number}”.",
            {"every": int(every), "count": int(lacking), "number": first},
        )
    ]


def _met(number: int, *, made: Read, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell how many rows name a customer or an order, and how many of these have orders here."""
    kind = made.made.kind
    names = {column.name for column in kind.table.columns}
    rows = f"{STAGED} WHERE file = {number} AND again IS NULL"
    told = []
    who = next((name for name in ("customer_id", "referrer_id") if name in names), None)
    if who:
        total, named, known = sql.row(
            connection, f"SELECT count(*), count({who}), count(*) FILTER (is_known) FROM {rows}"
        )
        values = {"count": int(total), "named": int(named), "known": int(known)}
        told.append(
            Sentence(
                "Rows: {count}; with a customer: {named}; of them with orders here: {known}.",
                values,
            )
        )
    if "order_id" in names:
        strange, first = sql.row(
            connection, f"SELECT count(*), min(order_id) FROM {rows} AND NOT is_found"
        )
        if strange:
            told.append(
                Sentence(
                    "Rows that name an order which is in none of the files: {count}, the first is "
                    "“{number}”.",
                    {"count": int(strange), "number": first},
                )
            )
    return told


def _outside(number: int, *, made: Read, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of answers that are not on their scale, such as codes for no answer."""
    if not made.made.kind.asks:
        return []
    rows = sql.rows(
        connection,
        "SELECT question, min(lowest)::INTEGER, max(highest)::INTEGER, count(*), "
        "array_to_string(list_sort(list(DISTINCT score::DOUBLE))[:5], ', ') "
        f"FROM {STAGED} WHERE file = {number} AND again IS NULL "
        "AND score NOT BETWEEN lowest AND highest GROUP BY question ORDER BY question",
    )
    return [
        Sentence(
            "Answers outside the scale from {low} to {high}, which count nowhere: {count} ({scores}).",
            {
                "low": int(low),
                "high": int(high),
                "count": int(count),
                "scores": str(scores).replace(".0", ""),
            },
        )
        for _, low, high, count, scores in rows
    ]


def _feeds(table: str) -> Sentence:
    """Tell which metrics take a table."""
    fed = [each for each in metrics.every().values() if table in _taken(each.needs)]
    names = Text(
        de=", ".join(each.name.de for each in fed), en=", ".join(each.name.en for each in fed)
    )
    return Sentence("This feeds: {names}.", {"names": names})


def _taken(needs: frozenset[str]) -> set[str]:
    return set(needs) | ({"products"} if "costs" in needs else set())


def _tell_of_two(
    found: list[FileReading], files: Sequence[Read], *, connection: duckdb.DuckDBPyConnection
) -> None:
    """Tell, with the last of several files without numbers, of rows that stand in two of them."""
    kind = files[0].made.kind
    if kind.same:
        return
    names = ", ".join(column.name for column in kind.table.columns)
    (count,) = sql.row(
        connection,
        f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {STAGED} GROUP BY {names} "
        "HAVING count(DISTINCT file) > 1)",
    )
    if count:
        last = found[-1]
        told = Sentence(
            "Rows that stand in several files alike: {count}. All of them count; if the files "
            "overlap, take them out of one.",
            {"count": int(count)},
        )
        found[-1] = FileReading(**{**vars(last), "remarks": (*last.remarks, told)})

"""What is worth knowing before files are published: how good their data are, and what would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from django.db import transaction

from kohorte import History, Settings, currencies, summary, tables
from kohorte.engine import Engine
from kohorte.errors import KohorteError
from kohorte.quality import Quality
from stammkunde.core import clock
from stammkunde.core.audit.services import JOB
from stammkunde.features.imports import files, people, planning, rules, staging
from stammkunde.features.imports.models import Import

MEMORY_LIMIT = "1GB"
SAMPLE = 5


def complete(import_: Import) -> Import:
    """Add to what a look understood the quality of the data and the dry run; running it again is no matter."""
    found = quality(import_)
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=import_.pk)
        if locked.looks == import_.looks:
            locked.understood = {**locked.understood, "quality": found}
            locked.save(update_fields=["understood"])
            import_.understood = locked.understood
    planning.plan(import_, actor=JOB)
    return import_


def quality(import_: Import) -> dict[str, Any] | None:
    """Return the score of the data and what bends them; no score without orders, None without any day."""
    shop, told = import_.shop, import_.understood
    engine = Engine(memory_limit=MEMORY_LIMIT)
    with engine.closed_on_error():
        _show(import_, connection=engine.connection)
    history = History(
        engine,
        settings=Settings(
            timezone=shop.zone,
            active_days=shop.window_days,
            week_start=shop.week_start,
            payment_days=shop.payment_days,
        ),
        currency=shop.currency,
        exponent=currencies.exponent(shop.currency),
        lacking=frozenset(
            name for name in ("amounts", "units") if not told.get(f"has_{name}", False)
        ),
    )
    with history:
        try:
            return _told(
                summary.assess(history, today=clock.today(shop.zone)),
                # Whoever answered how the amounts are taken knows it.
                known=frozenset({"tax_unknown"} if import_.mapping.get("taxes") else ()),
            )
        except KohorteError:
            return None


def _show(import_: Import, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Let the tables that were read be seen by their names."""
    path = str(files.reading(import_)).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS look (READ_ONLY)")
    for name in tables.EVERY:
        connection.execute(f"CREATE VIEW {name} AS FROM look.{name}")


def _told(found: Quality, *, known: frozenset[str]) -> dict[str, Any]:
    return {
        "score": found.score.value if found.score else None,
        "parts": [
            {
                "slug": part.slug,
                "name": rules.both(part.name),
                "affected_percent": part.affected_percent,
                "points_lost": part.points_lost,
            }
            for part in (found.score.parts if found.score else ())
            if part.is_shown
        ],
        "findings": [
            {
                "slug": finding.slug,
                "severity": finding.severity,
                "what": rules.both(finding.what),
                "effect": rules.both(finding.effect),
                "remedy": rules.both(finding.remedy),
            }
            for finding in found.findings
            if finding.slug not in known
        ],
    }


def note_headers(import_: Import) -> None:
    """Keep what the columns of files are called that could not be read, so that somebody can say what they are."""
    kept = [files.path(each) for each in import_.files.order_by("place")]
    try:
        with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
            headers = people.headers(
                kept, connection=connection, options=rules.options(import_.said)
            )
    except KohorteError:
        return
    Import.objects.filter(pk=import_.pk, looks=import_.looks).update(
        understood={"headers": headers}
    )


@dataclass(frozen=True)
class LeftOut:
    """A row that does not count: where it stands, why, and what it is about.

    Of one that cannot be read, `column` and `cell` are to blame; `why` is a name of `kohorte`'s.
    """

    file: str
    line: int
    reason: str
    order: str | None
    amount_minor: int | None
    column: str | None
    cell: str | None
    why: str | None


def left_out(
    import_: Import, *, reason: str = "", start: int = 0, size: int = 50
) -> Sequence[LeftOut]:
    """Return some of the rows that do not count, by file and line."""
    with staging.opened(files.reading(import_)) as connection:
        rows = connection.execute(
            f"SELECT file, line, reason, order_id, amount_minor, name, cell, why "
            f"FROM {staging.EXPLAINED} "
            "WHERE $reason IN ('', reason) ORDER BY file, line, reason LIMIT $size OFFSET $start",
            {"reason": reason, "size": size, "start": start},
        ).fetchall()
    return [LeftOut(*row) for row in rows]


@dataclass(frozen=True)
class SeenOrder:
    """An order as it was understood."""

    number: str
    placed_at: dt.datetime
    customer: str | None
    amount_minor: int | None
    currency: str | None
    state: str


def first_orders(import_: Import) -> Sequence[SeenOrder]:
    """Return the first orders as they were understood; it is people's data and not kept elsewhere."""
    with staging.opened(files.reading(import_)) as connection:
        rows = connection.execute(
            "SELECT order_id, placed_at, customer_id, amount_minor, currency, state "
            f"FROM orders ORDER BY placed_at, order_id LIMIT {SAMPLE}"
        ).fetchall()
    return [SeenOrder(number, at.replace(tzinfo=dt.UTC), *rest) for number, at, *rest in rows]


def is_there(import_: Import) -> bool:
    """Return whether what was understood is still kept."""
    return files.reading(import_).exists()

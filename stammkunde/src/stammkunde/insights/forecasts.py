"""Forecasts of a shop: fitted in the background when its data moved, kept until a newer one is whole.

What pages say is a row of the store, the numbers of single customers are a file (`forecast_rows`). The row
is written last, so whoever reads finds what was or what is.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
from django.db import transaction

from kohorte.errors import TooLittleError
from stammkunde.core import clock
from stammkunde.core.audit.services import JOB, Actor
from stammkunde.core.jobs import queries as jobs_of
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import FAILED, OPEN
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.insights import changes, codec, export, forecast_rows, history, snapshots
from stammkunde.insights.manifest import Manifest
from stammkunde.insights.models import Forecast

if TYPE_CHECKING:
    import numpy as np

WORK, KEY = "insights.forecast", "forecast"
# Counted up whenever what is kept of a forecast changes.
SCHEMA = 2
# Orders that come all day are foretold from once a day.
REST = dt.timedelta(hours=20)
PAUSE = dt.timedelta(minutes=10)
STEPS = 9
# A year; what comes later is worth less today.
DISCOUNT_PERCENT = 10
# How many futures of the shop its ranges rest on.
DRAWS = 100
CLASSES_OF_ALIVE = 5
Between = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Say nothing about progress."""


@dataclass(frozen=True)
class Shown:
    """What pages of forecasts show, and the work that is under way because something changed.

    Parameters
    ----------
    forecast
        None until there is any.
    told
        What it says (see `forecast_told.told`); empty without one.
    is_current
        Whether data and decisions are still those that it was fitted to.
    work
        The job that fits anew, or the last one that failed.
    """

    forecast: Forecast | None
    told: dict[str, Any]
    is_current: bool
    work: Line | None


def shown(shop: Shop, *, follows: bool = True) -> Shown:
    """Return what pages of a shop show; where there is nothing yet, it is made to follow."""
    found = current(shop)
    is_current = found is not None and is_of(found, shop, export.current(shop.pk))
    line = jobs_of.latest(shop, key=KEY)
    if found is None and follows and changes.mark(shop.pk) and not _failed_lately(line):
        start(shop, actor=JOB)
        line = jobs_of.latest(shop, key=KEY)
    is_busy = line is not None and (
        line.job.state in OPEN or (found is None and line.job.state == FAILED)
    )
    told = codec.decode(found.result) if found else {}
    return Shown(found, told, is_current, line if is_busy else None)


def start(shop: Shop, *, actor: Actor) -> None:
    """Have a forecast fitted in the background; one that is being fitted is not begun twice."""
    jobs.enqueue(WORK, shop_id=shop.pk, key=KEY, actor=actor)


def follow(shop: Shop) -> None:
    """Have a forecast fitted anew if there is none of these decisions, or data moved a while ago."""
    found, now = current(shop), export.current(shop.pk)
    if found is not None and is_of(found, shop, now):
        return
    is_same = found is not None and (found.decisions, found.definitions) == _by(shop)
    if not is_same or (found and clock.now() - found.made_at >= REST):
        start(shop, actor=JOB)


def current(shop: Shop) -> Forecast | None:
    """Return the forecast of a shop; None until there is one that belongs to this data folder."""
    found = Forecast.objects.filter(shop=shop).first()
    return (
        found
        if found and (not found.file or (forecast_rows.folder(shop.pk) / found.file).is_file())
        else None
    )


def of_customers(
    shop: Shop, *, connection: duckdb.DuckDBPyConnection, into: str
) -> Forecast | None:
    """Make a table of what is foretold of each customer (`forecast_rows.read`); return what it is of."""
    found = current(shop)
    forecast_rows.read(shop, found, connection=connection, into=into)
    return found


def is_of(forecast: Forecast, shop: Shop, found: Manifest | None) -> bool:
    """Return whether a forecast is of these columns, by today's decisions and definitions."""
    known = (forecast.manifest, forecast.decisions, forecast.definitions)
    return found is not None and known == (found.id, *_by(shop))


def _by(shop: Shop) -> tuple[str, str]:
    definitions = f"{snapshots.definitions()} {SCHEMA}"
    digest = hashlib.md5(definitions.encode(), usedforsecurity=False).hexdigest()
    return snapshots.decisions(shop), digest


def refresh(shop: Shop, *, progress: Between = silent) -> Forecast:
    """Return a forecast of the records as they are, fitted anew where it is of others."""
    export.refresh(shop.pk)
    return made(shop, progress=progress)


def made(shop: Shop, *, progress: Between = silent) -> Forecast:
    """Return a forecast of the columns as they are; what is of them already is not fitted again."""
    found = current(shop)
    if found is not None and is_of(found, shop, export.current(shop.pk)):
        return found
    return make(shop, progress=progress)


def make(shop: Shop, *, progress: Between = silent) -> Forecast:
    """Fit a forecast to the columns of a shop and let it be the one that pages show.

    Parameters
    ----------
    progress
        Called between its parts with how many are done; may raise to stop, and nothing has changed.
    """
    # Only those who fit need numbers and their libraries; pages do without.
    from stammkunde.insights import foretold

    begun = clock.now()
    progress(0, STEPS)
    found = export.current(shop.pk) or export.refresh(shop.pk)
    done = compute(shop, found, progress=progress)
    if done.columns is None:
        foretold.withdraw(shop, done.told.get("fault") or done.told["withheld"], done.model)
        return _keep(shop, found, done, begun=begun)
    progress(STEPS - 1, STEPS)
    path = forecast_rows.folder(shop.pk) / f"customers-{secrets.token_hex(6)}.parquet"
    with forecast_rows.alone(shop.pk):
        forecast_rows.write(shop.pk, done.columns, path)
        kept = _keep(shop, found, done, begun=begun, file=path.name)
    # Somebody may have been erased while this was fitted.
    forecast_rows.forget_erased(shop)
    foretold.follow(shop)
    return kept


@dataclass(frozen=True, eq=False)
class Computed:
    """A forecast before it is kept.

    Parameters
    ----------
    told
        What pages say of it; only `fault` where there is nobody to learn from.
    as_of
        The last day of the data.
    model
        The slug of the model that speaks; empty where there is none.
    columns
        The numbers of single customers; None where they are not to be shown.
    """

    told: dict[str, Any]
    as_of: dt.date | None
    model: str = ""
    columns: Mapping[str, np.ndarray] | None = None


def compute(shop: Shop, found: Manifest, *, progress: Between = silent) -> Computed:
    """Fit a forecast to columns; nothing is kept."""
    from kohorte.forecasts import forecast
    from stammkunde.insights import forecast_told

    with history.of_columns(shop, found) as opened:
        as_of = opened.span.ends_on - dt.timedelta(days=1) if opened.span else None
        try:
            told = forecast.of(
                opened,
                discount_percent=DISCOUNT_PERCENT,
                draws=DRAWS,
                progress=lambda done, _all: progress(1 + done, STEPS),
            )
        except TooLittleError as fault:
            return Computed({"fault": fault.sentence}, as_of)
        costs = forecast_told.margin(opened)
        if costs:
            told = dataclasses.replace(told, margin_percent=costs[0])
        progress(5, STEPS)
        said = {
            **forecast_told.told(opened, told, draws=DRAWS),
            "costed_percent": costs and costs[1],
        }
        units = 10**opened.exponent
    progress(6, STEPS)
    columns = None
    if told.withheld is None:
        columns = forecast_told.columns(
            told,
            minor_units=units,
            progress=lambda done, count: progress(6 + 2 * done // max(count, 1), STEPS),
        )
    return Computed(said, as_of, told.fit.model.slug, columns)


def _keep(
    shop: Shop, found: Manifest, done: Computed, *, begun: dt.datetime, file: str = ""
) -> Forecast:
    """Let a forecast be the one that is shown, and delete the file of the one before."""
    decisions, definitions = _by(shop)
    values = {
        "manifest": found.id,
        "mark": found.mark,
        "decisions": decisions,
        "definitions": definitions,
        "data_at": dt.datetime.fromisoformat(found.made_at),
        "made_at": clock.now(),
        "seconds": (clock.now() - begun).total_seconds(),
        "as_of": done.as_of,
        "file": file,
        "result": codec.encode(done.told),
    }
    with transaction.atomic():
        kept, _new = Forecast.objects.update_or_create(shop=shop, defaults=values)
        transaction.on_commit(lambda: forecast_rows.sweep(shop.pk))
    return kept


def _failed_lately(line: Line | None) -> bool:
    if line is None or line.job.state != FAILED or line.job.ended_at is None:
        return False
    return bool(clock.now() - line.job.ended_at < PAUSE)

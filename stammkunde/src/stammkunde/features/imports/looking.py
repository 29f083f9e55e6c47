"""Reading the files of an import into its own DuckDB file, and telling what was understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from kohorte import exclusions, reading
from kohorte.currencies import exponent
from kohorte.errors import BadRowsError, ReadError
from kohorte.language import Text
from kohorte.reading import Reading, ReadOptions
from kohorte.settings import Settings
from stammkunde.core import clock
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import beside, files, people, queries, rules, staging
from stammkunde.features.imports.models import Import


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look found.

    Parameters
    ----------
    understood
        Files, questions, counts, rows left out: what pages show.
    mapping
        The options as finally understood.
    said
        What the person said, now or of earlier files of this layout.
    layout
        What files of this layout share.
    """

    understood: dict[str, Any]
    mapping: dict[str, Any]
    said: dict[str, Any]
    layout: str


# Told which step begins: each file is one, then come putting together, and recognizing people.
Tell = Callable[[int], None]
STEPS_BESIDE_FILES = 2


def silent(_step: int) -> None:
    """Tell nobody."""


def look(import_: Import, *, tell: Tell = silent) -> Looked:
    """Read the files of an import; `import_.looks` numbers the file in which the reading is kept.

    Raises
    ------
    kohorte.errors.KohorteError
        The files cannot be read; nothing is kept then.
    NotFound
        The files are gone.
    """
    kept = list(import_.files.order_by("place"))
    paths = [files.path(each) for each in kept]
    if not all(path.exists() for path in paths):
        raise NotFound("The files of this import were deleted.", name="import.files_gone")
    found: list[Looked] = []

    def write(target: Path) -> None:
        with staging.opened(target, read_only=False) as connection:
            ids = [each.pk for each in kept]
            found.append(_read(import_, paths, ids, connection=connection, tell=tell))

    files.written(files.reading(import_), write)
    return found[0]


def _read(
    import_: Import,
    paths: Sequence[Path],
    file_ids: Sequence[int],
    *,
    connection: duckdb.DuckDBPyConnection,
    tell: Tell,
) -> Looked:
    shop = import_.shop
    remembered = _remembered(import_, paths, connection=connection)
    said = {**remembered, **import_.said}
    options = _decided(rules.options(said), net=shop.tax_view == "net")
    way = _Way(shop, paths, connection, options, clock.today(shop.zone), tell)
    found, headers = way.read()
    staging.complete(connection)
    staging.keep_unread(connection, is_wanted=options.skip_bad_rows)
    counts = staging.lay_out(connection, source=import_.source, file_ids=file_ids)
    return Looked(
        understood={
            **_told(
                found,
                counts,
                own=shop.currency,
                zone=shop.zone,
                remembered=bool(remembered),
                connection=connection,
            ),
            "headers": headers,
        },
        mapping=rules.said(found.mapping),
        said=said,
        layout=rules.layout(headers),
    )


@dataclass(frozen=True)
class _Way:
    """How the files of an import become tables."""

    shop: Shop
    paths: Sequence[Path]
    connection: duckdb.DuckDBPyConnection
    options: ReadOptions
    today: dt.date
    tell: Tell

    def read(self) -> tuple[Reading, list[list[str]]]:
        """Read the files and note their people; files without orders beside those of the store."""
        try:
            return self._with_orders()
        except BadRowsError:
            raise
        except ReadError as fault:
            if not beside.is_possible(self.shop):
                raise
            try:
                return self._without_orders()
            except BadRowsError:
                raise
            except ReadError:
                # Should they hold orders after all, it is the first error that helps.
                raise fault from None

    def _with_orders(self) -> tuple[Reading, list[list[str]]]:
        options = self.options
        found, headers = self._tables(options)
        own = self.shop.currency
        if found.currency is None and exponent(own) == found.exponent:
            self.connection.execute("UPDATE orders SET currency = $own", {"own": own})
        elif found.currency is None:
            options = replace(options, currency=own)
            found, headers = self._tables(options)
        self.tell(len(self.paths) + 1)
        return found, headers or people.note_anew(
            self.paths,
            connection=self.connection,
            options=options,
            zone=self.shop.zone,
            today=self.today,
        )

    def _tables(self, options: ReadOptions) -> tuple[Reading, list[list[str]]]:
        """Read the files and note their people on the way; no headers where nobody was noted."""
        headers: list[list[str]] = []

        def planned(understood: reading.Planned) -> None:
            headers[:] = people.note(understood, connection=self.connection, zone=self.shop.zone)

        found = reading.read(
            self.paths,
            connection=self.connection,
            settings=Settings(timezone=self.shop.zone),
            options=options,
            progress=lambda _what, share: self.tell(round((share or 0) * (len(self.paths) + 1))),
            today=self.today,
            planned=planned,
        )
        return found, headers

    def _without_orders(self) -> tuple[Reading, list[list[str]]]:
        found = beside.read(
            self.paths,
            shop=self.shop,
            connection=self.connection,
            settings=Settings(timezone=self.shop.zone),
            options=self.options,
            today=self.today,
        )
        people.nobody(self.connection)
        headers = people.headers(self.paths, connection=self.connection, options=self.options)
        return found, headers


def _remembered(
    import_: Import, paths: Sequence[Path], *, connection: duckdb.DuckDBPyConnection
) -> dict[str, object]:
    """Return what was said about earlier files of this layout, if anything was of this channel."""
    if not queries.remembers(import_.shop, source=import_.source):
        return {}
    headers = people.headers(paths, connection=connection, options=rules.options(import_.said))
    return queries.remembered(import_.shop, source=import_.source, layout=rules.layout(headers))


def _decided(options: ReadOptions, *, net: bool) -> ReadOptions:
    """Return the options with what the shop decided once for all imports."""
    return replace(options, net=True) if net else options


def _told(
    found: Reading,
    counts: Mapping[str, int],
    *,
    own: str,
    zone: str,
    remembered: bool,
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, Any]:
    # Instants are kept in UTC, where midnight of a shop in Europe is the day before.
    first, last = connection.execute(
        "SELECT timezone($zone, timezone('UTC', min(placed_at)))::DATE, "
        "timezone($zone, timezone('UTC', max(placed_at)))::DATE FROM orders",
        {"zone": zone},
    ).fetchall()[0]
    return {
        "files": [
            {
                "name": Path(each.path).name,
                "layout": each.layout,
                "layout_name": rules.both(each.layout_name),
                "rows": each.rows,
                "encoding": each.encoding,
                "delimiter": each.delimiter,
                "guesses": [
                    {
                        "meaning": guess.meaning,
                        "column": guess.column,
                        "score": guess.score,
                        "reason": rules.both(guess.reason),
                    }
                    for guess in each.guesses
                ],
                "remarks": [rules.both(remark) for remark in each.remarks],
            }
            for each in found.files
        ],
        "questions": [
            # Where no file names a currency it is the shop's.
            rules.asked(replace(each, assumed=own) if each.option == "currency" else each)
            for each in found.questions
        ],
        "currency": found.currency or own,
        "exponent": found.exponent,
        "has_amounts": found.has_amounts,
        "has_units": found.has_units,
        "rows_read": found.rows_read,
        "counts": dict(counts),
        "first_on": _iso(first),
        "last_on": _iso(last),
        "excluded": [_reason(row) for row in staging.excluded(connection)],
        "states": dict(_states(connection)),
        "is_remembered": remembered,
    }


def _states(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return connection.execute("SELECT state, count(*) FROM orders GROUP BY state").fetchall()


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _reason(row: Mapping[str, object]) -> dict[str, Any]:
    """Return how many rows a reason leaves out, with its name in both languages."""
    unknown = Text(de=str(row["reason"]), en=str(row["reason"]))
    name, meaning = exclusions.REASONS.get(str(row["reason"]), (unknown, unknown))
    return {**row, "name": rules.both(name), "meaning": rules.both(meaning)}

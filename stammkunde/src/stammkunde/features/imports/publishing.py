"""The parts of a publication: each runs in one transaction and says in it that it is done.

Whoever comes again after a crash finds the parts that are done and goes on behind them. Rows of an
import that is not finished do not count anywhere (see `insights.history`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import duckdb
from django.db import transaction

from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import buried
from stammkunde.features.imports.buried import Buried
from stammkunde.features.imports.models import Chunk, Import
from stammkunde.records.customers import identity, keys
from stammkunde.records.customers.identity import About
from stammkunde.records.customers.rules import SaidKey
from stammkunde.records.orders import rules, writing
from stammkunde.records.orders.rules import LINES, Incoming, Kind
from stammkunde.records.orders.writing import Origin

KEYS_AT_ONCE = 10_000
Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An import on its way into the records.

    Parameters
    ----------
    import_
        The import, in the state `publishing`.
    connection
        What was understood.
    actor
        Who decided it.
    """

    import_: Import
    connection: duckdb.DuckDBPyConnection
    actor: Actor

    @property
    def shop_id(self) -> int:
        """Whose import it is."""
        return int(self.import_.shop_id)

    @property
    def origin(self) -> Origin:
        """Where its rows come from."""
        return Origin(
            shop_id=self.shop_id,
            source=self.import_.source,
            actor=self.actor,
            import_id=self.import_.pk,
        )

    @cached_property
    def total(self) -> int:
        """Return how many rows there are to do."""
        return sum(self._count(f"put_{name}") for name in ("keys", *rules.KINDS))

    def _count(self, table: str) -> int:
        ((count,),) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(count)

    def _pieces(self, table: str, columns: str) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
        """Return numbered pieces of a table of keys."""
        for start in range(0, self._count(table), KEYS_AT_ONCE):
            yield (
                start // KEYS_AT_ONCE,
                self.connection.execute(
                    f"SELECT {columns} FROM {table} WHERE n > {start} "
                    f"AND n <= {start + KEYS_AT_ONCE} ORDER BY n"
                ).fetchall(),
            )

    def admit_people(self, progress: Progress = silent) -> None:
        """Write the keys of people, tie those of one row, and make the customers that are new."""
        if self._is_done("people", 0):
            return
        erased = buried.of_import(self.connection, shop_id=self.shop_id)
        used: set[int] = set()
        about: dict[int, About] = {}
        ids: dict[int, int] = {}
        done = 0
        for _, rows in self._pieces(
            "put_keys",
            "n, kind, source, value, written, loose, is_shared, is_used, name, phone, country",
        ):
            said = {row[0]: _said(row) for row in rows}
            kept = {n: key for n, key in said.items() if n not in erased or erased[n].is_back}
            with transaction.atomic():
                keys.admit(self.shop_id, list(kept.values()), import_id=self.import_.pk)
                found = _ids(self.shop_id, kept)
            ids |= found
            used |= {found[row[0]] for row in rows if row[0] in found and row[7]}
            about |= {
                found[row[0]]: About(*(text or "" for text in row[8:]))
                for row in rows
                if row[0] in found and any(row[8:])
            }
            done += len(rows)
            progress(done, self.total)
        pairs = [
            (ids[one], ids[other])
            for _, piece in self._pieces("put_ties", "one, other")
            for one, other in piece
            if one in ids and other in ids
        ]
        for start in range(0, len(pairs), KEYS_AT_ONCE):
            with transaction.atomic():
                keys.tie(
                    self.shop_id, pairs[start : start + KEYS_AT_ONCE], import_id=self.import_.pk
                )
        settled = identity.settle(
            self.shop_id,
            ids.values(),
            used=used,
            about=about,
            actor=self.actor,
            import_id=self.import_.pk,
            may_move=False,
        )
        with transaction.atomic():
            counts = {"keys": len(ids), "buried": done - len(ids), "left": settled.left}
            self._done("people", 0, counts)

    def record(self, kind: Kind, progress: Progress = silent, *, before: int = 0) -> int:
        """Record the rows of a kind, chunk by chunk; return how many rows are done."""
        numbers = self.connection.execute(
            f"SELECT chunk, count(*) FROM put_{kind.name} GROUP BY chunk ORDER BY chunk"
        ).fetchall()
        erased = buried.of_import(self.connection, shop_id=self.shop_id) if kind.has_person else {}
        finished = set(
            Chunk.objects.filter(import_of=self.import_, step=kind.name).values_list(
                "number", flat=True
            )
        )
        total = self.total
        for number, count in numbers:
            if number not in finished:
                rows = self._incoming(kind, number)
                with transaction.atomic():
                    outcome = writing.write(
                        kind, self._known(kind, number, rows, erased), origin=self.origin
                    )
                    self._done(kind.name, number, asdict(outcome))
            before += count
            progress(before, total)
        return before

    def _incoming(self, kind: Kind, chunk: int) -> list[tuple[Any, ...]]:
        columns = ", ".join(kind.columns)
        return self.connection.execute(
            "SELECT n, put_number, put_hash, put_file, put_line, put_key, put_owner, "
            f"{columns} FROM put_{kind.name} WHERE chunk = $chunk",
            {"chunk": chunk},
        ).fetchall()

    def _known(
        self,
        kind: Kind,
        chunk: int,
        rows: Sequence[tuple[Any, ...]],
        erased: Mapping[int, Buried],
    ) -> list[Incoming]:
        """Return the rows with their lines, and with the keys and customers of the store."""
        owners = self._owners(kind, chunk) if kind.has_person else {}
        lines = self._lines(chunk) if kind is rules.ORDERS else {}
        when = kind.columns.index(kind.happened) if kind.happened else None

        ours = keys.first_keys(self.shop_id, {row[6] for row in rows if row[6] is not None})

        def owner(
            key: int | None, customer: int | None, values: Sequence[Any]
        ) -> tuple[int | None, int | None]:
            if customer is not None:
                return ours.get(customer, (None, None))
            if key is None or (key in erased and erased[key].covers(values, when)):
                return (None, None)
            return owners.get(key, (None, None))

        return [
            Incoming(
                number=number,
                hash=hash_,
                values=values,
                key=owner(key, customer, values),
                file=file,
                line=line,
                lines=lines.get(n, ()),
            )
            for n, number, hash_, file, line, key, customer, *values in rows
        ]

    def _owners(self, kind: Kind, chunk: int) -> dict[int, tuple[int | None, int | None]]:
        rows = self.connection.execute(
            "SELECT n, kind, source, value FROM put_keys WHERE n IN "
            f"(SELECT put_key FROM put_{kind.name} WHERE chunk = $chunk)",
            {"chunk": chunk},
        ).fetchall()
        said = {
            n: SaidKey(kind=kind_, source=source, value=value) for n, kind_, source, value in rows
        }
        return dict(_owners(self.shop_id, said))

    def _lines(self, chunk: int) -> dict[int, list[tuple[Any, ...]]]:
        found: dict[int, list[tuple[Any, ...]]] = {}
        for n, *cells in self.connection.execute(
            f"SELECT n, {', '.join(LINES)} FROM put_lines WHERE chunk = $chunk", {"chunk": chunk}
        ).fetchall():
            found.setdefault(n, []).append(tuple(cells))
        return found

    def joins_people(self) -> bool:
        """Return whether some people are still to be joined or parted."""
        found = Chunk.objects.get(import_of=self.import_, step="people", number=0)
        return bool(found.counts["left"])

    def keys(self) -> list[int]:
        """Return the keys of the import as the store knows them."""
        found: list[int] = []
        for _, rows in self._pieces("put_keys", "n, kind, source, value"):
            said = {
                n: SaidKey(kind=kind, source=source, value=value) for n, kind, source, value in rows
            }
            found += _ids(self.shop_id, said).values()
        return found

    def _is_done(self, step: str, number: int) -> bool:
        return Chunk.objects.filter(import_of=self.import_, step=step, number=number).exists()

    def _done(self, step: str, number: int, counts: Mapping[str, int]) -> None:
        Chunk.objects.create(import_of=self.import_, step=step, number=number, counts=dict(counts))


def _said(row: Sequence[Any]) -> SaidKey:
    _, kind, source, value, written, loose, is_shared, *_ = row
    return SaidKey(
        kind=kind,
        source=source,
        value=value,
        written=written or "",
        loose=loose or "",
        is_shared=bool(is_shared),
    )


def _ids(shop_id: int, said: Mapping[int, SaidKey]) -> dict[int, int]:
    return {n: key for n, (key, _) in _owners(shop_id, said).items()}


def _owners(shop_id: int, said: Mapping[int, SaidKey]) -> dict[int, tuple[int, int | None]]:
    """Return the key and the customer in the store of each key of an import that is there."""
    found: dict[int, tuple[int, int | None]] = {}
    for kind, source in {(key.kind, key.source) for key in said.values()}:
        values = [key.value for key in said.values() if (key.kind, key.source) == (kind, source)]
        known = keys.ids(shop_id, kind, source, values)
        for n, key in said.items():
            if (key.kind, key.source) == (kind, source) and key.value in known:
                found[n] = known[key.value]
    return found


def summed(import_: Import) -> dict[str, dict[str, int]]:
    """Return how many rows were new, changed or as they were, by kind."""
    found: dict[str, dict[str, int]] = {"new": {}, "changed": {}, "same": {}}
    for step, counts in Chunk.objects.filter(import_of=import_, step__in=rules.KINDS).values_list(
        "step", "counts"
    ):
        for name, count in counts.items():
            if count:
                found[name][step] = found[name].get(step, 0) + count
    return found

"""The parts of a publication: each runs in one transaction and says in it that it is done.

Whoever comes again after a crash finds the parts that are done and goes on behind them. Rows of an
import that is not finished do not count anywhere (see `insights.history`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import duckdb
from django.db import transaction

from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import admitting, buried
from stammkunde.features.imports.buried import Buried
from stammkunde.features.imports.models import Chunk, Import
from stammkunde.records.customers import keys
from stammkunde.records.customers.rules import SaidKey
from stammkunde.records.orders import loading, rules, writing
from stammkunde.records.orders.rules import LINES, Incoming, Kind, Outcome
from stammkunde.records.orders.writing import Origin

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

    def admit_people(self, progress: Progress = silent) -> None:
        """Write the keys of people, tie those of one row, and make the customers that are new."""
        if self._is_done("people", 0):
            admitting.know(self.connection, shop_id=self.shop_id)
            return
        counts = admitting.admit(
            self.connection,
            shop_id=self.shop_id,
            import_id=self.import_.pk,
            actor=self.actor,
            done=lambda seen: progress(seen, self.total),
        )
        with transaction.atomic():
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
                with transaction.atomic():
                    outcome = self._written(kind, number, erased)
                    self._done(kind.name, number, asdict(outcome))
            before += count
            progress(before, total)
        return before

    def _written(self, kind: Kind, chunk: int, erased: Mapping[int, Buried]) -> Outcome:
        """Write the rows of a chunk: by columns where all are new and nothing has to be weighed for one."""
        ((numbers, weighed),) = self.connection.execute(
            "SELECT list(put_number), count(put_owner) + "
            "count_if(put_key IN (SELECT unnest($erased::BIGINT[]))) "
            f"FROM put_{kind.name} WHERE chunk = $chunk",
            {"chunk": chunk, "erased": list(erased)},
        ).fetchall()
        if weighed or kind is rules.SPEND or writing.ids(kind, numbers, origin=self.origin):
            rows = self._incoming(kind, chunk)
            return writing.write(kind, self._known(kind, chunk, rows, erased), origin=self.origin)
        key = "k.id AS key_id, " if kind.has_person else ""
        count = loading.insert(
            kind,
            self.connection,
            rows="SELECT p.n, put_number AS external_id, put_hash AS hash, put_file AS file, "
            f"put_line AS line, {key}{', '.join(kind.columns)} FROM put_{kind.name} p "
            f"LEFT JOIN {admitting.KNOWN} k ON k.n = p.put_key WHERE chunk = $chunk",
            lines="SELECT * EXCLUDE (chunk) FROM put_lines WHERE chunk = $chunk",
            given={"chunk": chunk},
            origin=self.origin,
        )
        return Outcome(new=count)

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
        return dict(admitting.owners(self.shop_id, said))

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
        for rows in admitting.pieces(self.connection, "put_keys", "n, kind, source, value"):
            said = {
                n: SaidKey(kind=kind, source=source, value=value) for n, kind, source, value in rows
            }
            found += [key for key, _customer in admitting.owners(self.shop_id, said).values()]
        return found

    def _is_done(self, step: str, number: int) -> bool:
        return Chunk.objects.filter(import_of=self.import_, step=step, number=number).exists()

    def _done(self, step: str, number: int, counts: Mapping[str, int]) -> None:
        Chunk.objects.create(import_of=self.import_, step=step, number=number, counts=dict(counts))


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

"""Answers of the last snapshot that need no computing again: nothing that they were computed from has changed.

While a question is computed, the engine notes which tables its statements read, relation by relation. An
answer holds on as long as these tables hold the same rows, and the history stands on the same ground:
span, settings and what the data lack. Then the same statements would find the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from kohorte import History
from kohorte.scope import FACTS
from stammkunde.insights import codec
from stammkunde.insights.models import Answer, Snapshot
from stammkunde.insights.questions import Question, block
from stammkunde.insights.watching import NAMES, Tables, Watched


def taken(history: History) -> Tables:
    """Return what was read since the last time; nothing where nobody watches."""
    return history.engine.taken() if isinstance(history.engine, Watched) else frozenset()


def of_groups(history: History) -> Tables:
    """Return what tells which group a customer is of."""
    return history.engine.behind(FACTS) if isinstance(history.engine, Watched) else frozenset()


@dataclass(frozen=True)
class State:
    """What answers are computed from: the ground that all stand on, and what each table holds."""

    ground: str
    tables: Mapping[str, str]


def state(history: History) -> State:
    """Return the state of a history that was just opened."""
    ground = repr((
        history.span, history.settings, history.currency, history.exponent, sorted(history.lacking),
        sorted(history.engine.parameters.items()), duckdb.__version__,
    ))  # fmt: skip
    found = {name: _content(history.engine.connection, name) for name in sorted(NAMES)}
    return State(hashlib.md5(ground.encode(), usedforsecurity=False).hexdigest(), found)


def _content(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return what tells the rows of a table from others, in whatever order they stand."""
    ((count, added, crossed),) = connection.execute(
        f"SELECT count(*), sum(hash(t)::HUGEINT), bit_xor(hash(t)) FROM {table} t"
    ).fetchall()
    return f"{count} {added} {crossed}"


@dataclass(frozen=True)
class Held:
    """An answer that holds on, packed, in blocks if it is a long list; and what it was computed from."""

    blocks: tuple[tuple[Question, bytes], ...]
    tables: Tables

    def value(self) -> Any:
        """Return the answer, of a long list the first block."""
        return codec.unpack(self.blocks[0][1])


@dataclass(frozen=True)
class Before:
    """The answers of the last snapshot that hold on, by their digest."""

    answers: Mapping[str, tuple[bytes, Tables]] = field(default_factory=dict)

    def held(self, question: Question) -> Held | None:
        """Return the answer of a question, if it holds on."""
        if question.digest not in self.answers:
            return None
        result, read = self.answers[question.digest]
        blocks = [(question, result)]
        while (part := block(question, len(blocks))).digest in self.answers:
            blocks.append((part, self.answers[part.digest][0]))
        return Held(tuple(blocks), read)


NOTHING = Before()


def before(snapshot: Snapshot | None, now: State) -> Before:
    """Return what holds on of a snapshot of the same decisions and definitions."""
    if snapshot is None:
        return NOTHING
    rows = Answer.objects.filter(snapshot=snapshot).values_list("digest", "result", "tables")
    then = State(snapshot.ground, snapshot.tables)
    return holding(((digest, bytes(result), read) for digest, result, read in rows), then, now)


def holding(answers: Iterable[tuple[str, bytes, str]], then: State, now: State) -> Before:
    """Return what holds on of answers, each with its digest and the tables that were read for it."""
    if then.ground != now.ground:
        return NOTHING
    same = {name for name, content in now.tables.items() if then.tables.get(name) == content}
    return Before(
        {
            digest: (result, read)
            for digest, result, said in answers
            if said and (read := frozenset(said.split())) <= same
        }
    )


def said(read: Tables) -> str:
    """Return tables as they are kept with an answer."""
    return " ".join(sorted(read))


def packed(parts: Iterable[tuple[Question, Any]]) -> tuple[tuple[Question, bytes], ...]:
    """Return an answer as it is kept."""
    return tuple((question, codec.pack(part)) for question, part in parts)

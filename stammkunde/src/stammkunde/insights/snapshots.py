"""Snapshots: what the pages of a shop show, computed after every change and replaced as a whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection, transaction

import kohorte
from kohorte.errors import KohorteError
from kohorte.periods import Span
from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.insights import codec, everyday, export, history, questions, reuse, watching
from stammkunde.insights.export import Progress, silent
from stammkunde.insights.manifest import Manifest
from stammkunde.insights.models import Answer, Snapshot
from stammkunde.insights.questions import Question
from stammkunde.insights.reuse import Held, State
from stammkunde.insights.watching import Tables

BATCH = 500
# What of `kohorte` reads and tells, and computes no number; and what asks for the numbers.
_UNCOUNTED = ("cli", "demo", "locale", "reading", "report", "templates")
_ASKED = tuple(Path(str(module.__file__)) for module in (questions, everyday, reuse, watching))
# The export is most of the way in a large shop, the numbers are in a small one.
SHARES = 100
STEPS = (
    "measurable",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "all",
    "moves",
    "people",
    "groups",
)


def refresh(shop: Shop, *, progress: Progress = silent) -> Snapshot:
    """Let columns and numbers of a shop follow its records and its decisions; return what holds then."""
    begun = clock.now()

    def exporting(done: int, total: int) -> None:
        progress(done * SHARES // 2 // max(total, 1), SHARES)

    found = export.refresh(shop.pk, progress=exporting)
    now = current(shop)
    if now and is_of(now, shop, found):
        return now
    return _make(shop, found, begun=begun, progress=progress)


def current(shop: Shop) -> Snapshot | None:
    """Return what pages show; None until there is any."""
    return Snapshot.objects.filter(shop=shop, is_current=True).first()


def is_of(snapshot: Snapshot, shop: Shop, found: Manifest) -> bool:
    """Return whether a snapshot is of these columns, by today's decisions and definitions."""
    return snapshot.manifest == found.id and _is_by_same(snapshot, shop)


def _is_by_same(snapshot: Snapshot, shop: Shop) -> bool:
    return (snapshot.decisions, snapshot.definitions) == (decisions(shop), definitions())


def decisions(shop: Shop) -> str:
    """Return a hash of the shop's decisions that numbers rest on."""
    return _digest(repr(sorted(dataclasses.asdict(history.settings(shop)).items())) + shop.currency)


@cache
def definitions() -> str:
    """Return a hash of what the numbers mean: of the code of `kohorte` that computes them, and of what is asked."""
    library = Path(kohorte.__file__).parent
    files = [
        path
        for path in sorted(library.rglob("*"))
        if path.suffix in (".py", ".sql") and path.relative_to(library).parts[0] not in _UNCOUNTED
    ]
    told = [kohorte.__version__, *(path.read_text("utf-8") for path in (*files, *_ASKED))]
    return _digest("\n".join(told))


def _make(shop: Shop, found: Manifest, *, begun: dt.datetime, progress: Progress) -> Snapshot:
    """Compute a snapshot and let it be the current one."""
    before = current(shop)
    if before and not _is_by_same(before, shop):
        before = None
    made = compute(shop, found, before=before, progress=progress)
    span = made.span
    snapshot = Snapshot(
        shop=shop,
        manifest=found.id,
        mark=found.mark,
        decisions=decisions(shop),
        definitions=definitions(),
        data_at=dt.datetime.fromisoformat(found.made_at),
        made_at=clock.now(),
        seconds=(clock.now() - begun).total_seconds(),
        first_on=span.starts_on if span else None,
        last_on=span.ends_on - dt.timedelta(days=1) if span else None,
        orders=found.rows("orders"),
        ground=made.state.ground,
        tables=dict(made.state.tables),
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Reasons in the words of somebody who was erased meanwhile are overwritten as well.
            cursor.execute("PRAGMA secure_delete = ON")
    with transaction.atomic():
        Snapshot.objects.filter(shop=shop).delete()
        snapshot.is_current = True
        snapshot.save(force_insert=True)
        Answer.objects.bulk_create(
            (_answer(snapshot, each, result, read) for each, result, read in made.answers),
            batch_size=BATCH,
        )
    return snapshot


@dataclass(frozen=True)
class Computed:
    """What a snapshot holds: answers, packed, with the tables that were read for them.

    Parameters
    ----------
    span
        The days of the history, None where there are no orders.
    state
        What all of it was computed from.
    """

    answers: Sequence[tuple[Question, bytes, Tables]]
    span: Span | None
    state: State


def compute(
    shop: Shop, found: Manifest, *, before: Snapshot | None = None, progress: Progress = silent
) -> Computed:
    """Return what every snapshot of these columns holds.

    Parameters
    ----------
    before
        A snapshot by the same decisions and definitions: what holds on of it is not computed again.
    """
    made: list[tuple[Question, bytes, Tables]] = []
    with history.of_columns(shop, found, is_watched=True) as opened:
        state = reuse.state(opened)
        for part in everyday.standing(opened, reuse.before(before, state)):
            if isinstance(part.found, Held):
                blocks = part.found.blocks
            else:
                blocks = reuse.packed(questions.blocks(part.question, part.found))
            made += [(question, block, part.tables) for question, block in blocks]
            place = STEPS.index(part.step) if part.step in STEPS else len(STEPS) - 1
            progress(SHARES // 2 + place * SHARES // 2 // len(STEPS), SHARES)
        return Computed(made, opened.span, state)


def complete(
    shop: Shop,
    snapshot: Snapshot,
    found: Manifest,
    asked: Sequence[Question],
    *,
    progress: Progress = silent,
) -> None:
    """Answer questions from the columns of a snapshot; what cannot be asked is answered with why."""
    with history.of_columns(shop, found) as opened:
        for done, question in enumerate(asked):
            progress(done, len(asked))
            try:
                result = questions.answer(opened, question)
            except KohorteError as fault:
                result = {"fault": fault.sentence}
            # The first block last: once it is there, all are.
            for part, block in reversed(list(questions.blocks(question, result))):
                keep(snapshot, part, block)


def keep(snapshot: Snapshot, question: Question, result: object) -> None:
    """Keep an answer with its snapshot, unless that was replaced meanwhile."""
    with transaction.atomic():
        if Snapshot.objects.select_for_update().filter(pk=snapshot.pk).exists():
            Answer.objects.update_or_create(
                snapshot=snapshot,
                digest=question.digest,
                defaults={
                    "question": question.name,
                    "about": question.about,
                    "result": codec.pack(result),
                    "made_at": clock.now(),
                },
            )


def _answer(snapshot: Snapshot, question: Question, result: bytes, read: Tables) -> Answer:
    return Answer(
        snapshot=snapshot,
        question=question.name,
        about=question.about,
        digest=question.digest,
        result=result,
        tables=reuse.said(read),
    )


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

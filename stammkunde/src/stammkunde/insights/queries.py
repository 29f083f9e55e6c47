"""Reads of what was computed: a page asks for all it shows at once, and never for the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stammkunde.core import clock
from stammkunde.core.audit.services import Actor
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs import services
from stammkunde.core.jobs.models import CANCELLED, DONE
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.insights import changes, codec
from stammkunde.insights.models import Answer, Snapshot
from stammkunde.insights.questions import BLOCK, LISTED, Question, block
from stammkunde.insights.snapshots import current

__all__ = ["ages", "answers", "ask", "current", "refreshing", "whole"]
KEY = "insights"


def answers(snapshot: Snapshot, asked: Iterable[Question]) -> dict[Question, Any]:
    """Return the answers that there are, by their questions."""
    by_digest = {question.digest: question for question in asked}
    found = Answer.objects.filter(snapshot=snapshot, digest__in=by_digest)
    return {
        by_digest[digest]: codec.unpack(result)
        for digest, result in found.values_list("digest", "result")
    }


def ask(
    shop: Shop, snapshot: Snapshot, asked: Iterable[Question], *, actor: Actor
) -> tuple[dict[Question, Any], Line | None]:
    """Return the answers that there are; what is missing is computed in the background.

    The job is returned with them as long as something is missing.
    """
    wanted = list(dict.fromkeys(asked))
    found = answers(snapshot, wanted)
    missing = [question for question in wanted if question not in found]
    if not missing:
        return found, None
    key = f"answer:{snapshot.pk}:{missing[0].digest}"
    line = jobs.latest(shop, key=key)
    # One that failed is for people to see and to try again.
    if line is None or line.job.state in (DONE, CANCELLED):
        services.enqueue(
            "insights.answer",
            args={
                "snapshot": snapshot.pk,
                "questions": [[question.name, list(question.arguments)] for question in missing],
            },
            shop_id=shop.pk,
            key=key,
            actor=actor,
        )
        line = jobs.latest(shop, key=key)
    return found, line


def whole(snapshot: Snapshot, question: Question, found: Mapping[str, Any]) -> Iterator[Any]:
    """Yield all rows of a list whose first block is known."""
    yield from found["rows"]
    for number in range(1, -(-min(found["count"], LISTED) // BLOCK)):
        held = block(question, number)
        yield from answers(snapshot, [held]).get(held, {"rows": ()})["rows"]


@dataclass(frozen=True)
class Age:
    """How old the numbers of a shop are; seconds are None as long as there are none."""

    shop_id: int
    seconds: float | None
    changes_behind: int


def ages() -> list[Age]:
    """Return how old the numbers of all shops are of which anything is recorded."""
    now = clock.now()
    made = {
        shop_id: ((now - made_at).total_seconds(), mark)
        for shop_id, made_at, mark in Snapshot.objects.filter(is_current=True).values_list(
            "shop_id", "made_at", "mark"
        )
    }
    return [
        Age(shop_id, seconds, number - mark)
        for shop_id, number in changes.marks()
        for seconds, mark in (made.get(shop_id, (None, 0)),)
    ]


def refreshing(shop: Shop) -> Line | None:
    """Return the last job that refreshed the numbers of a shop."""
    return jobs.latest(shop, key=KEY)

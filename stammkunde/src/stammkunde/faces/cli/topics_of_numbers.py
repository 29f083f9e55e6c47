"""What `stammkunde numbers` can be asked for beside metrics: each topic with its question and its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from kohorte import metrics
from kohorte.errors import KohorteError
from kohorte.language import Language
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops.models import Shop
from stammkunde.faces.cli import topics_of_forecasts
from stammkunde.insights import export, plain, queries, snapshots
from stammkunde.insights.plain import Rows
from stammkunde.insights.questions import Question, groups, series


@dataclass(frozen=True)
class Chosen:
    """What the command line says beside the topic; None where it says nothing."""

    grain: str | None = None
    where: str | None = None
    by: str | None = None
    age: str | None = None
    to_order: int | None = None
    status: str | None = None

    def given(self) -> frozenset[str]:
        """Return the names of what was said."""
        return frozenset(each.name for each in fields(self) if getattr(self, each.name) is not None)


@dataclass(frozen=True)
class Topic:
    """Something to be told: what can be chosen, the question, and the rows of its answer."""

    takes: frozenset[str]
    question: Callable[[Chosen], Question]
    show: Callable[[Any, Language], Rows]


def _topic(
    takes: str, question: Callable[[Chosen], Question], show: Callable[[Any, Language], Rows]
) -> Topic:
    return Topic(frozenset(takes.split()), question, show)


TOPICS: Mapping[str, Topic] = {
    "cohorts": _topic(
        "grain age where",
        lambda c: Question("cohorts", (c.grain or "month", c.age or "calendar", c.where or "")),
        lambda found, _language: plain.cohorts(found),
    ),
    "movements": _topic(
        "grain where",
        lambda c: Question("movements", (c.grain or "month", c.where or "")),
        plain.movements,
    ),
    "rfm": _topic("where", lambda c: Question("rfm", (c.where or "",)), plain.rfm),
    "survival": _topic(
        "to_order",
        lambda c: Question("survival", (str(c.to_order or 2),)),
        lambda found, _language: plain.survival(found),
    ),
    "groups": _topic(
        "by", lambda c: Question("breakdown", (c.by or "country",)), plain.breakdown
    ),
    "moves": _topic(
        "where",
        lambda c: Question("moves", (c.where or "",)),
        lambda found, _language: plain.moves(found),
    ),
    "reasons": _topic("", lambda _c: Question("reasons"), plain.reasons),
    "exclusions": _topic("", lambda _c: Question("exclusions"), plain.exclusions),
    "due": _topic(
        "where",
        lambda c: Question("due", (c.where or "",)),
        lambda found, _language: plain.due(found),
    ),
}  # fmt: skip
DUE_LIST = _topic(
    "status where",
    lambda c: Question("due_list", (c.status or "", c.where or "")),
    lambda found, _language: plain.listing(found["columns"], found["rows"]),
)


def rows(shop: Shop, what: str | None, chosen: Chosen, language: Language) -> Rows:
    """Return the rows of a topic, of a metric, or of all metrics, computed anew where something changed.

    Raises
    ------
    Refused
        It cannot be asked so.
    """
    if what and (what in topics_of_forecasts.TOPICS or what == topics_of_forecasts.PEOPLE):
        takes = "status" if what == topics_of_forecasts.PEOPLE else ""
        _require_taken(what, _topic(takes, _nothing, plain.series), chosen)
        return topics_of_forecasts.rows(shop, what, chosen.status, language)
    if what and what in TOPICS:
        topic = DUE_LIST if what == "due" and chosen.status else TOPICS[what]
        _require_taken(what, topic, chosen)
        (found,) = _answers(shop, [topic.question(chosen)], language)
        return topic.show(found, language)
    slugs = [_slug(what, language)] if what else list(metrics.every())
    if what and chosen.by:
        _require_taken(f"{what} --by", _topic("by", _nothing, plain.groups), chosen)
        (found,) = _answers(shop, [groups(what, chosen.by)], language)
        return plain.groups(found, language)
    _require_taken(what or "numbers", _topic("grain where", _nothing, plain.series), chosen)
    asked = [series(slug, chosen.grain or "all", chosen.where or "") for slug in slugs]  # type: ignore[arg-type]  # one of the grains
    if what:
        return plain.series(_answers(shop, asked, language)[0], language)
    return [row for found in _known(shop, asked) for row in plain.series(found, language)]


def _nothing(_chosen: Chosen) -> Question:
    return Question("")


def _slug(what: str, language: Language) -> str:
    try:
        return metrics.get(what).slug
    except KohorteError as fault:
        raise NotFound(fault.render(language), name="metric.unknown") from fault


def _require_taken(what: str, topic: Topic, chosen: Chosen) -> None:
    for name in sorted(chosen.given() - topic.takes):
        option = f"--{name.replace('_', '-')}"
        raise Refused(
            _("“%(what)s” does not take %(option)s.") % {"what": what, "option": option},
            name="numbers.option",
        )


def _known(shop: Shop, asked: list[Question]) -> list[Any]:
    """Return what the data can tell of many metrics; what they cannot is left out."""
    found = _gather(shop, asked)
    return [found[one] for one in asked if one in found and not _is_fault(found[one])]


def _answers(shop: Shop, asked: list[Question], language: Language) -> list[Any]:
    found = _gather(shop, asked)
    for one in asked:
        if _is_fault(found[one]):
            raise Refused(found[one]["fault"].render(language), name="question.refused")
    return [found[one] for one in asked]


def _gather(shop: Shop, asked: list[Question]) -> dict[Question, Any]:
    """Return answers of numbers that follow the records; what is missing is computed and kept."""
    snapshot, columns = snapshots.refresh(shop), export.current(shop.pk)
    if snapshot.last_on is None or columns is None:
        raise Refused(
            _("This shop has no order that counts, so there are no numbers."), name="numbers.none"
        )
    found = queries.answers(snapshot, asked)
    if missing := [one for one in asked if one not in found]:
        snapshots.complete(shop, snapshot, columns, missing)
        found |= queries.answers(snapshot, missing)
    for one, result in found.items():
        if isinstance(result, dict) and "rows" in result:
            found[one] = {**result, "rows": list(queries.whole(snapshot, one, result))}
    return found


def _is_fault(found: Any) -> bool:
    return isinstance(found, dict) and "fault" in found

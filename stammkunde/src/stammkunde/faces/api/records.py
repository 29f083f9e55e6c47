"""Rows of every kind: orders, refunds, products, spend, leads and what else the records know.

The paths of a kind follow from its columns: read one or many, record one or up to five hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body, Query, Router
from pydantic import BaseModel, Field, ValidationError

from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops.models import Shop
from stammkunde.faces.api import models_of_rows as models
from stammkunde.faces.api import paging, problems, titles, words
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.models_of_rows import Instant
from stammkunde.faces.api.outcomes import BatchOutcome, Outcome, TakenBack
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.faces.api.problems import Problem
from stammkunde.flows import order_recorded, rows_recorded
from stammkunde.flows.rows_recorded import Row, Who
from stammkunde.records.orders import queries, rules, saying
from stammkunde.records.orders.models import Recorded
from stammkunde.records.orders.rules import Kind, Line, Said

router = Router()
OUTCOMES = {"new": "created", "changed": "changed", "same": "unchanged", "outdated": "outdated"}


class Filter(Asked):
    """Which rows are wanted."""

    source: Annotated[models.Source | None, Field(description=N("Only of this channel."))] = None
    changed_since: Annotated[
        Instant | None, Field(description=N("Only what was recorded or changed since."))
    ] = None


class FilterOfPerson(Filter):
    """Which rows are wanted, of kinds that may belong to a customer."""

    customer: Annotated[
        int | None, Field(ge=1, le=2**53, description=N("Only of the customer of this id."))
    ] = None


@dataclass(frozen=True)
class Door:
    """How rows of a kind come in and go out.

    Parameters
    ----------
    said, row
        The models of a row without and with its number.
    take
        Makes of a model what the flow takes, or refuses it.
    """

    kind: Kind
    said: type[BaseModel]
    row: type[BaseModel]
    shown: type[BaseModel]
    take: Callable[[Shop, str, Any], Row]

    def record(
        self, visit: Visit, rows: Sequence[Row], *, source: str
    ) -> list[rows_recorded.Recorded]:
        """Record rows."""
        return rows_recorded.record(visit.shop, self.kind, rows, source=source, actor=visit.actor)

    def found(self, shop: Shop) -> QuerySet[Any]:
        """Return all rows of a shop, orders with their lines."""
        return queries.rows(shop, self.kind)

    def show(self, row: Recorded) -> dict[str, Any]:
        """Return a row as plain data."""
        found: dict[str, Any] = {
            "id": row.pk,
            "source": row.source,
            "number": row.external_id,
            **{name: getattr(row, name) for name in self.kind.columns},
            "recorded_at": row.recorded_at,
            "changed_at": row.changed_at,
            "is_deleted": row.deleted_at is not None,
        }
        if self.kind.has_person:
            found["customer_id"] = row.customer_id  # type: ignore[attr-defined]
        if self.kind is rules.ORDERS:
            found["lines"] = [
                {name: getattr(line, name) for name in models.ShownLine.model_fields}
                for line in row.lines.all()  # type: ignore[attr-defined]
            ]
        return self.shown.model_construct(**found).model_dump(mode="json", warnings=False)


def who(person: models.Person | None) -> Who:
    """Return a person as flows take it."""
    return Who(**person.model_dump()) if person else Who()


def _take_order(shop: Shop, number: str, said: models.Order) -> Row:
    person = who(said.customer)
    return order_recorded.row(
        Said(
            number=number,
            placed_at=said.placed_at,
            amount_minor=said.amount_minor,
            currency=said.currency,
            state=said.state,
            channel=said.channel,
            lines=tuple(Line(**line.model_dump()) for line in said.lines),
            said_at=said.said_at,
            customer_number=person.number,
            email=person.email,
            phone=person.phone,
            name=person.name,
            country=person.country,
        ),
        shop=shop,
    )


def _taking(kind: Kind) -> Callable[[Shop, str, Any], Row]:
    def take(_shop: Shop, number: str, said: Any) -> Row:
        values = {name: getattr(said, name) for name in kind.columns}
        person = who(said.customer) if kind.has_person else Who()
        return Row(said=saying.row(kind, number.strip(), values), who=person)

    return take


def _doors() -> dict[str, Door]:
    found = {}
    for name, kind in rules.KINDS.items():
        is_order = kind is rules.ORDERS
        said: type[BaseModel] = models.Order if is_order else models.said(kind)
        row = models.OrderRow if is_order else models.in_batch(kind, said)
        take = _take_order if is_order else _taking(kind)
        found[name] = Door(kind, said, row, models.shown(kind, has_lines=is_order), take)
    return found


DOORS = _doors()
ORDERS_PAGE: Any = Page[DOORS["orders"].shown]  # type: ignore[misc]  # made from the columns


def _one(door: Door, visit: Visit, source: str, number: str) -> Recorded:
    found = door.found(visit.shop).filter(source=source, external_id=number).first()
    if found is None:
        raise NotFound(_("There is no such row."), name="row.unknown")
    return found  # type: ignore[no-any-return]


def put(door: Door, visit: Visit, source: str, number: str, said: Any) -> Answer:
    """Record one row; its number stands in the address."""
    row = door.take(visit.shop, number, said)
    (found,) = door.record(visit, [row], source=source)
    outcome = OUTCOMES[found.outcome]
    return Answer(
        {"id": found.row_id, "outcome": outcome}, status=201 if outcome == "created" else 200
    )


def batch(door: Door, visit: Visit, source: str, rows: Sequence[Any]) -> Answer:
    """Record many rows; those that cannot be taken are refused one by one."""
    told: list[dict[str, Any]] = []
    taken: list[tuple[int, Row]] = []
    numbers: set[str] = set()
    for index, raw in enumerate(rows):
        told.append({"index": index, "outcome": "refused", "id": None, "problem": None})
        try:
            row = _taken(door, visit, raw, below=f"/rows/{index}")
            if row.said.number in numbers:
                raise Problem(422, "row.is_repeated", _("This number stands in the batch before."))
            numbers.add(row.said.number)
            taken.append((index, row))
        except Problem as problem:
            told[index]["problem"] = problem.body()
    recorded = door.record(visit, [row for _index, row in taken], source=source) if taken else []
    for (index, _row), found in zip(taken, recorded, strict=True):
        told[index] |= {"outcome": OUTCOMES[found.outcome], "id": found.row_id}
    outcomes = [each["outcome"] for each in told]
    counts = {name: outcomes.count(name) for name in (*OUTCOMES.values(), "refused")}
    return Answer({**counts, "rows": told})


def _taken(door: Door, visit: Visit, raw: Any, *, below: str) -> Row:
    try:
        said = door.row.model_validate(raw)
        return door.take(visit.shop, said.number, said)  # type: ignore[attr-defined]
    except ValidationError as fault:
        raise words.of_row(fault, below=below) from fault
    except Refused as refused:
        raise problems.of_refusal(refused, below=below) from refused


def _declare(name: str, door: Door) -> None:
    listing, reading, recording, taking_back, batching = titles.TITLES[name]
    filter_ = FilterOfPerson if door.kind.has_person else Filter

    def many(visit: Visit, asked: Any) -> Answer:
        return paging.page(visit, _filtered(door, visit, asked), asked, door.show)

    def one(visit: Visit, source: models.Source, number: models.Number) -> Answer:
        return Answer(door.show(_one(door, visit, source, number)))

    def record(visit: Visit, source: models.Source, number: models.Number, said: Any) -> Answer:
        return put(door, visit, source, number, said)

    def delete(visit: Visit, source: models.Source, number: models.Number) -> Answer:
        found = rows_recorded.take_back(
            visit.shop, door.kind, number, source=source, actor=visit.actor
        )
        outcome = "deleted" if found.outcome == "changed" else "unchanged"
        return Answer({"id": found.row_id, "outcome": outcome})

    def record_many(visit: Visit, said: Any) -> Answer:
        return batch(door, visit, said.source, said.rows)

    batched = models.batch(door.kind, door.row)
    many.__annotations__["asked"] = Query[filter_]  # type: ignore[misc,valid-type]  # made for the kind
    record.__annotations__["said"] = Body[door.said]  # type: ignore[misc,name-defined]  # as above
    record_many.__annotations__["said"] = Body[batched]  # type: ignore[misc,valid-type]  # as above
    page = Page[door.shown]  # type: ignore[name-defined]  # as above
    one_path = f"/{name}/{{source}}/{{path:number}}"
    read(router, f"/{name}", "customers.read", page, summary=listing, name=f"list_{name}",
         tags=[name])(many)  # fmt: skip
    read(router, one_path, "customers.read", door.shown, summary=reading, name=f"read_{name}",
         tags=[name])(one)  # fmt: skip
    write(router, "PUT", one_path, "data.import", {200: Outcome, 201: Outcome}, summary=recording,
          name=f"put_{name}", tags=[name])(record)  # fmt: skip
    write(router, "DELETE", one_path, "data.import", {200: TakenBack}, summary=taking_back,
          name=f"delete_{name}", tags=[name])(delete)  # fmt: skip
    write(router, "POST", f"/{name}/batch", "data.import", {200: BatchOutcome}, summary=batching,
          name=f"batch_{name}", tags=[name])(record_many)  # fmt: skip


def _filtered(door: Door, visit: Visit, asked: Filter) -> QuerySet[Any]:
    limits = {
        "source": asked.source,
        "changed_at__gte": asked.changed_since,
        "customer_id": getattr(asked, "customer", None),
    }
    chosen = {name: value for name, value in limits.items() if value is not None}
    return door.found(visit.shop).filter(**chosen)


for _name, _door in DOORS.items():
    _declare(_name, _door)

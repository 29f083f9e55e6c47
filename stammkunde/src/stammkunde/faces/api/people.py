"""Customers on their way in, and joined by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body
from pydantic import BaseModel, Field, SkipValidation, ValidationError

from stammkunde.faces.api import customers, records, words
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import write
from stammkunde.faces.api.models_of_rows import BATCH_MAX, SAID, Person, Source
from stammkunde.faces.api.problems import Problem
from stammkunde.flows import customers_merged, customers_recorded
from stammkunde.flows.rows_recorded import Who
from stammkunde.records.customers.models import Merge

# The same addresses are read there.
router = customers.router
OUTCOMES = {"new": "created", "changed": "changed", "same": "unchanged", "erased": "erased"}


class SaidCustomer(Person):
    """A customer as a channel knows it: a number or an address is needed."""

    source: Annotated[
        Source, Field(description=N("The channel within which the customer number counts."))
    ] = "shop"


class CustomerOutcome(BaseModel):
    """What became of a customer."""

    id: int | None
    outcome: Annotated[
        Literal["created", "changed", "unchanged", "erased"],
        Field(description=N("`erased`: this person asked to be forgotten, so nothing is kept.")),
    ]


class CustomerRowOutcome(BaseModel):
    """What became of a customer of a batch."""

    index: int
    outcome: Literal["created", "changed", "unchanged", "erased", "refused"]
    id: int | None = None
    problem: dict[str, Any] | None = None


class Customers(BaseModel):
    """Customers of one channel."""

    model_config = SAID

    source: Annotated[
        Source, Field(description=N("The channel within which customer numbers count."))
    ] = "shop"
    rows: Annotated[
        list[SkipValidation[Person]],
        Field(min_length=1, max_length=BATCH_MAX, description=N("Up to 500 customers.")),
    ]


class CustomersOutcome(BaseModel):
    """What became of a batch of customers, row by row."""

    created: int
    changed: int
    unchanged: int
    erased: int
    refused: int
    rows: list[CustomerRowOutcome]


class Join(BaseModel):
    """Who went into whom."""

    model_config = SAID

    gone_id: Annotated[Id, Field(description=N("The customer that is the same person."))]


class Joined(BaseModel):
    """A merge, by which it can be undone."""

    id: int
    kept_id: int
    gone_id: int


@write(
    router, "POST", "/customers", "customers.change", {200: CustomerOutcome, 201: CustomerOutcome},
    summary=N("Record a customer"),
)  # fmt: skip
def record_customer(visit: Visit, said: Body[SaidCustomer]) -> Answer:
    """Record one customer."""
    person = Who(**said.model_dump(exclude={"source"}))
    (found,) = customers_recorded.record(
        visit.shop, [person], actor=visit.actor, source=said.source
    )
    outcome = OUTCOMES[found.outcome]
    return Answer(
        {"id": found.customer_id, "outcome": outcome}, status=201 if outcome == "created" else 200
    )


@write(
    router, "POST", "/customers/batch", "customers.change", {200: CustomersOutcome},
    summary=N("Record customers"),
)  # fmt: skip
def batch_customers(visit: Visit, said: Body[Customers]) -> Answer:
    """Record many customers; those that cannot be taken are refused one by one."""
    told: list[dict[str, Any]] = []
    taken: list[tuple[int, Who]] = []
    for index, raw in enumerate(said.rows):
        told.append({"index": index, "outcome": "refused", "id": None, "problem": None})
        try:
            taken.append((index, _taken(raw, source=said.source, below=f"/rows/{index}")))
        except Problem as problem:
            told[index]["problem"] = problem.body()
    found = customers_recorded.record(
        visit.shop, [who for _index, who in taken], actor=visit.actor, source=said.source
    )
    for (index, _who), each in zip(taken, found, strict=True):
        told[index] |= {"outcome": OUTCOMES[each.outcome], "id": each.customer_id}
    outcomes = [each["outcome"] for each in told]
    counts = {name: outcomes.count(name) for name in (*OUTCOMES.values(), "refused")}
    return Answer({**counts, "rows": told})


def _taken(raw: Any, *, source: str, below: str) -> Who:
    try:
        who = records.who(Person.model_validate(raw))
    except ValidationError as fault:
        raise words.of_row(fault, below=below) from fault
    if not any(key.kind != "phone" for key in who.keys(source=source)):
        sentence = _("A number or an e-mail address is needed.")
        place = {"pointer": f"{below}/number", "detail": sentence}
        raise Problem(422, "customer.is_nobody", sentence, errors=[place])
    return who


@write(
    router, "POST", "/customers/{customer_id}/merges", "customers.change", {201: Joined},
    summary=N("Join two customers"),
)  # fmt: skip
def join_customers(visit: Visit, customer_id: Id, said: Body[Join]) -> Answer:
    """Let another customer be this one."""
    made = customers_merged.merge(
        visit.shop, kept_id=customer_id, gone_id=said.gone_id, actor=visit.actor
    )
    return Answer(_merge(made), status=201)


@write(
    router, "POST", "/merges/{merge_id}/undoing", "customers.change", {200: Joined},
    summary=N("Undo a merge"),
)  # fmt: skip
def part_customers(visit: Visit, merge_id: Id) -> Answer:
    """Let two customers be two again."""
    return Answer(_merge(customers_merged.part(visit.shop, merge_id, actor=visit.actor)))


def _merge(merge: Merge) -> dict[str, Any]:
    return {"id": merge.pk, "kept_id": merge.kept_id, "gone_id": merge.gone_id}

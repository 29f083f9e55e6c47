"""What programs say of rows and what they are told, made from the columns of each kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SkipValidation,
    create_model,
)
from pydantic_core import PydanticCustomError

from kohorte import tables
from kohorte.reading.persons import emails
from kohorte.tables import STATES
from stammkunde.records.orders.rules import Kind
from stammkunde.records.orders.typed import AMOUNT_MINOR_MAX, PURPOSES

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
BATCH_MAX = 500
LINES_MAX = 1_000
TEXT_MAX = 2_000
EARLIEST, LATEST = dt.datetime(1900, 1, 2, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
# Columns in which only some words mean something.
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("spend", "purpose"): PURPOSES,
    ("responses", "question"): ("nps", "csat", "ces", "leaving"),
    ("returns", "kind"): ("return", "cancellation"),
}
SAID = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _no_address(text: str) -> str:
    """Refuse numbers that tell who somebody is: they outlive an erasure."""
    if "@" in text:
        raise PydanticCustomError(
            "said", "", {"sentence": _("A number must not hold an e-mail address.")}
        )
    return text


def _written(kind: str) -> BeforeValidator:
    """Refuse numbers where an instant or a day is meant: they would be taken for seconds since 1970."""

    def check(value: Any) -> Any:
        if not isinstance(value, dt.date) and not (isinstance(value, str) and _DAY.match(value)):
            raise PydanticCustomError(kind, "")
        return value

    return BeforeValidator(check)


def _address(text: str) -> str:
    if text and emails.normal(text) is None:
        raise PydanticCustomError("said", "", {"sentence": _("This is no e-mail address.")})
    return text


if TYPE_CHECKING:
    State = str
else:
    State = Literal[STATES]
Instant = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST), _written("datetime_type")]
Day = Annotated[dt.date, Field(ge=EARLIEST.date(), le=LATEST.date()), _written("date_type")]
Amount = Annotated[int, Field(ge=0, le=AMOUNT_MINOR_MAX)]
Text = Annotated[str, Field(max_length=TEXT_MAX)]
Number = Annotated[str, Field(min_length=1, max_length=250), AfterValidator(_no_address)]
Short = Annotated[str, Field(max_length=250)]
Source = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^/]+$")]
Price = Annotated[Decimal, Field(gt=-(10**9), lt=10**9, decimal_places=6)]
Quantity = Annotated[Decimal, Field(gt=-(10**9), lt=10**9, decimal_places=3)]
_TYPES: Mapping[str, Any] = {
    "VARCHAR": Text,
    "TIMESTAMP": Instant,
    "DATE": Day,
    "BIGINT": Amount,
    "INTEGER": Annotated[int, Field(ge=0, le=1_000_000)],
    "DECIMAL(18,6)": Price,
    "DECIMAL(18,3)": Quantity,
    "DECIMAL(9,3)": Annotated[Decimal, Field(gt=-(10**5), lt=10**5, decimal_places=3)],
    "DOUBLE": Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)],
    "BOOLEAN": bool,
}
_SHOWN: Mapping[str, Any] = {
    "VARCHAR": str, "TIMESTAMP": dt.datetime, "DATE": dt.date, "BIGINT": int, "INTEGER": int,
    "DECIMAL(18,6)": Decimal, "DECIMAL(18,3)": Decimal, "DECIMAL(9,3)": Decimal, "DOUBLE": float,
    "BOOLEAN": bool,
}  # fmt: skip


class Person(BaseModel):
    """Who it is about. A number or an address makes somebody known; what is empty is not said."""

    model_config = SAID

    number: Annotated[
        Short, AfterValidator(_no_address), Field(description=N("Customer number in this channel."))
    ] = ""
    email: Annotated[
        str, Field(max_length=320, description=N("E-mail address.")), AfterValidator(_address)
    ] = ""
    phone: Annotated[
        str, Field(max_length=60, description=N("Phone, with its country or in `country`."))
    ] = ""
    name: Annotated[Short, Field(description=N("First and last name."))] = ""
    country: Annotated[str, Field(max_length=60, description=N("Country, as DE or Germany."))] = ""


class Line(BaseModel):
    """A line of an order."""

    model_config = SAID

    product_id: Annotated[Text | None, Field(description=N("Product number."))] = None
    product: Annotated[Text | None, Field(description=N("Product name."))] = None
    quantity: Annotated[
        Quantity | None, Field(description=N("How many; up to three decimal places."))
    ] = None
    unit_price: Annotated[
        Price | None, Field(description=N("Price of one in major units (euros)."))
    ] = None
    amount_minor: Annotated[
        int | None,
        Field(
            ge=-AMOUNT_MINOR_MAX, le=AMOUNT_MINOR_MAX,
            description=N("Amount of the line in minor units (cents)."),
        ),
    ] = None  # fmt: skip


class Order(BaseModel):
    """An order as its source has it now."""

    model_config = SAID

    placed_at: Annotated[Instant, Field(description=N("When it was placed, with its zone."))]
    amount_minor: Annotated[
        Amount | None, Field(description=N("What it came to, in minor units (cents)."))
    ] = None
    currency: Annotated[
        str | None,
        Field(
            pattern="^[A-Z]{3}$",
            description=N("The shop's currency; it is taken where none is said."),
        ),
    ] = None
    state: Annotated[
        State,
        Field(description=N("Whether it counts: open orders count until they are overdue.")),
    ] = "counted"
    channel: Annotated[Text | None, Field(description=N("How the order came about."))] = None
    said_at: Annotated[
        Instant | None,
        Field(description=N("When the source changed it last; an older word changes nothing.")),
    ] = None
    customer: Annotated[Person | None, Field(description=N("Who ordered."))] = None
    lines: Annotated[list[Line], Field(max_length=LINES_MAX, description=N("Its lines."))] = []


class OrderRow(Order):
    """An order in a batch, with its number."""

    number: Annotated[Number, Field(description=N("Its number in this channel."))]


class ShownLine(BaseModel):
    """A line of an order, as it is recorded."""

    line_number: int
    product_id: str | None
    product: str | None
    quantity: Decimal | None
    unit_price: Decimal | None
    amount_minor: int | None


def said(kind: Kind) -> type[BaseModel]:
    """Return the model of what a program says of a row, its number left out."""
    fields: dict[str, Any] = {}
    for column in tables.EVERY[kind.name].columns:
        name = next(
            (ours for ours, theirs in kind.said.items() if theirs == column.name), column.name
        )
        if name not in kind.columns:
            continue
        choices = CHOICES.get((kind.name, name))
        hint = Literal[choices] if choices else _TYPES[column.type]
        if name == "order_number":
            hint = Number
        elif hint is Text and not column.nullable:
            hint = Annotated[str, Field(min_length=1, max_length=250)]
        about = Field(description=_sentence(column.meaning.en))
        fields[name] = (
            (Annotated[hint | None, about], None)
            if column.nullable
            else (Annotated[hint, about], ...)
        )
    if kind.has_person:
        fields["customer"] = (
            Annotated[Person | None, Field(description=N("Who it is about."))],
            None,
        )
    return create_model(_name(kind), __config__=SAID, __doc__=_about(kind), **fields)


def in_batch(kind: Kind, model: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a row of a batch, with its number."""
    number: Any = (Annotated[Number, Field(description=N("Its number in this channel."))], ...)
    return create_model(f"{model.__name__}Row", __base__=model, __doc__=_about(kind), number=number)


def batch(kind: Kind, row: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a batch; its rows are looked at one by one, so that a bad one spares the others."""
    rows = Annotated[
        list[SkipValidation[row]],  # type: ignore[valid-type]
        Field(
            min_length=1, max_length=BATCH_MAX, description=N("Up to 500 rows, each number once.")
        ),
    ]
    source = Annotated[
        Source, Field(description=N("The channel they come from, within which numbers count."))
    ]
    return create_model(
        f"{row.__name__}s", __config__=SAID, __doc__=_about(kind), source=(source, "shop"),
        rows=(rows, ...),
    )  # fmt: skip


def shown(kind: Kind, *, has_lines: bool = False) -> type[BaseModel]:
    """Return the model of a row as it is recorded."""
    columns = {column.name: column for column in tables.EVERY[kind.name].columns}
    fields: dict[str, Any] = {"id": (int, ...), "source": (str, ...), "number": (str, ...)}
    for name in kind.columns:
        column = columns[kind.said.get(name, name)]
        hint = _SHOWN[column.type]
        fields[name] = (
            Annotated[hint | None, Field(description=_sentence(column.meaning.en))],
            ...,
        )
    if kind.has_person:
        fields["customer_id"] = (int | None, ...)
    fields["recorded_at"] = fields["changed_at"] = (dt.datetime, ...)
    fields["is_deleted"] = (bool, ...)
    if has_lines:
        fields["lines"] = (list[ShownLine], ...)
    return create_model(f"Recorded{_name(kind)}", __doc__=_about(kind), **fields)


def _name(kind: Kind) -> str:
    return kind.name.removesuffix("s").capitalize()


def _about(kind: Kind) -> str:
    return tables.EVERY[kind.name].meaning.en


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."

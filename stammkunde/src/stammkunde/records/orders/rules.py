"""What kinds of rows there are, as plain data: their tables, their columns and what they belong to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of row.

    Parameters
    ----------
    name
        As `kohorte.tables` calls it.
    table
        Where its rows are.
    columns
        What the source says, beside the natural key.
    has_person
        Whether a row may belong to a customer.
    said
        Columns that `kohorte` calls otherwise, by our name.
    person
        What `kohorte` calls the customer.
    number
        What `kohorte` calls the natural key; empty where the key is made of several columns.
    texts
        Columns in which people write freely; they are emptied when the person is erased.
    happened
        The column that says when; empty where nothing does.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    has_person: bool = False
    said: Mapping[str, str]
    person: str = "customer_id"
    number: str = ""
    texts: tuple[str, ...] = ()
    happened: str = ""


def _kind(
    name: str,
    columns: str,
    *,
    table: str | None = None,
    has_person: bool = True,
    said: Mapping[str, str] | None = None,
    **rest: Any,
) -> Kind:
    return Kind(
        name=name,
        table=f"orders_{table or name.removesuffix('s')}",
        columns=tuple(columns.split()),
        has_person=has_person,
        said=said or {},
        **rest,
    )


_ORDER = {"order_number": "order_id"}
ORDERS = _kind(
    "orders",
    "placed_at currency amount_minor units state original_currency original_minor channel",
    number="order_id",
    happened="placed_at",
)
REFUNDS = _kind(
    "refunds",
    "order_number refunded_at amount_minor",
    number="refund_id",
    said=_ORDER,
    happened="refunded_at",
)
PRODUCTS = _kind("products", "product category unit_cost", has_person=False, number="product_id")
SPEND = _kind("spend", "starts_on ends_on purpose channel amount_minor", has_person=False)
LEADS = _kind("leads", "created_at channel qualified", number="lead_id", happened="created_at")
SUBSCRIPTIONS = _kind(
    "subscriptions",
    "subscription_id starts_at due_at ends_at monthly_minor reason",
    texts=("reason",),
    happened="starts_at",
)
RESPONSES = _kind(
    "responses",
    "answered_at question score lowest highest weight answer ticket_id",
    number="response_id",
    texts=("answer",),
    happened="answered_at",
)
TICKETS = _kind(
    "tickets",
    "opened_at answered_at solved_at contacts channel reason",
    number="ticket_id",
    texts=("reason",),
    happened="opened_at",
)
REFERRALS = _kind("referrals", "order_number", said=_ORDER, person="referrer_id")
RETURNS = _kind(
    "returns",
    "order_number product_id quantity returned_at kind reason",
    has_person=False,
    said=_ORDER,
    number="return_id",
    texts=("reason",),
    happened="returned_at",
)
DELIVERIES = _kind(
    "deliveries",
    "order_number shipped_at delivered_at promised_at",
    table="delivery",
    has_person=False,
    said=_ORDER,
    number="delivery_id",
)
KINDS = {
    kind.name: kind
    for kind in (
        ORDERS, REFUNDS, PRODUCTS, SPEND, LEADS, SUBSCRIPTIONS, RESPONSES, TICKETS, REFERRALS,
        RETURNS, DELIVERIES,
    )
}  # fmt: skip
OF_PERSONS = tuple(kind for kind in KINDS.values() if kind.has_person)
# What names an order.
OF_ORDERS = tuple(kind for kind in KINDS.values() if "order_number" in kind.columns)
# Rows `r` of such a kind, each with the order `o` of its channel that it names.
WITH_ORDERS = (
    "r JOIN orders_order o ON o.shop_id = r.shop_id AND o.source = r.source "
    "AND o.external_id = r.order_number"
)
LINES = ("line_number", "product_id", "product", "quantity", "unit_price", "amount_minor")


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a source says of one row.

    Parameters
    ----------
    number
        The natural key within the source.
    hash
        Of everything the source says of it, lines included, the person left out.
    values
        The columns of the kind, in their order.
    key
        The key of the person it came with, and that key's customer; both may be None.
    file, line
        Where it stands.
    lines
        The lines of an order, as in `LINES`.
    """

    number: str
    hash: str
    values: Sequence[Any]
    key: tuple[int | None, int | None] = (None, None)
    file: int | None = None
    line: int | None = None
    lines: Sequence[Sequence[Any]] = ()


@dataclass
class Outcome:
    """How many rows were new, changed, or as they were; the customers whose counters may differ."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def add(self, other: Outcome) -> None:
        """Add the counts of another part."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an order as a program says it."""

    product_id: str | None = None
    product: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """An order as a program says it.

    Parameters
    ----------
    number
        Its number in the channel.
    placed_at
        When it was placed, aware.
    state
        One of `kohorte.tables.STATES`.
    said_at
        When the source changed it last; an older word does not undo a newer one.
    customer_number, email, phone, name, country
        Who ordered; all may be empty.
    """

    number: str
    placed_at: dt.datetime
    amount_minor: int | None
    currency: str | None = None
    state: str = "counted"
    channel: str | None = None
    lines: tuple[Line, ...] = ()
    said_at: dt.datetime | None = None
    customer_number: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    country: str = ""


def incoming(order: Said, *, key: tuple[int | None, int | None]) -> Incoming:
    """Return an order as it is written; its hash is that of the same order in a file."""
    units = [line.quantity for line in order.lines if line.quantity is not None]
    at = order.placed_at.astimezone(dt.UTC).replace(tzinfo=None)
    values = (
        str(at),
        order.currency,
        order.amount_minor,
        _decimal(sum(units, Decimal(0)) if units else None, "0.001"),
        order.state,
        None,
        None,
        order.channel or None,
    )
    lines = tuple(
        (
            place,
            line.product_id or None,
            line.product or None,
            _decimal(line.quantity, "0.001"),
            _decimal(line.unit_price, "0.000001"),
            line.amount_minor,
        )
        for place, line in enumerate(order.lines, start=1)
    )
    return Incoming(
        number=order.number, hash=fingerprint(values, lines), values=values, key=key, lines=lines
    )


def fingerprint(values: Sequence[Any], lines: Sequence[Sequence[Any]] = ()) -> str:
    """Return the hash of a row and its lines, as the staging of imports works it out in SQL."""
    of_lines = _md5("\x1e".join(map(_joined, lines))) if lines else ""
    return _md5(_joined([*values, of_lines]))


def _joined(cells: Sequence[Any]) -> str:
    return "\x1f".join("" if cell is None else str(cell) for cell in cells)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _decimal(value: Decimal | None, step: str) -> str | None:
    return None if value is None else str(value.quantize(Decimal(step)))

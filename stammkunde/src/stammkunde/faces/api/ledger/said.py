"""What programs say when they book: models of each verb."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.models_of_rows import SAID, Instant

AMOUNT_MAX = 10**12
LINES_MAX = 1_000
# Whole numbers only as such: neither true nor the text of one is an amount.
Amount = Annotated[int, Field(ge=1, le=AMOUNT_MAX, strict=True)]
Source = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^@\s]+$")]
Short = Annotated[str, Field(max_length=200)]


class Booking(BaseModel):
    """What all bookings may say."""

    model_config = SAID

    effective_at: Annotated[
        Instant | None,
        Field(
            description=N(
                "When it happened; now unless given. When it was booked stands beside it."
            )
        ),
    ] = None
    cause: Annotated[
        Short, Field(description=N("Why, for statements, such as `order 1001`. No names."))
    ] = ""


class OtherOwner(BaseModel):
    """An owner who is no customer, such as a campaign or a voucher."""

    model_config = SAID

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$", description=N("Such as `campaign`."))]
    id: Annotated[
        str, Field(pattern=r"^[\w\-.:]{1,100}$", description=N("Your own, within the kind."))
    ]


class Owned(Booking):
    """A booking on the accounts of an owner: a customer, or somebody else."""

    customer_id: Annotated[Id | None, Field(description=N("Whose accounts: a customer …"))] = None
    owner: Annotated[OtherOwner | None, Field(description=N("… or another owner."))] = None

    @model_validator(mode="after")
    def one_owner(self) -> Any:
        """Refuse none and two."""
        if (self.customer_id is None) == (self.owner is None):
            sentence = _("Name either a customer or another owner.")
            raise PydanticCustomError("said", "", {"sentence": sentence})
        if self.owner is not None and self.owner.kind == "customer":
            sentence = _("Customers are named by `customer_id`.")
            raise PydanticCustomError("said", "", {"sentence": sentence})
        return self


class EarnedLine(BaseModel):
    """A line that earned something; each gets a lot of its own."""

    model_config = SAID

    source: Annotated[Source, Field(description=N("What earned it, such as `order:1001/line:2`."))]
    amount: Annotated[Amount, Field(description=N("In whole units."))]
    quantity: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            strict=True,
            description=N("Pieces of the line, which come back one by one."),
        ),
    ] = 1


class SaidEarning(Owned):
    """Something is given, line by line."""

    lines: Annotated[list[EarnedLine], Field(min_length=1, max_length=LINES_MAX)]
    available_at: Annotated[
        Instant | None, Field(description=N("Until then it is pending; at once unless given."))
    ] = None
    expires_at: Annotated[
        Instant | None, Field(description=N("It lapses then; never unless given."))
    ] = None
    policy: Annotated[
        Annotated[str, Field(max_length=80)],
        Field(description=N("The rules under which it was given, in your words.")),
    ] = ""
    unit_value_minor: Annotated[
        int | None,
        Field(
            ge=0,
            le=10**9,
            strict=True,
            description=N("What one unit is worth, in minor units of money."),
        ),
    ] = None


class SaidSpending(Owned):
    """Something is used up."""

    amount: Annotated[Amount, Field(description=N("In whole units."))]
    source: Annotated[Source, Field(description=N("What it was spent on, such as `order:1002`."))]


class SaidHold(Owned):
    """Something is put aside for a checkout."""

    amount: Annotated[Amount, Field(description=N("In whole units."))]
    source: Annotated[Source, Field(description=N("What it was spent on, such as `order:1002`."))]
    expires_at: Annotated[
        Instant, Field(description=N("It is free again then: after 31 days at most."))
    ]


class SaidCapture(Booking):
    """What was put aside is used up, or a part of it."""

    amount: Annotated[
        Amount | None,
        Field(description=N("All of it unless given; the rest goes back to its lots.")),
    ] = None


class SaidRelease(Booking):
    """What was put aside is free again."""


class ReturnedLine(BaseModel):
    """A line of which pieces come back."""

    model_config = SAID

    source: Source
    quantity: Annotated[
        int, Field(ge=1, le=1_000_000, strict=True, description=N("Pieces that come back now."))
    ]


class GivenBack(BaseModel):
    """A spending of which something is given back."""

    model_config = SAID

    source: Source
    amount: Amount


class SaidReturn(Booking):
    """Goods come back: what they earned is taken back, what was spent on them given back."""

    lines: Annotated[list[ReturnedLine], Field(max_length=LINES_MAX)] = []
    give_back: Annotated[list[GivenBack], Field(max_length=LINES_MAX)] = []
    minimum_days: Annotated[
        int,
        Field(
            ge=0,
            le=3650,
            strict=True,
            description=N("For so long what is given back can be used at least."),
        ),
    ] = 0


class SaidCancellation(Booking):
    """An order is void."""

    source: Annotated[Source, Field(description=N("The order, such as `order:1001`."))]


class SaidAdjustment(Owned):
    """A correction by hand."""

    amount: Annotated[
        int,
        Field(
            ge=-AMOUNT_MAX,
            le=AMOUNT_MAX,
            strict=True,
            description=N("Above zero gives, below takes away."),
        ),
    ]
    reason: Annotated[str, Field(min_length=3, max_length=200, description=N("Why; no names."))]
    expires_at: Annotated[
        Instant | None, Field(description=N("It lapses then; never unless given."))
    ] = None


class SaidTransfer(Owned):
    """Something goes to another owner and keeps its end."""

    amount: Amount
    to_customer_id: Annotated[Id | None, Field(description=N("To whom: a customer …"))] = None
    to_owner: Annotated[OtherOwner | None, Field(description=N("… or another owner."))] = None

    @model_validator(mode="after")
    def one_target(self) -> Any:
        """Refuse none and two."""
        if (self.to_customer_id is None) == (self.to_owner is None):
            sentence = _("Name either a customer or another owner.")
            raise PydanticCustomError("said", "", {"sentence": sentence})
        return self


class SaidDonation(Owned):
    """Something goes to a charity."""

    amount: Amount
    charity: Annotated[str, Field(pattern=r"^[\w\-.:]{1,100}$", description=N("Your name for it."))]


class SaidConversion(Owned):
    """Something becomes another unit: amount × numerator / denominator, rounded down."""

    amount: Amount
    to_unit: Annotated[str, Field(pattern=r"^[a-z0-9_\-]{1,40}$")]
    numerator: Annotated[int, Field(ge=1, le=10**9, strict=True)] = 1
    denominator: Annotated[int, Field(ge=1, le=10**9, strict=True)] = 1


class SaidReversal(Booking):
    """A booking is mirrored, once."""

    reason: Annotated[str, Field(min_length=3, max_length=200, description=N("Why; no names."))]

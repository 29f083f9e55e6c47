"""What programs are told that became of rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, Field


class Outcome(BaseModel):
    """What became of a row."""

    id: int
    outcome: Annotated[
        Literal["created", "changed", "unchanged", "outdated"],
        Field(
            description=N("`outdated`: something newer had been said before, so nothing changed.")
        ),
    ]


class TakenBack(BaseModel):
    """What became of a row that is not to count any more."""

    id: int
    outcome: Annotated[
        Literal["deleted", "unchanged"],
        Field(description=N("`unchanged`: it was taken back before.")),
    ]


class RowOutcome(BaseModel):
    """What became of a row of a batch."""

    index: Annotated[int, Field(description=N("Its place in the batch, from 0."))]
    outcome: Literal["created", "changed", "unchanged", "outdated", "refused"]
    id: int | None = None
    problem: Annotated[
        dict[str, Any] | None, Field(description=N("Why it was refused; the others are recorded."))
    ] = None


class BatchOutcome(BaseModel):
    """What became of a batch, row by row, in the order of the rows."""

    created: int
    changed: int
    unchanged: int
    outdated: int
    refused: int
    rows: list[RowOutcome]

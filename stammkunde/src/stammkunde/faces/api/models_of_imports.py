"""What programs say of imports and what they are told."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, ConfigDict, Field

from stammkunde.faces.api import paging
from stammkunde.faces.api.jobs_of_shop import ShownJob
from stammkunde.faces.api.models_of_rows import SAID, Source

State = Literal[
    "uploaded", "questions", "previewed", "publishing", "published", "undoing", "undone", "failed"
]
ROWS_MAX = 10_000_000


class ShownFile(BaseModel):
    """A file of an import."""

    name: str
    size: int
    sha256: str


class ShownImport(BaseModel):
    """An import, as lists show it."""

    id: int
    source: str
    state: State
    files: list[ShownFile]
    uploaded_at: dt.datetime
    published_at: dt.datetime | None
    undone_at: dt.datetime | None


class Choice(BaseModel):
    """An answer that is possible."""

    value: str
    says: str


class Question(BaseModel):
    """What the files leave open."""

    option: Annotated[str, Field(description=N("By this name it is answered."))]
    asks: str
    choices: list[Choice]
    assumed: Annotated[str | None, Field(description=N("What holds as long as nobody answers."))]


class OneImport(ShownImport):
    """An import with what was understood, asked, planned and done."""

    fault: Annotated[str | None, Field(description=N("Why the files cannot be read."))]
    can_skip_bad_rows: Annotated[
        bool,
        Field(description=N("Whether the files can be read without the rows that are to blame.")),
    ]
    skip_bad_rows: Annotated[
        bool, Field(description=N("Whether rows that cannot be read are left out."))
    ]
    questions: list[Question]
    open_questions: Annotated[
        list[str], Field(description=N("Options that must be answered before publishing."))
    ]
    understood: Annotated[dict[str, Any], Field(description=N("What was read, by file."))]
    plan: Annotated[dict[str, Any], Field(description=N("What publishing would change."))]
    counts: Annotated[dict[str, Any], Field(description=N("What publishing did."))]
    job: Annotated[ShownJob | None, Field(description=N("The work that is under way or was last."))]


class Begun(BaseModel):
    """An import whose files are being worked on; ask for it by its id."""

    id: int
    state: State
    job: Annotated[ShownJob | None, Field(description=N("The work that is under way or was last."))]


class Received(Begun):
    """An import whose files were received."""

    is_again: Annotated[
        bool, Field(description=N("The same bytes were received before; nothing changed."))
    ]


class Sent(BaseModel):
    """What is said beside the files."""

    model_config = SAID

    source: Annotated[
        Source, Field(description=N("The channel they come from, within which numbers count."))
    ] = "shop"
    skip_bad_rows: Annotated[
        bool,
        Field(description=N("Leave rows of these files out that cannot be read, and count them.")),
    ] = False


class Answers(BaseModel):
    """What is said about the files."""

    model_config = SAID

    answers: Annotated[
        dict[str, Annotated[str, Field(max_length=200)]],
        Field(
            default_factory=dict, max_length=100,
            description=N("By option, such as `taxes` or `columns.date`."),
        ),
    ]  # fmt: skip
    skip_bad_rows: Annotated[
        bool | None,
        Field(
            description=N(
                "Leave rows of these files out that cannot be read, or no longer. It is not kept for "
                "the next files."
            )
        ),
    ] = None


class Publication(BaseModel):
    """How it is published."""

    model_config = SAID

    despite_questions: Annotated[
        bool, Field(description=N("Publish although questions are open."))
    ] = False


class LeftOut(BaseModel):
    """A row of a file that does not count."""

    file: str
    line: int
    reason: str
    order: str | None
    amount_minor: int | None
    column: Annotated[
        str | None, Field(description=N("The column to blame where the row cannot be read."))
    ]
    cell: Annotated[str | None, Field(description=N("What stands there, or in the whole row."))]
    why: Annotated[str | None, Field(description=N("What is wrong with it."))]


class LeftOutRows(BaseModel):
    """Rows that do not count, by file and line."""

    data: list[LeftOut]


class LeftOutFilter(BaseModel):
    """Which of them are wanted."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=60, description=N("Only for this reason."))] = ""
    start: Annotated[int, Field(ge=0, le=ROWS_MAX, description=N("How many to skip."))] = 0
    limit: Annotated[int, Field(ge=1, le=paging.LIMIT_MAX, description=N("How many at most."))] = (
        paging.LIMIT
    )

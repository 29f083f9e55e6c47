"""What commands share that tell groups of customers apart: the options, the loop and the names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.conditions.customers import RFM_GROUP
from kohorte.language import Language, Sentence, translate
from kohorte.results import Group

if TYPE_CHECKING:
    from kohorte.history import History

ByOption = Annotated[
    str | None,
    typer.Option("--by", help="What tells customers apart: country, channel, first_product …"),
]
MostOption = Annotated[
    int, typer.Option("--most", min=2, help="So many groups; smaller ones are one.")
]

EVERYBODY = Group(None, 0)


def require(dimension: str | None) -> None:
    """Refuse a dimension that does not exist, before any file is read."""
    from kohorte.narrowing import require_dimension

    if dimension is not None:
        require_dimension(dimension)


def parts(history: History, by: str | None, most: int) -> Iterator[tuple[Group, History]]:
    """Yield each group with its history; all customers as one group where `by` is None."""
    if by is None:
        yield EVERYBODY, history
        return
    yield from history.by(by, most=most)


def name(group: Group, by: str, language: Language, *, counted: bool = True) -> str:
    """Write what the customers of a group share, and how many they are if wanted."""
    text = bare_name(group, by, language)
    if not counted:
        return text
    values = {"name": text, "customers": group.customers}
    return Sentence("{name} ({customers} {customers:customer|customers})", values).render(language)


def bare_name(group: Group, by: str, language: Language) -> str:
    """Write what the customers of a group share; a group of the RFM map by its name."""
    from kohorte.rfm import GROUPS

    if group.rest:
        return translate("All others", language)
    if group.value is None:
        return translate("Not known", language)
    if by == RFM_GROUP:
        return GROUPS[group.value][0].render(language)
    return group.value

"""The relations: named SQL selects, one file each, from which every number is built.

A relation reads canonical tables, the two tables that every question brings along (`periods` and
`calendar`, with `history_days`), and other relations, by name. `compose` puts what a select needs
in front of it as common table expressions; parameters stay bound and text is never pasted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from kohorte.errors import UnknownNameError
from kohorte.language import Text

QUESTION_TABLES = ("periods", "calendar", "history_days")
_READS = re.compile(r"(?:\bFROM|\bJOIN|,)\s+([a-z_]+)", re.IGNORECASE)
_PARAMETERS = re.compile(r"\$([a-z_0-9]+)")
_HEADER = re.compile(r"^-- (de|en): (.+)$", re.MULTILINE)
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Relation:
    """A named select: its meaning in both languages, its SQL and what it reads."""

    name: str
    meaning: Text
    sql: str

    @property
    def reads(self) -> frozenset[str]:
        """Names of the relations that this one is built on."""
        return names_in(self.sql)


@cache
def every() -> dict[str, Relation]:
    """Return all relations by name.

    Examples
    --------
    >>> sorted(every()["purchase_days"].reads)
    ['counted_orders']
    """
    folder = resources.files("kohorte.relations")
    return {
        name: _load(name, folder.joinpath(f"{name}.sql").read_text("utf-8"))
        for name in sorted(every_name())
    }


def _load(name: str, text: str) -> Relation:
    meaning = dict(_HEADER.findall(text))
    sql = _HEADER.sub("", text).strip()
    return Relation(name, Text(de=meaning["de"], en=meaning["en"]), sql)


def get(name: str) -> Relation:
    """Return one relation; an unknown name is answered with the known ones."""
    if name not in every():
        raise UnknownNameError(
            "There is no relation “{name}”. There are: {names}.",
            name=name,
            names=", ".join(every()),
        )
    return every()[name]


def names_in(sql: str) -> frozenset[str]:
    """Return the relations that a select reads directly."""
    return frozenset(_READS.findall(sql)) & every_name()


@cache
def every_name() -> frozenset[str]:
    """Return the names of all relations without reading them."""
    folder = resources.files("kohorte.relations")
    return frozenset(
        file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql")
    )


def parameters(sql: str) -> frozenset[str]:
    """Return the names of the bound parameters in a select."""
    return frozenset(_PARAMETERS.findall(sql))


def compose(sql: str, *, kept: Collection[str] = (), instead: Mapping[str, str] = _NONE) -> str:
    """Return `sql` with every relation it needs in front; `kept` ones exist as tables already.

    `instead` names relations whose place another one takes, which gives the same rows.

    Examples
    --------
    >>> print(compose("SELECT COUNT(*) FROM order_refunds"))
    WITH order_refunds AS (
      SELECT order_id, CAST(SUM(amount_minor) AS BIGINT) AS refunded_minor
      FROM refunds
      WHERE order_id IS NOT NULL
      GROUP BY order_id
    )
    SELECT COUNT(*) FROM order_refunds
    """
    needed = in_order(sql, kept=kept, instead=instead)
    if not needed:
        return sql
    parts = ", ".join(
        f"{name} AS (\n{_indented(get(instead.get(name, name)).sql)}\n)" for name in needed
    )
    own = sql.lstrip()
    if own.startswith("WITH "):
        return f"WITH {parts}, {own.removeprefix('WITH ')}"
    return f"WITH {parts}\n{sql}"


def in_order(
    sql: str, *, kept: Collection[str] = (), instead: Mapping[str, str] = _NONE
) -> list[str]:
    """Return the relations that `sql` needs, each after those it is built on."""
    found: list[str] = []

    def visit(names: frozenset[str]) -> None:
        for name in sorted(names):
            if name not in found and name not in kept:
                visit(get(instead.get(name, name)).reads)
                found.append(name)

    visit(names_in(sql))
    return found


def _indented(sql: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in sql.splitlines())

"""What a canonical table is: its columns with their types and meanings."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Text


@dataclass(frozen=True)
class Column:
    """A column of a canonical table: SQL type, whether it may be empty, what it means."""

    name: str
    type: str
    nullable: bool
    meaning: Text


@dataclass(frozen=True)
class Table:
    """A canonical table with its columns; `unique` names the column without repetition."""

    name: str
    meaning: Text
    columns: tuple[Column, ...]
    unique: str | None = None


def column(name: str, type_: str, de: str, en: str, *, nullable: bool = True) -> Column:
    """Write a column with its meaning in both languages."""
    return Column(name, type_, nullable, Text(de=de, en=en))

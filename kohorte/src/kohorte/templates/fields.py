"""What a template consists of: fields with a header, a comment and three cells each."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Text
from kohorte.tables import Table


@dataclass(frozen=True)
class Field:
    """A column of an example: the column of a table that it fills, its header, its cells.

    `column` is None where it fills none; `note` replaces the table's own words where a file is
    written differently.
    """

    table: Table
    column: str | None
    header: Text
    cells: tuple[Text, Text, Text]
    note: Text | None = None

    @property
    def meaning(self) -> Text:
        """What the column means."""
        of_table = {column.name: column.meaning for column in self.table.columns}
        return self.note or of_table[str(self.column)]


@dataclass(frozen=True)
class Template:
    """An example file for one table, and how it is read."""

    table: Table
    use: Text
    fields: tuple[Field, ...]


def same(*cells: str) -> tuple[Text, Text, Text]:
    """Return three cells that are the same in both languages."""
    first, second, third = (Text(de=cell, en=cell) for cell in cells)
    return first, second, third


def each(de: tuple[str, str, str], en: tuple[str, str, str]) -> tuple[Text, Text, Text]:
    """Return three cells that each language writes its own way."""
    first, second, third = (Text(de=g, en=e) for g, e in zip(de, en, strict=True))
    return first, second, third

"""What the command line says about files, as options of the reader."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kohorte.errors import SettingError

if TYPE_CHECKING:
    from kohorte.cli.options import Shop
    from kohorte.reading import ReadOptions

# The options that are passed on to the reader as they are.
_SAID = (
    "rows",
    "currency",
    "date_format",
    "decimal",
    "delimiter",
    "encoding",
    "skip_bad_rows",
    "goods_only",
    "taxes",
    "postage",
    "tax_rate",
    "net",
    "without_postage",
    "rates",
    "separate_accounts",
    "accounts_per_address",
)

_OF_WORKBOOK = re.compile(r"(.+\.(?:xlsx|xlsm|xls|ods)) *=(.+)", re.IGNORECASE)


def reading(shop: Shop) -> ReadOptions:
    """Return the reading options: those of the mapping file, overruled by the command line."""
    from kohorte.reading import ReadOptions, Rule
    from kohorte.reading.beside import choices, kinds

    given = ReadOptions.from_mapping(shop.mapping) if shop.mapping else ReadOptions()
    said: dict[str, Any] = {
        name: value for name in _SAID if (value := getattr(shop, name)) or type(value) is int
    }
    for text in shop.sheet or ():
        file, name = _sheet(text)
        if file:
            said["sheets"] = {**given.sheets, **said.get("sheets", {}), file: name}
        else:
            said["sheet"] = name
    if shop.exclude:
        rules = tuple(Rule.parse(text) for text in shop.exclude)
        said["exclude"] = (*given.exclude, *rules)
    if shop.kind:
        said["kinds"] = {**given.kinds, **dict(kinds.parse(text) for text in shop.kind)}
    if shop.word:
        said["words"] = {**given.words, **dict(choices.parse(text) for text in shop.word)}
    if shop.scale:
        said["scales"] = {**given.scales, **dict(_pair(text) for text in shop.scale)}
    columns = {**given.columns, **_columns(shop.column or [])}
    return dataclasses.replace(given, columns=columns, **said)


def _pair(text: str) -> tuple[str, str]:
    """Read a question and its scale: csat=1-5."""
    question, _, scale = text.partition("=")
    return question.strip(), scale.strip()


def _sheet(text: str) -> tuple[str, str]:
    """Read a sheet, and the workbook that it is of: costs.xlsx=2026, or 2026 for all of them."""
    found = _OF_WORKBOOK.fullmatch(text.strip())
    return (found[1], found[2].strip()) if found else ("", text)


def _columns(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in given:
        meaning, _, column = pair.partition("=")
        if not meaning.strip() or not column.strip():
            raise SettingError(
                "“{text}” does not say what a column means. Write it as date=Bestelldatum.",
                text=pair,
            )
        found[meaning.strip()] = column.strip()
    return found

"""Results of `kohorte` as JSON and back: plain values, and the library's own records by their names."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kohorte import results
from kohorte.language import Sentence, Text
from kohorte.results import Row

_CLASSES: dict[str, type[Any]] = {
    name: each
    for name, each in (*vars(results).items(), ("Sentence", Sentence), ("Text", Text))
    if isinstance(each, type) and dataclasses.is_dataclass(each)
}
_ROW = [field.name for field in dataclasses.fields(Row)]


def encode(value: Any) -> Any:
    """Return a value as JSON can hold it.

    >>> decode(encode({(5, 1): dt.date(2026, 1, 5)}))
    {(5, 1): datetime.date(2026, 1, 5)}
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dt.date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"number": str(value)}
        case Mapping():
            return {"map": [[encode(key), encode(each)] for key, each in value.items()]}
        case Row():
            return {"row": [encode(getattr(value, name)) for name in _ROW]}
        case _ if type(value).__name__ in _CLASSES:
            fields = dataclasses.fields(value)
            return {
                "is": type(value).__name__,
                "of": [encode(getattr(value, field.name)) for field in fields],
            }
        case _:
            return [encode(each) for each in value]


def decode(said: Any) -> Any:
    """Return what was encoded; sequences come back as tuples."""
    match said:
        case list():
            return tuple(decode(each) for each in said)
        case {"row": cells}:
            return Row(*(decode(cell) for cell in cells))
        case {"day": text}:
            return dt.date.fromisoformat(text)
        case {"number": text}:
            return Decimal(text)
        case {"map": pairs}:
            return {decode(key): decode(each) for key, each in pairs}
        case {"is": name, "of": cells}:
            return _CLASSES[name](*(decode(cell) for cell in cells))
        case _:
            return said

"""Results of `kohorte` as JSON and back: plain values, and the library's own records by their names."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import attrgetter
from typing import Any

from kohorte import results
from kohorte.language import Sentence, Text
from kohorte.results import Row

_CLASSES: dict[str, type[Any]] = {
    name: each
    for name, each in (*vars(results).items(), ("Sentence", Sentence), ("Text", Text))
    if isinstance(each, type) and dataclasses.is_dataclass(each)
}
_CELLS = attrgetter(*(field.name for field in dataclasses.fields(Row)))
# Most cells of most rows are of these, and stay as they are.
_PLAIN = frozenset({type(None), bool, int, float, str})


def pack(value: Any) -> bytes:
    """Return a value as the store keeps it: its JSON is as repetitive as a table, so it shrinks to a twentieth.

    >>> unpack(pack([1, dt.date(2026, 1, 5)]))
    (1, datetime.date(2026, 1, 5))
    """
    said = json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(said.encode(), level=1)


def unpack(kept: bytes | memoryview) -> Any:
    """Return what was packed; sequences come back as tuples."""
    return decode(json.loads(zlib.decompress(kept)))


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
            cells = _CELLS(value)
            return {"row": [each if type(each) in _PLAIN else encode(each) for each in cells]}
        case _ if type(value).__name__ in _CLASSES:
            fields = dataclasses.fields(value)
            return {
                "is": type(value).__name__,
                "of": [encode(getattr(value, field.name)) for field in fields],
            }
        case _ if len(value) > 1 and all(type(each) is Row for each in value):
            return {"rows": [_column(cells) for cells in zip(*map(_CELLS, value), strict=True)]}
        case _:
            return [encode(each) for each in value]


def _column(cells: Sequence[Any]) -> Any:
    """Return one field of many rows: what is the same in all of them is said once.

    >>> _column([1, 1]), _column([1, None]), _column([dt.date(2026, 1, 5), dt.date(2026, 1, 6)])
    ({'all': 1, 'of': 2}, [1, None], {'days': ['2026-01-05', '2026-01-06']})
    """
    kinds = set(map(type, cells))
    if kinds == {dt.date}:
        return {"days": [cell.isoformat() for cell in cells]}
    first = cells[0]
    # 1 and 1.0 and True are equal, and not the same.
    if len(kinds) == 1 and all(cell == first for cell in cells):
        return {"all": encode(first), "of": len(cells)}
    if kinds <= _PLAIN:
        return list(cells)
    return {"told": [encode(cell) for cell in cells]}


def _cells(column: Any) -> Iterable[Any]:
    match column:
        case list():
            return column
        case {"all": cell, "of": count}:
            return repeat(decode(cell), count)
        case {"days": days}:
            return map(dt.date.fromisoformat, days)
        case _:
            return map(decode, column["told"])


def decode(said: Any) -> Any:
    """Return what was encoded; sequences come back as tuples."""
    match said:
        case list():
            return tuple(decode(each) for each in said)
        case {"rows": columns}:
            return tuple(map(Row, *map(_cells, columns)))
        case {"row": cells}:
            return Row(*(cell if type(cell) in _PLAIN else decode(cell) for cell in cells))
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

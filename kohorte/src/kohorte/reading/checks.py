"""What the user may say: limits and scales that make no sense are refused, with a remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from kohorte.errors import ReadError
from kohorte.reading.address import Address

_SCALE = re.compile(r"\d{1,3}-\d{1,3}")


def accounts(most: int | None) -> None:
    """Raise if so many customer numbers per address are none at all."""
    if most is not None and most < 1:
        raise ReadError(
            "An e-mail address has at least one customer number, not {count}. With 1 no two numbers "
            "are joined.",
            count=most,
        )


def scales(given: Mapping[str, str]) -> None:
    """Raise if a scale is none: 1-5 is one, 5-1 is not."""
    for question, scale in given.items():
        first, _, last = scale.partition("-")
        if not _SCALE.fullmatch(scale) or int(first) >= int(last):
            raise ReadError(
                "“{scale}” is not a scale for {question}. Write it as 1-5.",
                scale=scale,
                question=question,
            )


def sheets(given: Mapping[str, str], *, places: Sequence[Path | Address]) -> None:
    """Raise if the sheet of a workbook is named that is not among the files."""
    known = {name for place in places for name in (place.name, str(place))}
    for name in given:
        if name not in known:
            raise ReadError(
                "--sheet names {file}, which is not among the files. Those are: {files}.",
                file=name,
                files=", ".join(place.name for place in places),
            )

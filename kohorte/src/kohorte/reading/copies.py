"""Names of temporary copies, none of which another file has."""

from __future__ import annotations

from pathlib import Path


def name(folder: Path, ending: str) -> Path:
    """Return the path of a new file in a temporary folder, numbered behind all that are there.

    Files come and go while a workbook is opened; their number alone would be given twice.
    """
    numbers = [each.name.partition(".")[0] for each in folder.iterdir()]
    last = max((int(number) for number in numbers if number.isdecimal()), default=-1)
    return folder / f"{last + 1}.{ending}"

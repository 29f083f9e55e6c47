"""Tables on the command line: as CSV files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from kohorte.errors import KohorteError
from kohorte.language import Sentence
from kohorte.results import Listing
from kohorte.spreadsheets import harmless


def save(listing: Listing, path: Path) -> int:
    """Write a listing as CSV, whole or not at all, and return the number of rows."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(listing.columns)
            writer.writerows([_cell(value) for value in row] for row in listing.rows)
        os.replace(unfinished, path)
    except (OSError, ValueError) as error:
        raise KohorteError(
            "{path} cannot be written: {reason}. Name a file in a folder that may be written to.",
            path=str(path),
            reason=getattr(error, "strerror", None) or type(error).__name__,
        ) from error
    return len(listing.rows)


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def saved(count: int, path: Path) -> Sentence:
    """Return the sentence that says what was written."""
    return Sentence(
        "{count} {count:row|rows} written to {path}.", {"count": count, "path": str(path)}
    )

"""A folder that is watched: what comes into it is published, and moved to `done` or to `refused`."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stammkunde.faces.cli import imports, words

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop

POLL_SECONDS = 5
# Names that programs give to what they have not finished writing.
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial", ".swp")

Size = tuple[int, int]


def watch(
    shop: Shop,
    folder: Path,
    *,
    said: dict[str, Any],
    channel: str,
    spoken: words.Language,
    goes_on: Callable[[], bool] = lambda: True,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Look into a folder again and again until somebody ends it.

    A file is taken when it did not change between two looks, so that one still being written is left
    alone. What went wrong stands beside a refused file, in a text file of its name.
    """
    if not folder.is_dir():
        raise FileNotFoundError(2, "No such directory", str(folder))
    words.say("Watching {folder} – Ctrl+C ends it.", spoken, folder=folder)
    seen: dict[Path, Size] = {}
    while goes_on():
        now = sizes(folder)
        for path in sorted(path for path, size in now.items() if seen.get(path) == size):
            take(shop, path, said=said, channel=channel, spoken=spoken)
        seen = sizes(folder)
        pause(POLL_SECONDS)


def sizes(folder: Path) -> dict[Path, Size]:
    """Return the files of a folder that may be taken, with what tells whether they still change."""
    found: dict[Path, Size] = {}
    for path in folder.iterdir():
        if path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED:
            continue
        try:
            if path.is_file() and not path.is_symlink():
                known = path.stat()
                found[path] = (known.st_size, known.st_mtime_ns)
        except FileNotFoundError:
            continue  # gone between the two looks
    return found


def take(
    shop: Shop, path: Path, *, said: dict[str, Any], channel: str, spoken: words.Language
) -> None:
    """Import one file and move it to where it belongs."""
    from stammkunde.core.errors import Refused

    try:
        outcome = imports.bring(
            shop, [path], said=said, channel=channel, wish="publish", spoken=spoken
        )
    except Refused as refused:
        outcome = imports.Outcome(False, [str(refused)])
    place = "done" if outcome.is_fine else "refused"
    target = free(path.parent / place, path.name)
    if not outcome.is_fine:
        reason = target.with_name(f"{target.name}.txt")
        reason.write_text("\n".join(outcome.lines) + "\n", encoding="utf-8")
    shutil.move(path, target)
    words.say(
        "{file} → {place}: {reason}",
        spoken,
        file=path.name,
        place=place,
        reason=outcome.lines[-1].strip(),
    )


def free(folder: Path, name: str) -> Path:
    """Return a path of a name in a folder that nothing lies at yet."""
    folder.mkdir(exist_ok=True)
    stem, dot, ending = name.partition(".")
    number, path = 1, folder / name
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{dot}{ending}"
    return path

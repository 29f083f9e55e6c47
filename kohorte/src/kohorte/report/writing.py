"""Puts the files where they belong: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from kohorte.errors import KohorteError
from kohorte.language import Language
from kohorte.report import files, page
from kohorte.report.metric_text import MetricText
from kohorte.results import Report


def write(
    report: Report,
    folder: Path,
    *,
    language: Language,
    metrics: Mapping[str, MetricText],
    keep: Mapping[str, Callable[[Path], None]] | None = None,
) -> list[Path]:
    """Write report.html, metrics.csv and metrics.json into `folder`.

    They are made in a folder beside it and moved when all of them are whole; what stood there
    before stays if anything fails.

    Parameters
    ----------
    keep
        Further files by name, each with what writes it, such as what a later report compares with.

    Raises
    ------
    KohorteError
        The folder cannot be written to.
    """
    texts = {
        "report.html": page.render(report, language=language, metrics=metrics),
        "metrics.csv": files.as_csv(report, language, metrics),
        "metrics.json": files.as_json(report, language, metrics),
    }
    try:
        return _place(texts, keep or {}, folder)
    except OSError as error:
        raise KohorteError(
            "The report cannot be written to {folder}: {reason}. "
            "Check that the folder may be written to and that the disk is not full.",
            folder=str(folder),
            reason=error.strerror or type(error).__name__,
        ) from error


def _place(
    texts: Mapping[str, str], keep: Mapping[str, Callable[[Path], None]], folder: Path
) -> list[Path]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="")
        for name, save in keep.items():
            save(beside / name)
        return _move([*texts, *keep], beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move(names: list[str], beside: Path, folder: Path) -> list[Path]:
    """Move the files in; put back what was there if one of them cannot be moved."""
    was_there = folder.is_dir()
    folder.mkdir(exist_ok=True)
    before = beside / "before"
    before.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).replace(before / name)
            moved.append(name)
            (beside / name).replace(folder / name)
    except BaseException:
        for name in moved:
            (folder / name).unlink(missing_ok=True)
            if (before / name).exists():
                (before / name).replace(folder / name)
        if not was_there:
            os.rmdir(folder)
        raise
    return [folder / name for name in names]

"""A progress bar on a terminal; nothing where the output is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kohorte.language import Language, Sentence

if TYPE_CHECKING:
    from kohorte.reading import Progress


@contextmanager
def bar(language: Language) -> Iterator[Progress]:
    """Yield a function that shows what is being done and how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None)

        def show(sentence: Sentence, share: float | None) -> None:
            shown.update(
                task,
                description=sentence.render(language),
                total=None if share is None else 1.0,
                completed=share or 0.0,
            )

        yield show

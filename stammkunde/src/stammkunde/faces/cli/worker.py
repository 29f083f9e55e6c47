"""`stammkunde worker`: background work alone."""

from __future__ import annotations

from typing import Annotated

import typer

from stammkunde.faces.cli import processes, product, words


def worker(
    threads: Annotated[
        int, typer.Option("--threads", min=1, max=32, help="Jobs that are done at the same time.")
    ] = 2,
    language: words.LanguageOption = None,
) -> None:
    """Do background work, beside `serve` or on another machine with the same database."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.upkeep import starting

    starting.require_migrated()
    processes.work(threads, ready=lambda: words.say("Waiting for work – Ctrl+C ends it.", spoken))
    words.say("Stammkunde has ended.", spoken)

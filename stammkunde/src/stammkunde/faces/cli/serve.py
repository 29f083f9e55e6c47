"""`stammkunde serve`: the pages and the background work, in one go."""

from __future__ import annotations

from typing import Annotated

import typer

from stammkunde.faces.cli import processes, product, words


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; only this machine unless given.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")
    ] = 8000,
    processes_count: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="Processes that answer requests.")
    ] = 1,
    without_worker: Annotated[
        bool, typer.Option("--without-worker", help="Leave background work to other machines.")
    ] = False,
    language: words.LanguageOption = None,
) -> None:
    """Start the product: bring the database up to date, answer requests, do background work."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.upkeep import starting

    starting.require_port(host, port)
    starting.require_safe(host)
    if count := starting.pending():
        words.say("Bringing the database up to date ({count} steps).", spoken, count=count)
        starting.migrate()
    where = f"[{host}]" if ":" in host else host
    words.say(
        "Stammkunde is ready at http://{where}:{port} – Ctrl+C ends it.",
        spoken,
        where=where,
        port=port,
    )
    processes.serve(host, port, count=processes_count, has_worker=not without_worker)
    words.say("Stammkunde has ended.", spoken)

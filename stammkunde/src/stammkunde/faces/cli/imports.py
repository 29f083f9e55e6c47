"""`stammkunde import`: files into the records of a shop, once or as they come into a folder."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kohorte.language import Sentence
from stammkunde.faces.cli import left_out_rows, product, words

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop
    from stammkunde.features.imports.models import Import

POLL_SECONDS = 0.2


def import_(
    shop: Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files that belong together, such as orders and refunds."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", help="Mapping file with answers, as `kohorte mapping` writes it."
        ),
    ] = None,
    channel: Annotated[
        str,
        typer.Option("--channel", help="Channel in which numbers of orders and customers count."),
    ] = "shop",
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change, and publish nothing.")
    ] = False,
    left_out: Annotated[
        Path | None,
        typer.Option(
            "--left-out",
            help="Write the rows that do not count to this CSV file: file, line and reason.",
        ),
    ] = None,
    skip_bad_rows: Annotated[
        bool,
        typer.Option(
            "--skip-bad-rows",
            help="Leave rows out that cannot be read, and count them; for these files only.",
        ),
    ] = False,
    watch: Annotated[
        Path | None,
        typer.Option(
            "--watch",
            help="Watch this folder: publish what comes into it, and move it to done or refused.",
        ),
    ] = None,
    language: words.LanguageOption = None,
) -> None:
    """Import files of a shop: read them, say what would change, and publish them after a yes.

    What the files leave open is asked; without a terminal, or with --yes, it is said and nothing is
    published.
    """
    spoken = words.language(language)
    if bool(files) == bool(watch):
        _refuse("Name either files or, with --watch, a folder.", spoken)
    product.load(spoken)
    from stammkunde.core.upkeep import starting
    from stammkunde.faces.cli import import_folder

    starting.require_migrated()
    one = product.shop(shop)
    said = answers(mapping) if mapping else {}
    if skip_bad_rows:
        said["skip_bad_rows"] = True
    if watch:
        import_folder.watch(one, watch, said=said, channel=channel, spoken=spoken)
        return
    wish = "try" if dry_run else "publish" if yes else "ask"
    outcome = bring(
        one, files or [], said=said, channel=channel, wish=wish, left_out=left_out, spoken=spoken
    )
    for line in outcome.lines:
        typer.echo(line, err=not outcome.is_fine)
    if not outcome.is_fine:
        raise typer.Exit(2)


def answers(mapping: Path) -> dict[str, Any]:
    """Return what a mapping file says."""
    from kohorte.errors import KohorteError
    from kohorte.reading import ReadOptions, mapping_file
    from stammkunde.core.errors import Refused

    try:
        return mapping_file.read(mapping, options=ReadOptions())
    except KohorteError as fault:
        from django.utils import translation

        spoken: words.Language = "de" if translation.get_language() == "de" else "en"
        raise Refused(fault.sentence.render(spoken), name="import.mapping") from fault


@dataclass(frozen=True)
class Outcome:
    """What became of files, in sentences."""

    is_fine: bool
    lines: Sequence[str]


def bring(
    shop: Shop,
    files: Sequence[Path],
    *,
    said: dict[str, Any],
    channel: str,
    wish: str,
    spoken: words.Language,
    left_out: Path | None = None,
) -> Outcome:
    """Let files go as far as is wished: `try` them, `publish` them, or `ask` before that.

    The rows that do not count go into a file, if one is named.

    Raises
    ------
    Refused
        They cannot be taken.
    """
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.faces.cli import import_questions
    from stammkunde.features.imports import previews, services

    found, is_again = _received(shop, files, said=said, channel=channel)
    number = {"number": str(found.pk)}
    if found.state == "publishing":
        # It broke off, perhaps with the machine: whoever asks again waits for the rest of it.
        await_(found, spoken)
        return Outcome(True, [_say("Published as import {number}.", spoken, **number)])
    if is_again and found.state not in services.LOOKABLE:
        return Outcome(True, [_say("These files are import {number} already.", spoken, **number)])
    found = services.look(found)
    while wish == "ask" and (asked := services.open_questions(found)) and _is_terminal():
        services.answer(found, import_questions.ask(asked, spoken), actor=COMMAND)
        found = services.look(found)
    if found.fault:
        fault = _plain(found.fault[spoken])
        kept = _say("Nothing was changed. The files are kept as import {number}.", spoken, **number)
        way = _say("Mend such rows, or leave them out with --skip-bad-rows.", spoken)
        return Outcome(False, [fault, *([way] if found.fault.get("of_rows") else []), kept])
    found = previews.complete(found)
    told = [*_told(found, spoken), *left_out_rows.write(found, left_out, spoken)]
    if asked := services.open_questions(found):
        head = _say(
            "Import {number} waits for answers, in the browser or by --mapping:", spoken, **number
        )
        return Outcome(False, [*told, head, *(f"  {_plain(one['asks'][spoken])}" for one in asked)])
    waits = _say("Nothing was changed. Import {number} waits to be published.", spoken, **number)
    if wish == "try":
        return Outcome(True, [*told, waits])
    if wish == "ask":
        for line in told:
            typer.echo(line)
        told = []
        if not typer.confirm(_say("Publish?", spoken)):
            return Outcome(True, [waits])
    services.start_publishing(found, actor=COMMAND)
    await_(found, spoken)
    return Outcome(True, [*told, _say("Published as import {number}.", spoken, **number)])


def _received(
    shop: Shop, files: Sequence[Path], *, said: dict[str, Any], channel: str
) -> tuple[Import, bool]:
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.features.imports import services

    with ExitStack() as stack:
        uploads: list[Any] = [(path.name, stack.enter_context(path.open("rb"))) for path in files]
        received = services.receive(shop, uploads, actor=COMMAND, source=channel)
    found = received.import_
    if said and found.state in services.LOOKABLE:
        found = services.answer(found, said, actor=COMMAND)
    return found, received.is_again


def await_(import_: Import, spoken: words.Language) -> None:
    """Wait until an import is no longer under way; this process works as well, so that it need not be served.

    Raises
    ------
    Refused
        The work broke off; it goes on in the browser.
    """
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import Refused
    from stammkunde.core.jobs import queries
    from stammkunde.core.jobs.models import OPEN

    with working():
        while True:
            import_.refresh_from_db()
            line = queries.latest(import_.shop, key=f"import:{import_.pk}:publish")
            if line is None or line.job.state not in OPEN:
                break
            _show(line.job.progress_done, line.job.progress_total, spoken)
            time.sleep(POLL_SECONDS)
    if import_.state in ("publishing", "undoing"):
        raise Refused(
            _(
                "The work broke off. What is done is kept and counts nowhere yet; go on in the browser."
            ),
            name="import.broke_off",
        )


@contextmanager
def working() -> Iterator[None]:
    """Have a worker of this process at work."""
    from stammkunde.core.jobs.worker import Worker

    worker = Worker(threads=1)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def _show(done: int | None, total: int | None, spoken: words.Language) -> None:
    """Let somebody at a terminal see how far it is."""
    import sys

    if total and sys.stderr.isatty():
        told = _say("{done} of {total} rows", spoken, done=done, total=total)
        typer.echo(f"\r{told}", nl=done == total, err=True)


def _told(found: Import, spoken: words.Language) -> list[str]:
    """Return what was understood and what would change."""
    from stammkunde.faces.dashboard.imports.words import KINDS

    told = found.understood
    lines = [
        f"{file['name']}: {file['layout_name'][spoken]}, "
        + _say("{rows} {rows:row|rows}", spoken, rows=file["rows"])
        for file in told["files"]
    ]
    for kind, counts in found.plan.get("kinds", {}).items():
        changed = _say("{new} new, {changed} changed, {same} unchanged", spoken, **counts)
        lines.append(f"{KINDS[kind]}: {changed}")
    lines += [
        f"{one['name'][spoken]}: "
        + _say("{rows} {rows:row|rows} left out", spoken, rows=one["rows"])
        for one in told["excluded"]
    ]
    if (quality := told.get("quality")) and quality["score"] is not None:
        lines.append(_say("Data quality: {score} of 100", spoken, score=quality["score"]))
    return lines


def _plain(sentence: str) -> str:
    from stammkunde.features.imports import rules

    return rules.without_options(sentence)


def _is_terminal() -> bool:
    import sys

    return sys.stdin.isatty()


def _say(msgid: str, spoken: words.Language, **values: object) -> str:
    return Sentence(words.translate(msgid, spoken), values).render(spoken)


def _refuse(msgid: str, spoken: words.Language) -> None:
    typer.echo(words.translate(msgid, spoken), err=True)
    raise typer.Exit(2)

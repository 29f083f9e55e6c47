"""`kohorte mapping`: what files leave open is asked once, and the answers are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import headline, options, progress
from kohorte.errors import KohorteError, ReadError
from kohorte.language import Language, Sentence, translate
from kohorte.results import Question

if TYPE_CHECKING:
    from kohorte.reading import Reading, ReadOptions

DEFAULT = Path("mapping.toml")


@options.with_shop
def mapping(
    *,
    files: options.Files,
    save: Annotated[
        Path, typer.Option("--save", help="Where the answers are kept, as a TOML file.")
    ] = DEFAULT,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the file if it exists already.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing and keep what is assumed.")
    ] = False,
    shop: options.Shop,
) -> None:
    """Ask once what order files leave open, and keep the answers for every command."""
    spoken = shop.spoken
    if save.exists() and not replace and save != shop.mapping:
        raise KohorteError(
            "{path} exists already and stays as it is. Name a new file, or add --replace.",
            path=str(save),
        )
    said = shop.reading
    settled: set[str] = set()
    found = _read(files, said, shop)
    headline.show_files(found.files, spoken, questions=False)
    while question := next((one for one in found.questions if one.option not in settled), None):
        settled.add(question.option)
        answer = question.assumed if yes else _ask(question, said, spoken)
        if answer:
            said = said.answered(question.option, answer)
            if answer != question.assumed:
                found = _read(files, said, shop)
    _keep(found.mapping_with(said), save)
    typer.echo(
        Sentence(
            "The answers are in {path}. Every command takes them with --mapping {path}.",
            {"path": str(save)},
        ).render(spoken)
    )


def _read(files: list[str], said: ReadOptions, shop: options.Shop) -> Reading:
    from kohorte.history import History

    with (
        progress.bar(shop.spoken) as tell,
        History.from_files(
            *files,
            settings=shop.settings,
            options=said,
            progress=tell,
            today=options.today(),
        ) as history,
    ):
        if history.reading is None:
            raise AssertionError("a history of files has a reading")
        return history.reading


def _ask(question: Question, said: ReadOptions, spoken: Language) -> str | None:
    """Return the answer, None if the user leaves it open; ask again until it can be understood."""
    typer.echo(f"\n{question.asks.render(spoken)}")
    for number, choice in enumerate(question.choices, start=1):
        assumed = f" {translate('(assumed)', spoken)}" if choice.value == question.assumed else ""
        typer.echo(f"  {number}  {choice.says.render(spoken)}{assumed}")
    prompt = translate("Answer (Enter leaves it open)", spoken)
    if question.assumed:
        prompt = translate("Answer (Enter takes what is assumed)", spoken)
    while True:
        given = typer.prompt(prompt, default="", show_default=False).strip()
        if not given:
            return question.assumed
        answer = _understood(given, question)
        try:
            said.answered(question.option, answer)
        except ReadError as error:
            typer.echo(error.render(spoken), err=True)
        else:
            if not question.choices or answer in {one.value for one in question.choices}:
                return answer
            wrong = Sentence(
                "Please type a number from 1 to {count}.", {"count": len(question.choices)}
            )
            typer.echo(wrong.render(spoken), err=True)


def _understood(given: str, question: Question) -> str:
    """Return the choice of that number, or the answer as it was typed."""
    number = int(given) if given.isdecimal() and len(given) < 4 else 0
    if 1 <= number <= len(question.choices):
        return question.choices[number - 1].value
    return given


def _keep(answers: ReadOptions, path: Path) -> None:
    """Write the mapping file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        unfinished.write_text(answers.to_toml(), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise KohorteError(
            "{path} cannot be written: {reason}. Name a file in a folder that may be written to.",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error

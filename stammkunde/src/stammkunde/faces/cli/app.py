"""The commands and how they answer: plain words, exit code 2 for what can be put right."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NoReturn

import typer
from typer._click import exceptions
from typer.models import ParameterInfo

from kohorte.cli.options import declare
from kohorte.cli.speaking import spoken_language
from stammkunde.faces.cli import (
    backup,
    demo,
    doctor,
    imports,
    ledger,
    numbers,
    privacy,
    serve,
    shop,
    trials,
    user,
    worker,
)
from stammkunde.faces.cli.words import Language, translate

Command = Callable[..., None]
COMMANDS: tuple[Command, ...] = (
    demo.demo,
    serve.serve,
    worker.worker,
    imports.import_,
    numbers.numbers,
    doctor.doctor,
    backup.backup,
    backup.restore,
    privacy.export,
    privacy.erase,
)
GROUPS: Mapping[str, tuple[str, tuple[Command, ...]]] = {
    "shop": (shop.MEANING, shop.COMMANDS),
    "user": (user.MEANING, user.COMMANDS),
    "ledger": (ledger.MEANING, ledger.COMMANDS),
    "trials": (trials.MEANING, trials.COMMANDS),
}


def build(language: Language) -> typer.Typer:
    """Return the command line with its help in one language."""
    app = _group(
        "stammkunde",
        "Retention numbers and loyalty programs of a shop, on your own machine.",
        COMMANDS,
        language,
    )
    for name, (meaning, commands) in GROUPS.items():
        app.add_typer(_group(name, meaning, commands, language))
    return app


def _group(
    name: str, meaning: str, commands: tuple[Command, ...], language: Language
) -> typer.Typer:
    group = typer.Typer(
        name=name,
        help=translate(meaning, language),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in commands:
        words = translate(inspect.getdoc(command) or "", language)
        name_ = command.__name__.rstrip("_").replace("_", "-")
        group.command(name_, help=words)(_spoken(command, language))
    return group


def _spoken(command: Command, language: Language) -> Command:
    """Return a command whose options explain themselves in one language."""
    signature = inspect.signature(command, eval_str=True)

    @functools.wraps(command)
    def run(**given: Any) -> None:
        command(**given)

    parameters = [
        parameter.replace(annotation=_translated(parameter.annotation, language))
        for parameter in signature.parameters.values()
    ]
    declare(run, parameters)
    return run


def _translated(annotation: Any, language: Language) -> Any:
    notes = [copy.copy(note) for note in annotation.__metadata__]
    for note in notes:
        if isinstance(note, ParameterInfo) and note.help:
            note.help = translate(note.help, language)
    return Annotated[(annotation.__origin__, *notes)]


def run() -> None:
    """Run one command; what went wrong is one sentence in the user's language, never a traceback."""
    spoken = spoken_language(sys.argv)
    try:
        code = build(spoken)(standalone_mode=False)
    except exceptions.NoArgsIsHelpError:
        sys.exit(0)
    except exceptions.UsageError as error:
        _refuse(_misused(error, spoken))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo(translate("Stopped.", spoken), err=True)
        sys.exit(130)
    except Exception as fault:  # noqa: BLE001  # what nobody foresaw is raised again
        _refuse(explained(fault, spoken))
    sys.exit(code if isinstance(code, int) else 0)


def explained(fault: Exception, spoken: Language) -> str:
    """Return what a person can do about a fault; one that nobody foresaw stays a fault."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from stammkunde.core.errors import Refused

    match fault:
        case Refused():
            return str(fault)
        case ImproperlyConfigured():
            parts = getattr(fault, "said", ())
            said = [translate(each.words, spoken).format(**each.values) for each in parts]
            words = translate("The settings cannot be used: {fault}", spoken)
            return words.format(fault=" ".join(said) or fault)
        case DatabaseError():
            words = "The database cannot be used: {fault}\n`stammkunde doctor` says more."
            return translate(words, spoken).format(fault=str(fault).strip().splitlines()[0])
        case OSError():
            reason = fault.strerror or type(fault).__name__
            words = translate("A file cannot be read or written: {reason} ({file}).", spoken)
            return words.format(reason=reason, file=fault.filename or "?")
        case _:
            raise fault


def _misused(error: exceptions.UsageError, spoken: Language) -> str:
    """Return what is wrong with a command line, in our words instead of the parser's."""
    match error:
        case exceptions.NoSuchOption():
            words, name = "There is no option {name}.", error.option_name
        case exceptions.MissingParameter():
            words, name = "{name} is missing.", _name(error)
        case exceptions.BadParameter():
            words, name = "{name} does not take this value.", _name(error)
        case _:
            words, name = "This command cannot be understood.", ""
    hint = translate("`stammkunde COMMAND --help` says what a command takes.", spoken)
    return f"{translate(words, spoken).format(name=name)} {hint}"


def _name(error: exceptions.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return "?"
    written = [name for name in parameter.opts if name.startswith("-")]
    return written[0] if written else str(parameter.name).upper()


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(2)

"""The commands and how they answer: plain words, a progress bar, exit code 2 for a user's error."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

import typer
from typer._click import exceptions
from typer.models import ParameterInfo

from kohorte.cli import options, speaking
from kohorte.cli.benchmarks import benchmarks
from kohorte.cli.breakdown import breakdown
from kohorte.cli.bridge import bridge
from kohorte.cli.change import change
from kohorte.cli.check import check
from kohorte.cli.clv import clv
from kohorte.cli.cohorts import cohorts
from kohorte.cli.demo import demo
from kohorte.cli.due import due
from kohorte.cli.experiment import experiment
from kohorte.cli.explain import explain
from kohorte.cli.mapping import mapping
from kohorte.cli.metrics import metrics
from kohorte.cli.power import power
from kohorte.cli.reasons import reasons
from kohorte.cli.recommend import recommend
from kohorte.cli.replenishment import replenishment
from kohorte.cli.report import report
from kohorte.cli.rfm import rfm
from kohorte.cli.survey import survey
from kohorte.cli.survival import survival
from kohorte.cli.template import template
from kohorte.errors import KohorteError
from kohorte.language import Language, Sentence, translate

COMMANDS: tuple[Callable[..., None], ...] = (
    report,
    check,
    mapping,
    template,
    metrics,
    benchmarks,
    explain,
    bridge,
    breakdown,
    change,
    cohorts,
    survival,
    due,
    clv,
    replenishment,
    recommend,
    reasons,
    rfm,
    power,
    experiment,
    survey,
    demo,
)


def build(language: Language) -> typer.Typer:
    """Return the command line with its help in one language."""
    app = typer.Typer(
        name="kohorte",
        help=translate(
            "From a shop's order files to its retention: how many come back, and why.", language
        ),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in COMMANDS:
        meaning = inspect.getdoc(command) or ""
        app.command(help=translate(meaning, language))(_spoken(command, language))
    return app


def _spoken(command: Callable[..., None], language: Language) -> Callable[..., None]:
    """Return a command whose options explain themselves in one language."""
    signature = inspect.signature(command, eval_str=True)
    parameters = [
        parameter.replace(annotation=_translated(parameter.annotation, language))
        for parameter in signature.parameters.values()
    ]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        command(**given)

    options.declare(run, parameters)
    return run


def _translated(annotation: Any, language: Language) -> Any:
    notes = [copy.copy(note) for note in annotation.__metadata__]
    for note in notes:
        if isinstance(note, ParameterInfo) and note.help:
            note.help = translate(note.help, language)
    return Annotated[(annotation.__origin__, *notes)]


def run() -> None:
    """Run one command; an error is one sentence in the user's language, never a traceback."""
    spoken = speaking.spoken_language(sys.argv)
    try:
        code = build(spoken)(standalone_mode=False)
    except KohorteError as error:
        _refuse(error.render(spoken))
    except exceptions.UsageError as error:
        _refuse(misused(error).render(spoken))
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        _refuse(Sentence("A file cannot be read or written: {reason}.", reason).render(spoken))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo(translate("Stopped. Nothing was written.", spoken), err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def misused(error: exceptions.UsageError) -> Sentence:
    """Return what is wrong with a command line, in our words instead of the parser's."""
    match error:
        case exceptions.NoSuchOption():
            return Sentence(
                "There is no option {name}. `kohorte COMMAND --help` lists them.",
                {"name": error.option_name},
            )
        case exceptions.MissingParameter():
            return Sentence(
                "{name} is missing. `kohorte COMMAND --help` says what a command takes.",
                {"name": _name(error)},
            )
        case exceptions.BadParameter():
            return Sentence(
                "{name} does not take this value. `kohorte COMMAND --help` says what it takes.",
                {"name": _name(error)},
            )
        case _:
            return Sentence("This command cannot be understood. `kohorte --help` lists them all.")


def _name(error: exceptions.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return "?"
    written = [name for name in parameter.opts if name.startswith("-")]
    return written[0] if written else str(parameter.name).upper()


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(2)

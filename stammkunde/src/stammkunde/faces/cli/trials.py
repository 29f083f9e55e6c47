"""`stammkunde trials`: plan a trial, read its file as planned, and see what it says."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stammkunde.faces.cli import imports, product, words

if TYPE_CHECKING:
    from stammkunde.insights.trials.models import Trial

MEANING = "Trials with a control group: plan them, read their files, see what they say."
Slug = Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")]
Number = Annotated[int, typer.Argument(help="Number of the trial, as `trials list` shows it.")]
_STATES = ("planned", "running", "read")


def plan(
    shop: Slug,
    name: Annotated[str, typer.Argument(help="What the trial is about.")],
    hypothesis: Annotated[str, typer.Option("--expect", help="What you expect, and why.")],
    customers: Annotated[int, typer.Option("--customers", help="Of all groups together.")],
    measure: Annotated[
        str, typer.Option("--measure", help="What decides: `ordered` or `revenue`.")
    ] = "ordered",
    days: Annotated[int, typer.Option("--days", help="So many days are measured.")] = 30,
    control: Annotated[
        float, typer.Option("--control", help="How many are held back, in percent.")
    ] = 10,
    effect: Annotated[
        float | None,
        typer.Option("--effect", help="Effect expected, in percent of what customers do anyway."),
    ] = None,
    power: Annotated[
        float, typer.Option("--power", help="How surely such an effect is found, in percent.")
    ] = 80,
    end: Annotated[
        str,
        typer.Option("--end", help="Read `once` at the end, at four `looks`, or `always`."),
    ] = "once",
    cut: Annotated[
        float,
        typer.Option("--cut", help="Quantile at which amounts are cut: 99.5, 99 or 100 for none."),
    ] = 99.5,
    where: Annotated[
        str, typer.Option("--where", help="Condition that holds of those who take part.")
    ] = "",
    start: Annotated[
        dt.datetime | None, typer.Option("--start", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    language: words.LanguageOption = None,
) -> None:
    """Declare a trial before it starts; nobody can change it afterwards."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.insights.trials import services
    from stammkunde.insights.trials.plans import Plan

    said: dict[str, Any] = {"measure": measure, "end": end}
    declared = Plan(
        hypothesis=hypothesis, days=days, customers=customers, control_percent=control,
        power_percent=power, effect_percent=effect, cut_percent=cut, where=where,
        starts_on=start.date() if start else None, **said,
    )  # fmt: skip
    made = services.plan(product.shop(shop), name, declared, actor=COMMAND)
    words.say("The plan has been kept as trial {number}.", spoken, number=made.pk)


def list_(
    shop: Slug,
    state: Annotated[
        str, typer.Option("--state", help="Only `planned`, `running` or `read` trials.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="Only trials whose name holds this.")] = "",
    language: words.LanguageOption = None,
) -> None:
    """List the trials of a shop, the newest first."""
    spoken = words.language(language)
    if state and state not in _STATES:
        typer.echo(
            words.translate("The states are `planned`, `running` and `read`.", spoken), err=True
        )
        raise typer.Exit(2)
    product.load(spoken)
    from stammkunde.insights.trials import queries

    for trial in queries.of_shop(product.shop(shop), name=name, state=state).order_by("-id"):
        said = trial.verdict or queries.state(trial)
        typer.echo(f"{trial.pk}\t{words.translate(said, spoken)}\t{trial.name}")


def read(
    shop: Slug,
    file: Annotated[Path, typer.Argument(help="File with one row per customer.")],
    planned: Annotated[
        int | None, typer.Option("--plan", help="Number of the planned trial that it belongs to.")
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="What the trial is called; the name of the file.")
    ] = "",
    language: words.LanguageOption = None,
) -> None:
    """Read the file of a trial, as planned where it was; no row of it is kept."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.insights.trials import services

    with file.open("rb") as content:
        trial = services.receive(
            product.shop(shop), name, file.name, content, actor=COMMAND, planned=planned
        )
    _await(trial)
    if not _tell(trial, spoken):
        raise typer.Exit(2)


def show(
    shop: Slug,
    number: Number,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    language: words.LanguageOption = None,
) -> None:
    """Show what was planned of a trial and what it says."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.insights.trials import queries

    trial = queries.one(product.shop(shop), number)
    if as_json:
        typer.echo(json.dumps(_plain(trial), ensure_ascii=False, indent=2))
        return
    _tell(trial, spoken)


def _await(trial: Trial) -> None:
    """Wait until a file is read; this process works as well, so that the product need not be served."""
    from stammkunde.core.jobs.models import OPEN
    from stammkunde.insights.trials import queries

    with imports.working():
        while True:
            line = queries.reading(trial)
            if line is None or line.job.state not in OPEN:
                break
            time.sleep(imports.POLL_SECONDS)
    trial.refresh_from_db()


def _tell(trial: Trial, spoken: words.Language) -> bool:
    """Print a trial; whether it could be read, or waits for its file."""
    from stammkunde.faces.dashboard.insights.speech import Speech
    from stammkunde.faces.dashboard.trials import declared, telling
    from stammkunde.insights import codec
    from stammkunde.insights.trials import queries
    from stammkunde.insights.trials.models import ASKING, FAILED

    voice = Speech(spoken, trial.shop.currency)
    state = words.translate(queries.state(trial), spoken)
    typer.echo(f"{trial.pk}\t{trial.name}\t{state}")
    for label, value in declared.rows(trial, voice) if trial.plan else ():
        typer.echo(f"  {label}: {value}")
    if trial.state == FAILED:
        said = voice.tell(codec.unpack(trial.fault)) if trial.fault else ""
        typer.echo(said or words.translate("The file could not be read.", spoken), err=True)
        return False
    if trial.state == ASKING:
        words.say("Not everything is evident: say on the page how the file is to be read.", spoken)
    for said in telling.verdicts(trial.result, voice) if trial.result else ():
        typer.echo(said)
    for said in declared.deviations(trial, voice):
        typer.echo(f"! {said}")
    return True


def _plain(trial: Trial) -> dict[str, Any]:
    from dataclasses import asdict

    from stammkunde.insights.trials import queries

    return {
        "id": trial.pk,
        "name": trial.name,
        "state": queries.state(trial),
        "verdict": trial.verdict or None,
        "customers": trial.customers,
        "plan": trial.plan or None,
        "planned_at": trial.planned_at.isoformat() if trial.planned_at else None,
        "choice": trial.choice,
        "result": trial.result,
        "deviations": [asdict(one) for one in queries.deviations(trial)],
    }


COMMANDS = (plan, list_, read, show)

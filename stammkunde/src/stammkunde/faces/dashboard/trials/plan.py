"""The calculator: what a trial could see, said before it begins, and kept as a plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from stammkunde.core.errors import Refused
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.inputs import NumberField
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.faces.dashboard.trials import asking, declared, planning
from stammkunde.faces.dashboard.trials.asking import Asked
from stammkunde.faces.dashboard.trials.declared import KeepForm
from stammkunde.insights.questions import Question
from stammkunde.insights.trials import services
from stammkunde.insights.trials.models import Trial


@page_of_shop("metrics.read")
def plan(visit: Visit) -> HttpResponse:
    """Show what a trial would see: with the shop's own customers, or with numbers of one's own."""
    return _page(visit, KeepForm())


@page_of_shop("data.import")
def keep(visit: Visit) -> HttpResponse:
    """Keep what the address and the form say as the plan of a trial."""
    form = KeepForm(visit.request.POST or None)

    def work(**said: Any) -> Trial:
        board = Board(visit)
        asked = asking.read(visit.request.GET, reader())
        if asked.wrong or board.controls.fault:
            # The page shows numbers as if it were left out; a plan stays, so nothing of it is guessed.
            raise Refused(_("Correct first what is marked above."), name="trial.is_unclear")
        planner = planning.of(asked, _baselines(board, asked)[0], board.voice)
        if planner is None:
            raise Refused(
                _("Say first how many customers take part, and what they do anyway."),
                name="trial.has_no_numbers",
            )
        plan = declared.declared(
            asked, said, customers=planner.plan.customers, where=board.controls.where
        )
        return services.plan(visit.shop, said["name"], plan, actor=visit.actor)

    if kept := forms.submit(visit.request, form, work):
        return visit.go("trials_trial", kept.pk, say=_("The plan has been kept."))
    return _page(visit, form, 422 if form.errors else 200)


def _page(visit: Visit, form: KeepForm, status: int = 200) -> HttpResponse:
    board = Board(visit)
    asked = asking.read(visit.request.GET, reader())
    found, longer, everybody = _baselines(board, asked)
    planner = planning.of(asked, found, board.voice)
    shown: dict[str, Any] = {
        "board": board,
        "asked": asked,
        "form": _form(asked, found),
        "known": _known(board, found) if found else [],
        "fault": board.fault(_baseline(board, asked.days, board.controls.where)),
        "keep": form,
    }
    if planner is not None:
        shown |= {
            "headline": planning.headline(planner),
            "meaning": planning.meaning(planner),
            "figure": planning.figure(planner),
            "shares": planning.shares(planner),
            "knows_before": planner.knows_before,
            "helps": list(planning.helps(planner, longer=longer, everybody=everybody)),
            "needed": planning.needed(planner),
        }
    return visit.page("trials/plan.html", status, **shown)


def _baseline(_board: Board, days: int, where: str) -> Question:
    return Question("baseline", (str(days), where))


def _baselines(board: Board, asked: Asked) -> tuple[dict[str, Any] | None, ...]:
    """Return what customers do in the days asked for, in twice as many, and what all of them do."""
    where = board.controls.where
    wanted = [
        _baseline(board, asked.days, where),
        _baseline(board, 2 * asked.days, where),
        _baseline(board, asked.days, ""),
    ]
    if board.is_empty:
        return None, None, None
    board.gather(wanted)
    answers = [board.answer(question) for question in wanted]
    found, longer, everybody = (
        each if isinstance(each, dict) and "bases" in each else None for each in answers
    )
    return found, longer, everybody if where else None


def _known(board: Board, found: dict[str, Any]) -> list[str]:
    """Say what the shop's own customers do without any treatment."""
    voice = board.voice
    said = [
        _("%(n)s customers had ordered within the year before %(day)s.")
        % {"n": voice.count(found["customers"]), "day": voice.say("{day}", day=found["start"])}
    ]
    bases, days = found["bases"], found["days"]
    if "ordered" in bases:
        mean, _deviation, alike = bases["ordered"]
        share = voice.percent(100 * mean, n=found["customers"])
        said.append(
            _("Within the %(days)s days after, %(share)s of them ordered again.")
            % {"days": days, "share": share}
            + _foretold(board, alike)
        )
    if "revenue" in bases:
        mean, deviation, alike = bases["revenue"]
        said.append(
            _("They brought %(mean)s each; the standard deviation is %(deviation)s.")
            % {"mean": voice.money(mean), "deviation": voice.money(deviation)}
            + _foretold(board, alike)
        )
    return said


def _foretold(board: Board, alike: float) -> str:
    if alike < planning.NOTABLE:
        return ""
    said = _("The same time before foretells it with a correlation of %(value)s.")
    return " " + said % {"value": board.voice.number(alike, digits=2)}


def _form(asked: Asked, found: dict[str, Any] | None) -> dict[str, Any]:
    """Return the fields as the form shows them: what was typed stays, also where it is wrong."""
    number = NumberField()
    customers = asked.customers or (found or {}).get("customers")
    return {
        "measures": [
            (name, label, name == asked.measure) for name, label in asking.MEASURES.items()
        ],
        "days": [(days, days == asked.days) for days in asking.DAYS],
        "powers": [(power, power == asked.power_percent) for power in asking.POWERS],
        "reads": [(name, label, name == asked.read) for name, label in asking.READ.items()],
        "customers": customers if asked.customers else "",
        "all": customers or "",
        "control": number.prepare_value(asked.control_percent),
        "share": number.prepare_value(asked.share) if asked.share else "",
        "mean": number.prepare_value(asked.mean) if asked.mean else "",
        "variation": number.prepare_value(asked.variation),
        "fields": asking.FIELDS,
    }

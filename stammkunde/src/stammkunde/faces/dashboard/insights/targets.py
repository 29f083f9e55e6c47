"""The pages of targets: what a metric is to be, how it stands, and the form for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms as fields
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte import metrics, targets
from kohorte.report import periods, targets_view
from kohorte.report.material import Material
from kohorte.report.targets_view import Aim
from kohorte.results import GRAINS, Row
from stammkunde.core import clock
from stammkunde.faces.dashboard import confirming, forms, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.inputs import DayInput, NumberField, metric_choices
from stammkunde.insights.questions import series
from stammkunde.insights.targets import models, queries, services
from stammkunde.insights.targets.models import Target

COLUMNS = (
    lists.Column("metric", gettext_lazy("Metric"), order="metric"),
    lists.Column("value", gettext_lazy("Target"), is_number=True),
    lists.Column("holds", gettext_lazy("Holds for")),
    lists.Column("since", gettext_lazy("From"), order="since"),
    lists.Column("stands", gettext_lazy("How it stands")),
)


@dataclass(frozen=True)
class Shown:
    """A target as a row of the list."""

    target: Target
    name: str
    value: str
    holds: str
    period: str
    now: str
    aim: Aim | None


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show the targets of the shop, and how each stands in the last whole period."""
    board = Board(visit)
    found = queries.of_shop(visit.shop)
    listing = lists.page(found, COLUMNS, visit.request.GET, default="metric")
    slugs = {target.metric for target in listing.rows}
    answers = board.known(series(slug, grain) for slug in slugs for grain in GRAINS)
    board.answers |= answers
    material = board.material()
    rows = [
        row for found in answers.values() for row in found if isinstance(row, Row) and row.complete
    ]
    shown = [_shown(target, rows, material) for target in listing.rows]
    return visit.page("insights/targets.html", listing=listing, rows=shown, board=board)


@page_of_shop("targets.change")
def new(visit: Visit) -> HttpResponse:
    """Set a target."""
    first = clock.today(visit.shop.zone).replace(day=1)
    asked = {"metric": visit.request.GET.get("metric", ""), "since": first}
    form = TargetForm(visit, visit.request.POST or None, initial=asked)

    def work(**said: Any) -> Target:
        return services.add(visit.shop, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("targets", say=_("The target has been set."))
    return visit.page("insights/target.html", 422 if form.errors else 200, form=form)


@page_of_shop("targets.change")
def target(visit: Visit, target: int) -> HttpResponse:
    """Change a target."""
    found = queries.one(visit.shop, target)
    kept = {name: getattr(found, name) for name in ("metric", "grain", "value", "since", "until")}
    form = TargetForm(visit, visit.request.POST or None, initial=kept)

    def work(**said: Any) -> Target:
        return services.change(visit.shop, target, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("targets", say=_("The target has been saved."))
    status = 422 if form.errors else 200
    return visit.page("insights/target.html", status, form=form, target=found)


@page_of_shop("targets.change")
def delete(visit: Visit, target: int) -> HttpResponse:
    """Delete a target."""
    found = queries.one(visit.shop, target)
    board = Board(visit)
    shown = _shown(found, [], board.material())
    question = Question(
        title=_("Delete the target %(value)s of “%(metric)s”?")
        % {"value": shown.value, "metric": shown.name},
        consequences=(_("Cards, charts and coming reports no longer name it. Sent reports stay."),),
        button=_("Delete the target"),
        done=_("The target has been deleted."),
        back="targets",
    )
    return confirming.ask(
        visit, question, lambda: services.delete(visit.shop, target, actor=visit.actor)
    )


def _shown(target: Target, rows: list[Row], material: Material) -> Shown:
    metric = metrics.get(target.metric)
    plain = queries.plain(target)
    fitting = [row for row in rows if targets.of(row, (plain,)) and row.value is not None]
    # Of a target for every length the month is the first to tell.
    wanted = target.grain or "month"
    row = max(
        (row for row in fitting if row.grain == wanted),
        key=lambda row: row.starts_on,
        default=None,
    )
    voice = material.voice
    return Shown(
        target=target,
        name=voice.pick(metric.name),
        value=targets_view.goal_text(plain, metric, material),
        holds=str(dict(models.GRAINS)[target.grain]),
        period=periods.name(row, voice) if row else "",
        now=voice.value(metric.unit, row.value, n=row.n) if row and row.value is not None else "",
        aim=targets_view.beside(row, metric, material) if row else None,
    )


class TargetForm(fields.Form):
    """A target, with what each field decides beside it."""

    metric = fields.ChoiceField(label=gettext_lazy("Metric"))
    value = NumberField(
        label=gettext_lazy("Target"),
        help_text=gettext_lazy(
            "In the unit of the metric: shares in percent, amounts in the currency of the shop. "
            "Whether more or less is better follows from the metric."
        ),
    )
    grain = fields.ChoiceField(
        label=gettext_lazy("Holds for"),
        choices=models.GRAINS,
        required=False,
        help_text=gettext_lazy(
            "Shares and averages can be compared over every length. A sum, such as revenue, "
            "needs one."
        ),
    )
    since = fields.DateField(
        label=gettext_lazy("From"),
        widget=DayInput,
        help_text=gettext_lazy("A period counts when all of its days lie in those of the target."),
    )
    until = fields.DateField(
        label=gettext_lazy("Until"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("The last day. Empty: until you change it."),
    )

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        if isinstance(metric, fields.ChoiceField):
            metric.choices = metric_choices(visit.shop)

"""The pages of annotations: what happened when, found again, written, changed and deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as fields
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte import metrics
from kohorte.report.voice import Voice
from stammkunde.core import clock
from stammkunde.faces.dashboard import confirming, forms, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.insights import happened
from stammkunde.faces.dashboard.insights.inputs import DayInput, metric_choices
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights.annotations import queries, services
from stammkunde.insights.annotations.models import TEXT_MAX, Annotation

COLUMNS = (
    lists.Column("day", gettext_lazy("Day"), order="starts_on"),
    lists.Column("text", gettext_lazy("What happened")),
    lists.Column("metric", gettext_lazy("Metric"), order="metric"),
)


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show what happened, the latest first, or what holds the words that are looked for."""
    words = visit.request.GET.get("q", "").strip()[:TEXT_MAX]
    found = queries.of_shop(visit.shop, words=words)
    listing = lists.page(found, COLUMNS, visit.request.GET, default="-day")
    voice = Voice(reader(), visit.shop.currency)
    rows = [(one, happened.when(one), _metric(one, voice)) for one in listing.rows]
    return visit.page("insights/annotations.html", listing=listing, rows=rows, words=words)


@page_of_shop("targets.change")
def new(visit: Visit) -> HttpResponse:
    """Write down what happened."""
    asked = visit.request.GET
    metric = asked.get("metric", "") if asked.get("metric", "") in metrics.every() else ""
    given = {"starts_on": _day(asked.get("day", "")) or clock.today(visit.shop.zone)}
    form = AnnotationForm(visit, visit.request.POST or None, initial=given)

    def work(**said: Any) -> Annotation:
        return services.add(visit.shop, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        if metric:
            return visit.go("metrics_metric", metric, say=_("The annotation has been saved."))
        return visit.go("annotations", say=_("The annotation has been saved."))
    back = _back(visit, metric)
    status = 422 if form.errors else 200
    return visit.page("insights/annotation.html", status, form=form, back=back)


@page_of_shop("targets.change")
def annotation(visit: Visit, annotation: int) -> HttpResponse:
    """Change what is written of a day."""
    found = queries.one(visit.shop, annotation)
    kept = {
        "starts_on": found.starts_on,
        "ends_on": found.ends_on if found.ends_on != found.starts_on else None,
        "text": found.text,
        "metric": found.metric,
    }
    form = AnnotationForm(visit, visit.request.POST or None, initial=kept)

    def work(**said: Any) -> Annotation:
        return services.change(visit.shop, annotation, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("annotations", say=_("The annotation has been saved."))
    return visit.page(
        "insights/annotation.html",
        422 if form.errors else 200,
        form=form,
        annotation=found,
        back=_back(visit, ""),
    )


@page_of_shop("targets.change")
def delete(visit: Visit, annotation: int) -> HttpResponse:
    """Delete what is written of a day."""
    found = queries.one(visit.shop, annotation)
    question = Question(
        title=_("Delete “%(text)s”?") % {"text": found.text},
        consequences=(
            _("Charts, tables and coming reports no longer show it. Sent reports stay."),
        ),
        button=_("Delete the annotation"),
        done=_("The annotation has been deleted."),
        back="annotations",
    )
    return confirming.ask(
        visit, question, lambda: services.delete(visit.shop, annotation, actor=visit.actor)
    )


def _back(visit: Visit, metric: str) -> str:
    if metric:
        return reverse("metrics_metric", args=[visit.shop.slug, metric])
    return reverse("annotations", args=[visit.shop.slug])


def _metric(one: Annotation, voice: Voice) -> str:
    metric = metrics.every().get(one.metric)
    return voice.pick(metric.name) if metric else _("all metrics")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class AnnotationForm(fields.Form):
    """A day or some days, what happened, and which metric remembers it."""

    text = fields.CharField(
        label=gettext_lazy("What happened"),
        max_length=TEXT_MAX,
        help_text=gettext_lazy("Short, as it is to stand beside numbers: site relaunch."),
    )
    starts_on = fields.DateField(label=gettext_lazy("Day"), widget=DayInput)
    ends_on = fields.DateField(
        label=gettext_lazy("Last day"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("Where it took more than a day, such as a sale."),
    )
    metric = fields.ChoiceField(
        label=gettext_lazy("Metric"),
        required=False,
        help_text=gettext_lazy("Where it concerns one metric only."),
    )

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        if isinstance(metric, fields.ChoiceField):
            metric.choices = metric_choices(visit.shop, empty=_("all metrics"))

"""What runs in the background: how far it is, when it will be done, why it failed."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import queries, services
from stammkunde.core.jobs.models import STATES
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.templatetags.formats import number

COLUMNS = (
    lists.Column("what", gettext_lazy("Job")),
    lists.Column("state", gettext_lazy("State")),
    lists.Column("progress", gettext_lazy("Progress")),
    lists.Column("made", gettext_lazy("Since"), order="made_at"),
    lists.Column("action"),
)


@page_of_shop("jobs.manage")
def jobs(visit: Visit) -> HttpResponse:
    """Show the jobs of the shop, newest first; the page asks again as long as one runs."""
    form = Filter(visit.request.GET)
    found = queries.of_shop(visit.shop, state=form.chosen)
    listing = lists.page(found, COLUMNS, visit.request.GET)
    lines = [(line, left(line.seconds_left)) for line in queries.lines(listing.rows)]
    is_busy = queries.is_busy(visit.shop)
    return visit.page("jobs.html", listing=listing, lines=lines, form=form, is_busy=is_busy)


@page_of_shop("jobs.manage")
def cancel(visit: Visit, job: int) -> HttpResponse:
    """Cancel a job; it can be tried again, so nobody is asked twice."""
    return _do(
        visit,
        lambda: services.cancel(visit.shop, job, actor=visit.actor),
        _("The job is being cancelled. What it has done so far stays."),
    )


@page_of_shop("jobs.manage")
def retry(visit: Visit, job: int) -> HttpResponse:
    """Let a job begin again."""
    return _do(
        visit,
        lambda: services.retry(visit.shop, job, actor=visit.actor),
        _("The job begins again in a moment."),
    )


def _do(visit: Visit, work: Callable[[], object], say: str) -> HttpResponse:
    if visit.request.method != "POST":
        return visit.go("jobs")
    try:
        work()
    except NotFound:
        raise
    except Refused as refused:
        messages.error(visit.request, str(refused))
        return visit.go("jobs")
    return visit.go("jobs", say=say)


def left(seconds: int | None) -> str:
    """Return how long something will take, as exactly as one can know it."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:
        words = ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes)
        return words % {"n": number(minutes)}
    hours = round(minutes / 60)
    words = ngettext("about %(n)s hour left", "about %(n)s hours left", hours)
    return words % {"n": number(hours)}


class Filter(forms.Form):
    """Jobs in one state; what cannot be understood does not limit."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *STATES],
    )

    @property
    def chosen(self) -> str:
        """The state asked for."""
        return str(self.cleaned_data.get("state", "")) if self.is_valid() else ""

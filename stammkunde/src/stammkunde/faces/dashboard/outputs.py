"""The pages of scheduled exports: which numbers go into files how often, and the files themselves."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import services as jobs
from stammkunde.core.people.models import Person
from stammkunde.faces.dashboard import confirming, forms, lists, outputs_work
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.insights.inputs import metric_choices
from stammkunde.faces.dashboard.monthly import mailing
from stammkunde.faces.dashboard.templatetags.formats import day
from stammkunde.insights.monthly.queries import members
from stammkunde.insights.outputs import files, models, queries, services
from stammkunde.insights.outputs.models import KEPT_MAX, MADE, Schedule

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = (
    lists.Column("name", gettext_lazy("Export"), order="name"),
    lists.Column("rhythm", gettext_lazy("Rhythm"), order="rhythm"),
    lists.Column("format", gettext_lazy("Format")),
    lists.Column("last", gettext_lazy("Last file")),
)
FILE_COLUMNS = (
    lists.Column("day", gettext_lazy("Day"), order="due_on"),
    lists.Column("state", gettext_lazy("State")),
    lists.Column("rows", gettext_lazy("Rows"), is_number=True),
    lists.Column("bytes", gettext_lazy("Size"), is_number=True),
    lists.Column("action"),
)


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show the scheduled exports, each with its last file."""
    listing = lists.page(queries.of_shop(visit.shop), COLUMNS, visit.request.GET, default="name")
    rows = [(schedule, queries.files(schedule).first()) for schedule in listing.rows]
    return visit.page("outputs/list.html", listing=listing, rows=rows)


@page_of_shop("reports.manage")
def new(visit: Visit) -> HttpResponse:
    """Schedule an export."""
    form = ScheduleForm(visit, visit.request.POST or None, initial={"kept": 12, "grain": "month"})

    def work(**said: Any) -> Schedule:
        said["address"] = mailing.address_of(visit.request)
        return services.add(visit.shop, actor=visit.actor, **said)

    if made := forms.submit(visit.request, form, work):
        _make(visit, made)
        return visit.go(
            "outputs_output", made.pk, say=_("The export is scheduled; its first file is made now.")
        )
    return visit.page("outputs/form.html", 422 if form.errors else 200, form=form)


@page_of_shop("metrics.read")
def output(visit: Visit, output: int) -> HttpResponse:
    """Show a scheduled export and its files."""
    schedule = queries.one(visit.shop, output)
    found = queries.files(schedule)
    listing = lists.page(found, FILE_COLUMNS, visit.request.GET, default="-day")
    return visit.page("outputs/output.html", schedule=schedule, listing=listing, rows=listing.rows)


@page_of_shop("reports.manage")
def change(visit: Visit, output: int) -> HttpResponse:
    """Change a scheduled export."""
    schedule = queries.one(visit.shop, output)
    names = ("name", "metrics", "grain", "format", "rhythm", "kept", "is_paused")
    kept = {name: getattr(schedule, name) for name in names} | {"told": schedule.told_id}
    form = ScheduleForm(visit, visit.request.POST or None, initial=kept)

    def work(**said: Any) -> Schedule:
        said["address"] = mailing.address_of(visit.request)
        return services.change(visit.shop, output, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("outputs_output", output, say=_("The export has been saved."))
    status = 422 if form.errors else 200
    return visit.page("outputs/form.html", status, form=form, schedule=schedule)


@page_of_shop("reports.manage")
def make(visit: Visit, output: int) -> HttpResponse:
    """Have the file of the last due day made now, anew if there is one."""
    schedule = queries.one(visit.shop, output)
    if visit.request.method == "POST":
        _make(visit, schedule)
        return visit.go("outputs_output", output, say=_("The file is being made."))
    return visit.go("outputs_output", output)


@page_of_shop("reports.manage")
def delete(visit: Visit, output: int) -> HttpResponse:
    """Delete a scheduled export with its files."""
    schedule = queries.one(visit.shop, output)
    question = Question(
        title=_("Delete the export “%(name)s”?") % {"name": schedule.name},
        consequences=(
            _(
                "All of its files are deleted with it, and links to them end. This cannot be undone."
            ),
            _("To stop it and keep the files, pause it instead."),
        ),
        button=_("Delete the export"),
        done=_("The export has been deleted."),
        back="outputs",
    )
    return confirming.ask(
        visit, question, lambda: services.delete(visit.shop, output, actor=visit.actor)
    )


@page_of_shop("metrics.read")
def file(visit: Visit, file: int) -> HttpResponseBase:
    """Send a file."""
    found = queries.file(visit.shop, file)
    where = files.path(found)
    if found.state != MADE or not where.is_file():
        raise NotFound(_("There is no such file."), name="output.unknown_file")
    return FileResponse(
        where.open("rb"),
        as_attachment=True,
        filename=f"{visit.shop.slug}-{found.name}",
        content_type=TYPES[found.schedule.format],
        headers={"Cache-Control": "private, no-store"},
    )


@page_of_shop("reports.manage")
def delete_file(visit: Visit, file: int) -> HttpResponse:
    """Delete one file."""
    found = queries.file(visit.shop, file)
    question = Question(
        title=_("Delete the file of %(day)s?") % {"day": day(found.due_on)},
        consequences=(_("The export goes on; this file is gone for good."),),
        button=_("Delete the file"),
        done=_("The file has been deleted."),
        back="outputs_output",
        of=(found.schedule_id,),
    )
    return confirming.ask(
        visit, question, lambda: services.delete_file(visit.shop, file, actor=visit.actor)
    )


def _make(visit: Visit, schedule: Schedule) -> None:
    jobs.enqueue(
        outputs_work.ONE,
        args={"output": schedule.pk},
        shop_id=visit.shop.pk,
        key=f"output:{schedule.pk}",
        actor=visit.actor,
    )


class ScheduleForm(fields.Form):
    """Which numbers, how often, as what, and who is told."""

    name = fields.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("As the list calls it: Numbers for the tax adviser."),
    )
    metrics = fields.MultipleChoiceField(
        label=gettext_lazy("Metrics"),
        required=False,
        widget=fields.SelectMultiple({"size": 8}),
        help_text=gettext_lazy(
            "Choose several with Ctrl or ⌘. None chosen: all that your data tell."
        ),
    )
    grain = fields.ChoiceField(label=gettext_lazy("Period length"), choices=models.GRAINS)
    format = fields.ChoiceField(
        label=gettext_lazy("Format"), choices=models.FORMATS, widget=fields.RadioSelect,
        initial="csv",
    )  # fmt: skip
    rhythm = fields.ChoiceField(
        label=gettext_lazy("Rhythm"),
        choices=models.RHYTHMS,
        initial="monthly",
        help_text=gettext_lazy("In the morning, once the numbers are current."),
    )
    kept = fields.IntegerField(
        label=gettext_lazy("Files to keep"),
        min_value=1,
        max_value=KEPT_MAX,
        help_text=gettext_lazy("Older ones are deleted by themselves."),
    )
    told = fields.TypedChoiceField(
        label=gettext_lazy("Tell by mail"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy(
            "A link to each new file, never the data. Only whoever may sign in can open it."
        ),
    )
    is_paused = fields.BooleanField(
        label=gettext_lazy("Pause"),
        required=False,
        help_text=gettext_lazy("No new files; those that there are stay."),
    )

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {person.pk: person for person in members(visit.shop)}
        choices: dict[str, list[tuple[Any, Any]]] = {
            "metrics": metric_choices(visit.shop),
            "told": [("", _("nobody")), *((key, str(one)) for key, one in self.members.items())],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, fields.ChoiceField):
                field.choices = offered

    def clean_told(self) -> Person | None:
        """Return who is told."""
        return self.members.get(self.cleaned_data["told"] or 0)

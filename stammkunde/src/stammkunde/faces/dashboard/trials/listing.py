"""The trials of a shop: listed, searched and sorted, and a new one sent as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as fields
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from stammkunde.core.shops import queries as shops
from stammkunde.faces import spool
from stammkunde.faces.dashboard import forms, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports.new import too_large
from stammkunde.faces.dashboard.templatetags.imports import size
from stammkunde.insights.trials import queries, services
from stammkunde.insights.trials.models import NAME_MAX, STATES, VERDICTS, Trial

SIZE = 25
COLUMNS = (
    lists.Column("name", _("Trial"), order="name"),
    lists.Column("verdict", _("Result"), order="verdict"),
    lists.Column("customers", _("Customers"), order="customers", is_number=True, may_be_empty=True),
    lists.Column("made", _("Planned or sent"), order="made_at"),
)
TONES = {"better": "is-good", "worse": "is-bad", "off": "is-warning"}


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show the trials of the shop, newest first, and above them one that was just deleted."""
    asked = visit.request.GET
    name, verdict = asked.get("name", "").strip()[:NAME_MAX], asked.get("verdict", "")
    state = asked.get("state", "")
    found = queries.of_shop(visit.shop, name=name, verdict=verdict, state=state)
    listing = lists.page(found, COLUMNS, asked, default="-made", size=SIZE)
    gone = lists.number(asked.get("gone", ""))
    return visit.page(
        "trials/list.html",
        listing=listing,
        lines=_lines(listing.rows),
        name=name,
        verdicts=[(key, label, key == verdict) for key, label in VERDICTS],
        states=[(key, label, key == state) for key, label in queries.SHOWN],
        is_narrowed=bool(name or verdict or state),
        gone=queries.deleted(visit.shop, gone) if gone else None,
    )


def _lines(found: Sequence[Trial]) -> list[tuple[Trial, str, Any]]:
    """Return trials with the color and the words of their result, or else of their state."""
    return [
        (
            trial,
            TONES.get(trial.verdict, ""),
            trial.get_verdict_display() if trial.verdict else state(trial),
        )
        for trial in found
    ]


def state(trial: Trial) -> Any:
    """Return the state of a trial today, in words."""
    return {**dict(STATES), **dict(queries.SHOWN)}[queries.state(trial)]


@csrf_exempt
@page_of_shop("data.import")
def new(visit: Visit) -> HttpResponseBase:
    """Take the file of a trial; whoever is no member is refused before a byte of it is read."""
    return spool.taken(
        visit.request,
        lambda: _take(visit),
        lambda fault, status: _show(visit, UploadForm(), status, fault=fault),
        too_large=too_large(),
    )


def _take(visit: Visit) -> HttpResponse:
    is_sent = visit.request.method == "POST"
    form = UploadForm(visit.request.POST, visit.request.FILES) if is_sent else UploadForm()
    planned = _planned(visit)
    if planned:
        # What is planned has its name already.
        del form.fields["name"]

    def work(*, upload: UploadedFile, name: str = "") -> Trial:
        # Whoever left the team while the file came in leaves none here.
        shops.require(visit.person, visit.shop.slug, "data.import")
        content: Any = upload
        return services.receive(
            visit.shop,
            name,
            upload.name or "",
            content,
            actor=visit.actor,
            planned=planned.pk if planned else None,
        )

    if found := forms.submit(visit.request, form, work):
        return visit.go("trials_trial", found.pk)
    return _show(visit, form, 422 if form.errors else 200)


def _show(visit: Visit, form: fields.Form, status: int, *, fault: str = "") -> HttpResponse:
    limit = size(settings.UPLOAD_BYTES_MAX)
    planned = _planned(visit)
    if planned:
        form.fields.pop("name", None)
    return visit.page(
        "trials/new.html", status, form=form, fault=fault, limit=limit, planned=planned
    )


def _planned(visit: Visit) -> Trial | None:
    """Return the planned trial that the address names."""
    number = lists.number(visit.request.GET.get("plan", ""))
    return queries.one(visit.shop, number) if number else None


class UploadForm(forms.Once):
    """The file of a trial, and what the trial is called."""

    upload = fields.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "One row per customer with the group they were in: CSV, Excel, JSON or Parquet."
        ),
    )
    name = fields.CharField(
        label=_("Name"),
        max_length=NAME_MAX,
        required=False,
        help_text=_("What it was about, such as “Voucher in May”. Empty: the name of the file."),
    )

"""Send files: one or several, with progress where the browser runs our script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as fields
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from stammkunde.core.shops import queries
from stammkunde.faces import spool
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports import history
from stammkunde.faces.dashboard.templatetags.imports import size
from stammkunde.features.imports import rules, services
from stammkunde.features.imports.services import Received


@csrf_exempt
@page_of_shop("data.import")
def new(visit: Visit) -> HttpResponseBase:
    """Take files; whoever is no member is refused before a byte of them is read."""
    return spool.taken(
        visit.request,
        lambda: _take(visit),
        lambda fault, status: _again(visit, fault, status),
        too_large=too_large(),
    )


def _take(visit: Visit) -> HttpResponse:
    is_sent = visit.request.method == "POST"
    form = (
        UploadForm(visit.request.POST, visit.request.FILES)
        if is_sent
        else UploadForm(initial={"channel": "shop"})
    )
    if not (
        received := forms.submit(visit.request, form, lambda **given: _receive(visit, **given))
    ):
        return _show(visit, form, 422 if form.errors else 200)
    return _lead(visit, received)


def _receive(visit: Visit, *, uploads: Sequence[UploadedFile], channel: str) -> Received:
    # Whoever left the team while the files came in leaves none here.
    queries.require(visit.person, visit.shop.slug, "data.import")
    files: list[Any] = [(file.name or "", file) for file in uploads]
    received = services.receive(
        visit.shop, files, actor=visit.actor, source=channel.strip() or "shop"
    )
    if not received.is_again:
        services.start_look(received.import_, actor=visit.actor)
    return received


def _lead(visit: Visit, received: Received) -> HttpResponse:
    """Lead to the import; our script is told where, as it follows no address by itself."""
    number = received.import_.pk
    address = reverse("imports_import", args=[visit.shop.slug, number])
    address += "?again" if received.is_again else ""
    if visit.request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": address})
    answer = HttpResponse(status=303)
    answer["Location"] = address
    return answer


def _again(visit: Visit, fault: str, status: int) -> HttpResponse:
    form = UploadForm(initial={"channel": "shop"})
    return _show(visit, form, status, fault=fault)


def _show(visit: Visit, form: UploadForm, status: int, *, fault: str = "") -> HttpResponse:
    return visit.page(
        "imports/new.html",
        status,
        form=form,
        fault=fault,
        bytes_max=settings.UPLOAD_BYTES_MAX,
        limit=size(settings.UPLOAD_BYTES_MAX),
        too_large=too_large(),
        files_max=rules.FILES_MAX,
        **history.beginning(),
    )


def too_large() -> str:
    """Return the sentence for files that weigh too much."""
    limit = size(settings.UPLOAD_BYTES_MAX)
    return _(
        "Together the files are larger than %(limit)s. Nothing was kept. Send them one after the "
        "other, or compress them as .gz or .zip."
    ) % {"limit": limit}


class _Several(fields.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(fields.FileField):
    """One or several files."""

    widget = _Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files; none is refused."""
        found = [each for each in data or [] if each] if isinstance(data, list) else [data]
        if not any(found):
            raise fields.ValidationError(_("Choose at least one file."))
        # An empty file and a wrong number of them are refused by the import itself.
        return found


class UploadForm(fields.Form):
    """Which files, and from which channel they are."""

    uploads = FilesField(label=gettext_lazy("Files"))
    channel = fields.CharField(
        label=gettext_lazy("Channel"),
        help_text=gettext_lazy(
            "Numbers of orders and customers count within a channel. Write another word for another "
            "shop system or a marketplace."
        ),
        max_length=40,
        required=False,
    )

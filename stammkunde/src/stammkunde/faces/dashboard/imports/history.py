"""All imports of a shop, and the example files to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy

from kohorte import templates
from kohorte.reading import LAYOUTS
from stammkunde.faces import exports
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports import words
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.features.imports import queries, rules
from stammkunde.features.imports.models import Import

SIZE = 25
COLUMNS = (
    lists.Column("files", gettext_lazy("Files")),
    lists.Column("state", gettext_lazy("State"), order="state"),
    lists.Column("rows", gettext_lazy("Rows"), is_number=True),
    lists.Column("at", gettext_lazy("Uploaded"), order="uploaded_at"),
    lists.Column("who", gettext_lazy("By")),
)
# Data about test shops of science, which nobody exports from a shop.
NOT_A_SHOP = ("online_retail", "online_retail_ii", "cdnow")


@dataclass(frozen=True)
class Line:
    """An import as the list shows it."""

    import_: Import
    title: str
    more: int
    rows: int | None
    skipped: int
    who: str
    tone: str


@page_of_shop("data.import")
def imports(visit: Visit) -> HttpResponse:
    """Show the imports of the shop, newest first."""
    found = queries.history(visit.shop)
    listing = lists.page(found, COLUMNS, visit.request.GET, size=SIZE)
    return visit.page(
        "imports/history.html", listing=listing, lines=_lines(listing.rows), **beginning()
    )


@page_of_shop("data.import")
def template(visit: Visit, table: str) -> HttpResponse:
    """Send an example file in the language of whoever asks."""
    if table not in templates.TEMPLATES:
        raise Http404("There is no such table.")
    return HttpResponse(
        f"{exports.MARK}{words.example(table)}",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{words.file_name(table)}.csv"'},
    )


def beginning() -> dict[str, Any]:
    """Return what somebody who begins should know: example files, and systems whose exports are known."""
    return {
        "tables": [
            (name, words.KINDS[name], each.table.meaning.render(reader()))
            for name, each in templates.TEMPLATES.items()
        ],
        "systems": sorted({words.system(each) for each in LAYOUTS if each.slug not in NOT_A_SHOP}),
    }


def _lines(found: Sequence[Import]) -> list[Line]:
    names = words.actors(found)
    return [_line(import_, names) for import_ in found]


def _line(import_: Import, names: words.Actors) -> Line:
    files = sorted(import_.files.all(), key=lambda file: file.place)
    return Line(
        import_=import_,
        title=files[0].name if files else str(import_.pk),
        more=len(files) - 1,
        rows=import_.understood.get("rows_read"),
        skipped=0 if import_.state == "failed" else rules.skipped(import_.understood),
        who=names.of(import_.actor_kind, import_.actor_id),
        tone=words.TONES.get(import_.state, ""),
    )

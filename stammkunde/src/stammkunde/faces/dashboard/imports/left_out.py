"""The rows of an import that do not count: a list with their place and reason, and the same as a file."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kohorte.reading import unread
from stammkunde.core.errors import NotFound
from stammkunde.faces import exports
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports import words
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.features.imports import planning, previews, queries
from stammkunde.features.imports.models import Import

SIZE = 50
START_MAX = 10_000_000


@page_of_shop("data.import")
def left_out(visit: Visit, number: int) -> HttpResponse:
    """Show the rows that do not count, of one reason or of all."""
    import_ = _read(visit, number)
    reasons = {one["reason"]: words.said(one["name"]) for one in import_.understood["excluded"]}
    reason = _reason(visit, reasons)
    start = _start(visit.request.GET.get("start", ""))
    rows = previews.left_out(import_, reason=reason, start=start, size=SIZE + 1)
    return visit.page(
        "imports/left_out.html",
        import_=import_,
        reasons=reasons,
        reason=reason,
        rows=[_row(row, import_, reasons) for row in rows[:SIZE]],
        start=start,
        before=max(start - SIZE, 0) or None,
        after=start + SIZE if len(rows) > SIZE else None,
    )


@page_of_shop("data.import")
def file(visit: Visit, number: int) -> HttpResponseBase:
    """Send the rows that do not count, of one reason or of all, as a file for a spreadsheet."""
    import_ = _read(visit, number)
    reason = _reason(visit, {one["reason"] for one in import_.understood["excluded"]})
    rows = planning.left_out(import_, language=reader(), reason=reason)
    return exports.csv_file(f"{visit.shop.slug}-import-{import_.pk}", rows)


def _read(visit: Visit, number: int) -> Import:
    import_ = queries.one(visit.shop, number)
    if not import_.understood.get("excluded") or not previews.is_there(import_):
        raise NotFound(_("What this import left out is no longer kept."), name="import.not_kept")
    return import_


def _reason(visit: Visit, known: Container[str]) -> str:
    """Return the reason that is asked for; none where there is no such."""
    reason = visit.request.GET.get("reason", "")
    return reason if reason in known else ""


def _start(text: str) -> int:
    return lists.number(text, most=START_MAX) or 0


def _row(row: previews.LeftOut, import_: Import, reasons: dict[str, str]) -> dict[str, Any]:
    return {
        "file": row.file,
        "line": row.line,
        "reason": reasons.get(row.reason, row.reason),
        "order": row.order or "",
        "amount": formats.money(row.amount_minor, import_.shop.currency),
        "column": row.column,
        "cell": row.cell,
        "why": unread.WHY[row.why].render(reader()) if row.why else "",
    }

"""Questions in SQL: asked, looked at page by page, sent as files, cancelled and forgotten."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import OPEN as OPEN_JOBS
from stammkunde.faces.dashboard import forms, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.explore import faults, sheets
from stammkunde.faces.dashboard.explore import views as saved
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights.sql import results, services, statements, tables
from stammkunde.insights.sql.child import PAGE
from stammkunde.insights.sql.models import DONE, OPEN, Query


class QueryForm(fields.Form):
    """The text of a question."""

    text = fields.CharField(
        label=gettext_lazy("Query"),
        max_length=statements.TEXT_MAX,
        widget=fields.Textarea(
            {"rows": 8, "class": "code", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


@page_of_shop("sql.ask")
def queries(visit: Visit) -> HttpResponse:
    """Show the tables and what was asked before, and take a question."""
    sent = visit.request.POST if visit.request.method == "POST" else None
    form = QueryForm(sent, initial={"text": _begun(visit)})

    def work(text: str) -> Query:
        return services.ask(visit.shop, visit.person, text, actor=visit.actor)

    if made := forms.submit(visit.request, form, work):
        return visit.go("queries_query", made.pk)
    return visit.page("explore/sql.html", 422 if form.errors else 200, form=form, **_beside(visit))


@page_of_shop("sql.ask")
def query(visit: Visit, query: int) -> HttpResponse:
    """Show what became of a question: its rows, why there are none, or that they are coming."""
    found = services.one(visit.shop, visit.person, query)
    told: dict[str, Any] = {"form": QueryForm(initial={"text": found.text}), "query": found}
    line = jobs.latest(visit.shop, key=services.key(found)) if found.state == OPEN else None
    if line and line.job.state in OPEN_JOBS:
        told["waiting"] = line
    elif found.state == OPEN:
        told["fault"] = faults.FAULTS["crash"]
    elif found.fault:
        told["fault"] = faults.sentence(found)
    if found.state == DONE:
        told |= _page(visit, found)
    return visit.page("explore/sql.html", **told, **_beside(visit))


@page_of_shop("sql.ask")
def file(visit: Visit, query: int, kind: str) -> HttpResponseBase:
    """Send all rows that were kept."""
    found = services.one(visit.shop, visit.person, query)
    folder = services.folder(visit.shop.pk, found.pk)
    if found.state != DONE or kind not in sheets.KINDS or not (folder / results.ROWS).exists():
        raise Http404("There is no such file.")
    services.note_export(found, kind, actor=visit.actor)
    name = f"{visit.shop.slug}-query-{found.pk}"
    if kind == "parquet":
        return FileResponse(
            (folder / results.PARQUET).open("rb"), as_attachment=True, filename=f"{name}.parquet"
        )
    return sheets.csv(name, found, folder) if kind == "csv" else sheets.json(name, found, folder)


@page_of_shop("sql.ask")
def cancel(visit: Visit, query: int) -> HttpResponse:
    """Stop answering a question."""
    found = services.one(visit.shop, visit.person, query)
    if visit.request.method == "POST":
        services.cancel(found, actor=visit.actor)
    return visit.go("queries_query", found.pk)


@page_of_shop("sql.ask")
def forget(visit: Visit, query: int) -> HttpResponse:
    """Delete a question with its result."""
    found = services.one(visit.shop, visit.person, query)
    if visit.request.method != "POST":
        return visit.go("queries_query", found.pk)
    services.forget(found, actor=visit.actor)
    return visit.go("queries", say=_("The query has been deleted."))


def _begun(visit: Visit) -> str:
    """Return the text to begin with: an example, a saved one, or that of a table."""
    asked = visit.request.GET
    if number := lists.number(asked.get("view", "")):
        return saved.text_of(visit, number)
    example = lists.number(asked.get("example", ""), most=len(tables.EXAMPLES) - 1)
    if example is not None:
        return tables.EXAMPLES[example].text
    if asked.get("table") in tables.names():
        return f"SELECT *\nFROM {asked['table']}\nLIMIT 100"
    return ""


def _beside(visit: Visit) -> dict[str, Any]:
    """Return what stands beside the question: tables, examples, and what was asked before."""
    language = reader()
    shown = [
        (
            table,
            table.meaning.render(language),
            [
                (each, each.meaning.render(language) if each.meaning else "")
                for each in table.columns
            ],
        )
        for table in tables.every()
    ]
    return {
        "tables": shown,
        "examples": [
            (number, example.label.render(language))
            for number, example in enumerate(tables.EXAMPLES)
        ],
        "asked": services.of_person(visit.shop, visit.person)[:20],
    }


def _page(visit: Visit, found: Query) -> dict[str, Any]:
    """Return a page of rows with their heads; nothing where the file is gone."""
    folder = services.folder(visit.shop.pk, found.pk)
    pages = max(1, -(-found.rows // PAGE))
    number = lists.number(visit.request.GET.get("page", ""), most=pages) or 1
    rows = results.page(folder, found.offsets, number)
    is_number = [bool(results.NUMBERS.match(type_)) for _name, type_ in found.columns]
    return {
        "heads": [
            (name, type_, right)
            for (name, type_), right in zip(found.columns, is_number, strict=True)
        ],
        "rows": [list(zip(row, is_number, strict=True)) for row in rows],
        "is_gone": not rows and found.rows > 0,
        "number": number,
        "pages": pages,
        "before": number - 1 if number > 1 else None,
        "next": number + 1 if number < pages else None,
        "most": found.rows,
    }

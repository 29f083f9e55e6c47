"""Files into the records: sent, looked at, answered, published, undone."""

from __future__ import annotations

from typing import Any, Literal

from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body, File, Form, Query, Router, UploadedFile

from kohorte.reading import unread
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import queries as jobs
from stammkunde.faces import exports
from stammkunde.faces.api import jobs_of_shop, paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.models_of_imports import (
    Answers,
    Begun,
    LeftOut,
    LeftOutFilter,
    LeftOutRows,
    OneImport,
    Publication,
    Received,
    Sent,
    ShownImport,
)
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.features.imports import planning, previews, queries, rules, services
from stammkunde.features.imports.models import Import

router = Router(tags=["imports"])
VERBS = {"publishing": "publish", "published": "publish", "undoing": "undo", "undone": "undo"}


@read(router, "/imports", "data.import", Page[ShownImport], summary=N("List imports"))
def list_imports(visit: Visit, asked: Query[Asked]) -> Answer:
    """Tell the imports of the shop, newest first."""
    return paging.page(visit, queries.history(visit.shop), asked, _short, sort="-id")


@read(router, "/imports/{import_id}", "data.import", OneImport, summary=N("Read an import"))
def read_import(visit: Visit, import_id: Id) -> Answer:
    """Tell how far an import is, what it asks and what it would change."""
    return Answer(_whole(visit, queries.one(visit.shop, import_id)))


@write(
    router, "POST", "/imports", "data.import", {200: Received, 201: Received},
    summary=N("Send files for an import"), repeats=True,
)  # fmt: skip
def send_files(visit: Visit, files: File[list[UploadedFile]], said: Form[Sent]) -> Answer:
    """Keep files and have them looked at; the same bytes again change nothing."""
    received = services.receive(
        visit.shop,
        [(file.name or "", file) for file in files],  # type: ignore[misc]  # read as they are
        actor=visit.actor,
        source=said.source,
    )
    if said.skip_bad_rows and received.import_.state in services.LOOKABLE:
        services.skip_bad_rows(received.import_, True, actor=visit.actor)
        services.start_look(received.import_, actor=visit.actor)
    elif not received.is_again:
        services.start_look(received.import_, actor=visit.actor)
    found = {**_begun(visit, received.import_), "is_again": received.is_again}
    return Answer(
        found,
        status=200 if received.is_again else 201,
        headers={"Location": f"{visit.request.path}/{received.import_.pk}"},
    )


@write(
    router, "POST", "/imports/{import_id}/answers", "data.import", {202: Begun},
    summary=N("Answer what files leave open"),
)  # fmt: skip
def answer_import(visit: Visit, import_id: Id, said: Body[Answers]) -> Answer:
    """Keep answers, and have the files looked at again."""
    import_ = queries.one(visit.shop, import_id)
    if not said.answers and said.skip_bad_rows is None:
        raise Refused(_("Say at least one thing about the files."), name="import.answer")
    if said.answers:
        import_ = services.answer(import_, said.answers, actor=visit.actor)
    if said.skip_bad_rows is not None:
        import_ = services.skip_bad_rows(import_, said.skip_bad_rows, actor=visit.actor)
    services.start_look(import_, actor=visit.actor)
    return Answer(_begun(visit, import_), status=202)


@write(
    router, "POST", "/imports/{import_id}/publication", "data.import", {202: Begun},
    summary=N("Publish an import"),
)  # fmt: skip
def publish_import(visit: Visit, import_id: Id, said: Body[Publication]) -> Answer:
    """Let the rows of an import count, in the background."""
    import_ = services.start_publishing(
        queries.one(visit.shop, import_id),
        actor=visit.actor,
        despite_questions=said.despite_questions,
    )
    return Answer(_begun(visit, import_), status=202)


@write(
    router, "POST", "/imports/{import_id}/undoing", "data.import", {202: Begun},
    summary=N("Undo an import"),
)  # fmt: skip
def undo_import(visit: Visit, import_id: Id) -> Answer:
    """Take an import back, in the background."""
    import_ = services.start_undoing(queries.one(visit.shop, import_id), actor=visit.actor)
    return Answer(_begun(visit, import_), status=202)


@read(
    router, "/imports/{import_id}/left-out", "data.import", LeftOutRows,
    summary=N("List the rows of an import that do not count"),
)  # fmt: skip
def list_left_out(visit: Visit, import_id: Id, asked: Query[LeftOutFilter]) -> Answer:
    """Tell the rows that do not count, with their place and reason."""
    found = previews.left_out(
        _read(visit, import_id), reason=asked.reason, start=asked.start, size=asked.limit
    )
    return Answer({"data": [_left_out(row) for row in found]})


@read(
    router, "/imports/{import_id}/left-out.csv", "data.import", str,
    summary=N("Download the rows of an import that do not count"),
)  # fmt: skip
def download_left_out(visit: Visit, import_id: Id) -> HttpResponseBase:
    """Send the rows that do not count as a file for a spreadsheet."""
    import_ = _read(visit, import_id)
    rows = planning.left_out(import_, language=_language())
    return exports.csv_file(f"{visit.shop.slug}-import-{import_.pk}", rows)


def _begun(visit: Visit, import_: Import) -> dict[str, Any]:
    """Return how far an import is; no word of its files, as answers to writes are kept."""
    return {"id": import_.pk, "state": import_.state, "job": _job(visit, import_)}


def _job(visit: Visit, import_: Import) -> dict[str, Any] | None:
    verb = VERBS.get(import_.state, "look")
    line = jobs.latest(visit.shop, key=f"import:{import_.pk}:{verb}")
    return jobs_of_shop.show(line.job) if line else None


def _read(visit: Visit, import_id: int) -> Import:
    import_ = queries.one(visit.shop, import_id)
    if not previews.is_there(import_):
        raise NotFound(_("What this import left out is no longer kept."), name="import.not_kept")
    return import_


def _left_out(row: previews.LeftOut) -> dict[str, Any]:
    why = unread.WHY[row.why].render(_language()) if row.why else None
    return LeftOut(**{**vars(row), "why": why}).model_dump()


def _language() -> Literal["de", "en"]:
    return "de" if get_language() == "de" else "en"


def _short(import_: Import) -> dict[str, Any]:
    files = [
        {"name": file.name, "size": file.size, "sha256": file.sha256}
        for file in import_.files.all()
    ]
    shown = {name: getattr(import_, name) for name in ShownImport.model_fields if name != "files"}
    return ShownImport.model_validate({**shown, "files": files}).model_dump(mode="json")


def _whole(visit: Visit, import_: Import) -> dict[str, Any]:
    understood = {name: value for name, value in import_.understood.items() if name != "questions"}
    return {
        **_short(import_),
        "fault": rules.without_options(_said(import_.fault)) if import_.fault else None,
        "can_skip_bad_rows": bool(import_.fault.get("of_rows")),
        "skip_bad_rows": bool(import_.said.get(rules.SKIP)),
        "questions": [_question(each) for each in import_.understood.get("questions", [])],
        "open_questions": [each["option"] for each in services.open_questions(import_)],
        "understood": _spoken(understood),
        "plan": import_.plan,
        "counts": import_.counts,
        "job": _job(visit, import_),
    }


def _question(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "option": asked["option"],
        "asks": _said(asked["asks"]),
        "choices": [
            {"value": each["value"], "says": _said(each["says"])} for each in asked["choices"]
        ],
        "assumed": asked["assumed"],
    }


def _said(words: dict[str, str]) -> str:
    return words[_language()]


def _spoken(value: Any) -> Any:
    """Return JSON with words in the caller's language where it holds them in both."""
    match value:
        case dict() if value.keys() == {"de", "en"}:
            return value[_language()]
        case dict():
            return {name: _spoken(each) for name, each in value.items()}
        case list():
            return [_spoken(each) for each in value]
        case _:
            return value

"""The OpenAPI document in both languages: what ninja makes of the paths, completed and translated."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.views.decorators.http import require_safe
from pydantic import BaseModel

from kohorte import tables
from stammkunde.faces.api import door, examples, interface, reference
from stammkunde.faces.api.problems import CONTENT_TYPE
from stammkunde.faces.api.records import DOORS

PREFIX = "api/v1/"
CLIENT = Path(__file__).with_name("stammkunde_client.py")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:stammkunde:problem:request.invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "header": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
# What is answered in another form than JSON.
FORMS = {"download_left_out": "text/csv"}
REF = "#/components/schemas/{model}"


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Send the document in the language that is asked for."""
    answer = JsonResponse(made(_language(request)), json_dumps_params={"ensure_ascii": False})
    answer.headers["Vary"] = "Accept-Language"
    return answer


@require_safe
def client(_request: HttpRequest) -> HttpResponse:
    """Send the module by which Python asks for numbers; it needs nothing else of ours."""
    return HttpResponse(
        CLIENT.read_bytes(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{CLIENT.name}"'},
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the document as a page for people; it needs no script."""
    language = _language(request)
    with translation.override(language):
        address = request.build_absolute_uri("shop")
        values = {
            "topics": reference.topics(made(language)),
            "language": language,
            "languages": settings.LANGUAGES,
            "document": "openapi.json",
            "client": CLIENT.name,
            "first_call": f'curl -H "Authorization: Bearer skt_…" {address}',
        }
        answer = render(request, "api/reference.html", values)
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Content-Language"] = language
    return answer


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "")
    return wanted if wanted in ("de", "en") else door.language(request)


@cache
def made(language: str) -> dict[str, Any]:
    """Return the document in a language."""
    with translation.override(language):
        found = dict(interface.api.get_openapi_schema(path_prefix=PREFIX))
        found["info"] = {
            **found["info"],
            "description": _(
                "Everything that a shop's records know, and every number of its pages, for programs. "
                "Amounts whose name ends in `_minor` are whole numbers in minor units, such as cents; "
                "those of numbers are in major units, such as euros. Instants bear their zone."
            ),
        }
        schemas = found["components"]["schemas"]
        for one in DOORS.values():
            _describe_rows(schemas, one.row)
        schemas["Problem"] = PROBLEM
        for path in found["paths"].values():
            for operation in path.values():
                _complete(operation, schemas)
        spoken: dict[str, Any] = _translated(found, language)
        return spoken


def _describe_rows(schemas: dict[str, Any], model: type[BaseModel]) -> None:
    """Add what a row of a batch looks like, which is looked at one by one."""
    name = model.__name__
    schema = model.model_json_schema(ref_template=REF)
    schemas |= schema.pop("$defs", {})
    schemas[name] = schema
    if f"{name}s" in schemas:
        schemas[f"{name}s"]["properties"]["rows"]["items"] = {"$ref": REF.format(model=name)}


def _complete(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Add problems and an example of what is sent, and say which permission a token needs."""
    answers = operation["responses"]
    for status, answer in answers.items():
        answer["description"] = _STATUS.get(int(status), "OK")
    if form := FORMS.get(operation["operationId"]):
        (content,) = answers[200].pop("content").values()
        answers[200]["content"] = {form: content}
    problem = {"content": {CONTENT_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}}
    answers["default"] = {"description": _("A problem, in the caller's language."), **problem}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = examples.example(content["schema"], schemas)
    if "numbers" in operation["tags"]:
        content = answers[200]["content"]["application/json"]
        content["example"] = examples.example(content["schema"], schemas, named=examples.OF_NUMBERS)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["description"] = _IN_PATHS[parameter["name"]]
    permission = operation["x-permission"]
    operation["description"] = (
        _("The token needs the permission `%(permission)s`.") % {"permission": permission}
        if permission
        else _(
            "Any valid token will do. It sees the jobs it started; with `jobs.manage` all of them."
        )
    )


_IN_PATHS = {
    "source": N("The channel it comes from, within which numbers count."),
    "number": N("Its number in this channel."),
    "customer_id": N("The id of the customer."),
    "merge_id": N("The id of the merge."),
    "job_id": N("The id of the job."),
    "trial_id": N("The id of the trial."),
    "import_id": N("The id of the import."),
    "unit": N("The code of the unit."),
    "hold_id": N("The id of the reservation."),
    "proposal_id": N("The id of the correction."),
    "transaction_id": N("The id of the booking."),
    "slug": N("The metric, by the name in the address of its page."),
}
_STATUS = {200: "OK", 201: "Created", 202: "Accepted"}


def _translated(value: Any, language: str) -> Any:
    """Return a document with its words in a language, and without those that say nothing."""
    match value:
        case dict():
            found = {}
            for name, each in value.items():
                if isinstance(each, str) and name in ("summary", "description"):
                    # Words for who reads the code have no German, and are left out there.
                    if spoken := _spoken(each, language):
                        found[name] = spoken
                elif name != "title" or not isinstance(each, str) or "version" in value:
                    found[name] = _translated(each, language)
            return found
        case list():
            return [_translated(each, language) for each in value]
        case _:
            return value


def _spoken(text: str, language: str) -> str:
    """Return words in a language: those of the columns are known to `kohorte`."""
    if language == "en":
        return text
    spoken = _of_columns().get(text) or _(text)
    return "" if spoken == text and text in _of_models() else spoken


@cache
def _of_models() -> set[str]:
    """Return what stands above models in the code."""
    schemas = interface.api.get_openapi_schema(path_prefix=PREFIX)["components"]["schemas"]
    return {schema["description"] for schema in schemas.values() if "description" in schema}


@cache
def _of_columns() -> dict[str, str]:
    found = {}
    for table in tables.EVERY.values():
        found[table.meaning.en] = table.meaning.de
        for column in table.columns:
            english, german = column.meaning.en, column.meaning.de
            found[f"{english[:1].upper()}{english[1:]}."] = f"{german[:1].upper()}{german[1:]}."
    return found

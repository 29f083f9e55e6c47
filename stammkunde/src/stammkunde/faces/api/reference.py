"""The OpenAPI document laid out for people: topics, paths, what is sent and what is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TOPICS: Mapping[str, str | Promise] = {
    "shop": gettext_lazy("Shop"),
    "numbers": gettext_lazy("Numbers"),
    "orders": gettext_lazy("Orders"),
    "refunds": gettext_lazy("Refunds"),
    "customers": gettext_lazy("Customers"),
    "consent": gettext_lazy("Consent"),
    "ledger": gettext_lazy("Points and other units"),
    "privacy": gettext_lazy("Privacy"),
    "imports": gettext_lazy("Imports"),
    "trials": gettext_lazy("Trials"),
    "jobs": gettext_lazy("Background work"),
    "products": gettext_lazy("Products"),
    "spend": gettext_lazy("Spend"),
    "leads": gettext_lazy("Leads"),
    "subscriptions": gettext_lazy("Contracts"),
    "responses": gettext_lazy("Answers to surveys"),
    "tickets": gettext_lazy("Customer service"),
    "referrals": gettext_lazy("Referrals"),
    "returns": gettext_lazy("Returns"),
    "deliveries": gettext_lazy("Deliveries"),
}


@dataclass(frozen=True)
class Field:
    """A field or a parameter."""

    name: str
    kind: str
    is_needed: bool
    about: str


@dataclass(frozen=True)
class Way:
    """A path with a method."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    body: list[Field]
    sent: str
    answers: list[tuple[str, str, list[Field]]]
    told: str


@dataclass(frozen=True)
class Topic:
    """What belongs together."""

    name: str
    title: str | Promise
    ways: list[Way]


def marked(text: str) -> str:
    """Return words as they stand on the page, with names in backticks as code.

    >>> marked("The channel of `number`, <b>")
    'The channel of <code>number</code>, &lt;b&gt;'
    """
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((_part(part, place % 2 == 1),) for place, part in parts))


def _part(text: str, is_name: bool) -> str:
    return format_html("<code>{}</code>", text) if is_name else text


def topics(document: Mapping[str, Any]) -> list[Topic]:
    """Return the paths of a document by topic."""
    found: dict[str, list[Way]] = {name: [] for name in TOPICS}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_way(path, method, operation, document))
    return [Topic(name, TOPICS[name], ways) for name, ways in found.items() if ways]


def _way(path: str, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Way:
    schemas = document["components"]["schemas"]
    contents = list(operation.get("requestBody", {}).get("content", {}).items())
    sent, body = "", []
    for kind, content in contents:
        body = _fields(content["schema"], schemas)
        if kind == "application/json":
            sent = json.dumps(content["example"], ensure_ascii=False, indent=2)
    return Way(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=marked(operation["description"]),
        parameters=[
            Field(
                each["name"],
                _kind(each["schema"], schemas),
                each["required"],
                marked(each.get("description", "")),
            )
            for each in operation["parameters"]
        ],
        body=body,
        sent=sent,
        answers=[
            (str(status), answer["description"], _answered(answer, schemas))
            for status, answer in operation["responses"].items()
            if status != "default"
        ],
        told=_told(operation),
    )


def _told(operation: Mapping[str, Any]) -> str:
    """Return the example of an answer, if there is one."""
    content = operation["responses"].get(200, {}).get("content", {}).get("application/json", {})
    example = content.get("example")
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)


def _answered(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Field]:
    for content in answer.get("content", {}).values():
        return _fields(content["schema"], schemas)
    return []


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], before: str = "") -> list[Field]:
    """Return the fields of an object, those of objects inside behind a point."""
    known = _followed(schema, schemas)
    needed = known.get("required", [])
    found = []
    for name, each in known.get("properties", {}).items():
        inner = _followed(each, schemas)
        about = each.get("description") or inner.get("description", "")
        found.append(Field(f"{before}{name}", _kind(each, schemas), name in needed, marked(about)))
        mark = "[]." if inner.get("type") == "array" else "."
        inside = _followed(inner.get("items", inner), schemas)
        if inside.get("properties") and before.count(".") < 2:
            found += _fields(inside, schemas, f"{before}{name}{mark}")
    return found


def _followed(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    if "anyOf" in schema:
        return _followed(schema["anyOf"][0], schemas)
    return schema


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """Return in words what a field holds."""
    known = _followed(schema, schemas)
    if "enum" in known:
        return ", ".join(map(str, known["enum"]))
    if "const" in known:
        return str(known["const"])
    name = str(known.get("format") or known.get("type", ""))
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date-time": _("instant"),
        "date": _("day"),
        "array": _("list"),
        "object": _("object"),
        "binary": _("file"),
    }
    return words.get(name, name)

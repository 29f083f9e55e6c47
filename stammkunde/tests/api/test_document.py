"""The OpenAPI document and the page made from it: whole, in both languages, and within our own policy."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from stammkunde.faces.api import document, reference
from stammkunde.faces.api.records import DOORS

GERMAN = document.made("de")
ENGLISH = document.made("en")


def operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for path in found["paths"].values() for one in path.values()]


@pytest.mark.django_db
def test_it_is_served_in_both_languages_to_anybody() -> None:
    for language, word in (("de", "Bestellungen auflisten"), ("en", "List orders")):
        answer = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
        assert json.loads(answer.content)["paths"]["/api/v1/orders"]["get"]["summary"] == word
        page = Client().get(f"/api/v1/?language={language}")
        text = page.content.decode()
        assert word in text
        assert f'<html lang="{language}">' in text
        # Nothing inline, nothing from elsewhere: the policy of all pages holds here as well.
        assert "'unsafe" not in page.headers["Content-Security-Policy"]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://(?!testserver)", text)


def test_both_languages_describe_the_same_and_each_in_its_own_words() -> None:
    assert list(GERMAN["paths"]) == list(ENGLISH["paths"])
    for german, english in zip(operations(GERMAN), operations(ENGLISH), strict=True):
        assert german["operationId"] == english["operationId"]
        assert german["summary"] != english["summary"]
        for here, there in zip(german["parameters"], english["parameters"], strict=True):
            assert here.get("description") != there.get("description") or "description" not in here


def test_every_operation_has_a_name_of_its_own_and_says_what_it_needs() -> None:
    names = [one["operationId"] for one in operations(ENGLISH)]
    assert len(set(names)) == len(names)
    for one in operations(ENGLISH):
        assert one["security"] == [{"Bearer": []}]
        assert "default" in one["responses"]
        assert "permission" in one["description"] or one["tags"] == ["jobs"]


def test_every_example_is_what_its_schema_allows() -> None:
    root = Resource.from_contents(ENGLISH, default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:document", root)
    seen = 0
    for one in operations(ENGLISH):
        sent = one.get("requestBody", {}).get("content", {}).get("application/json")
        told = one["responses"].get(200, {}).get("content", {}).get("application/json", {})
        for content in filter(None, (sent, told if "example" in told else None)):
            schema = json.loads(json.dumps(content["schema"]).replace('"#/', '"urn:document#/'))
            Draft202012Validator(schema, registry=registry).validate(content["example"])
            seen += 1
    assert seen > 40


def test_rows_of_batches_are_described_though_they_are_looked_at_one_by_one() -> None:
    schemas = ENGLISH["components"]["schemas"]
    for door in DOORS.values():
        name = door.row.__name__
        assert "number" in schemas[name]["required"]
        assert schemas[f"{name}s"]["properties"]["rows"]["items"] == {
            "$ref": f"#/components/schemas/{name}"
        }


def test_every_reference_leads_somewhere() -> None:
    schemas = ENGLISH["components"]["schemas"]
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(ENGLISH)))
    assert found <= schemas.keys()


def test_every_topic_has_words_and_paths() -> None:
    tags = {tag for one in operations(ENGLISH) for tag in one["tags"]}
    assert tags == reference.TOPICS.keys()
    assert {topic.name for topic in reference.topics(GERMAN)} == tags

"""Everything a shop holds of a person, as files: one for programs, one for people."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from stammkunde.faces import personal_words as words
from stammkunde.flows import customer_erased

TITLES = {
    "person": gettext_lazy("Person"),
    "orders": gettext_lazy("Orders and what belongs to them"),
    "consent": gettext_lazy("Consent"),
    "imports": gettext_lazy("Rows of imported files"),
    "forecast": gettext_lazy("What is expected of this person"),
    "points": gettext_lazy("Points and credit"),
}


def written(exported: dict[str, Any]) -> str:
    """Return an export as JSON that people can read as well."""
    return json.dumps(exported, ensure_ascii=False, indent=2, default=str)


def readable(exported: dict[str, Any]) -> str:
    """Return an export as a page of its own, which needs nothing beside it."""
    currency = exported["currency"]
    sections = [
        {
            "title": TITLES.get(section.title, section.title),
            "facts": [
                (words.label(name), words.written(name, value, currency=currency))
                for name, value in section.facts.items()
            ],
            "tables": [_table(name, rows, currency) for name, rows in section.tables.items()],
        }
        for section in customer_erased.sections(exported)
    ]
    values = {
        "exported": exported,
        "sections": sections,
        "language": translation.get_language(),
        "name": exported["person"].get("name") or exported["person"].get("number") or "",
        "on": words.written("exported_on", exported["exported_at"][:10], currency=currency),
    }
    return render_to_string("customers/export.html", values)


def _table(name: str, rows: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    """Return rows as a table: what is empty in all of them is left out, lists stand below their row."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lists = [key for key in keys if any(isinstance(row.get(key), list) for row in rows)]
    columns = [
        key
        for key in keys
        if key not in lists and any(row.get(key) not in (None, "") for row in rows)
    ]
    return {
        "title": words.label(name),
        "heads": [words.label(each) for each in columns],
        "rows": [_row(row, columns, lists, str(row.get("currency") or currency)) for row in rows],
    }


def _row(
    row: dict[str, Any], columns: list[str], lists: list[str], currency: str
) -> dict[str, Any]:
    return {
        "cells": [words.written(key, row.get(key), currency=currency) for key in columns],
        "lists": [
            (words.label(key), [words.written(key, each, currency=currency) for each in row[key]])
            for key in lists
            if row.get(key)
        ],
    }

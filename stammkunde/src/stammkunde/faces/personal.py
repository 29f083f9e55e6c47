"""Everything a shop holds of a person, as files: one for programs, one for people."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from stammkunde.flows import customer_erased

TITLES = {
    "person": gettext_lazy("Person"),
    "orders": gettext_lazy("Orders and what belongs to them"),
    "consent": gettext_lazy("Consent"),
    "imports": gettext_lazy("Rows of imported files"),
}


def written(exported: dict[str, Any]) -> str:
    """Return an export as JSON that people can read as well."""
    return json.dumps(exported, ensure_ascii=False, indent=2, default=str)


def readable(exported: dict[str, Any]) -> str:
    """Return an export as a page of its own, which needs nothing beside it."""
    sections = [
        {
            "title": TITLES.get(section.title, section.title),
            "facts": [(_label(name), _cell(value)) for name, value in section.facts.items()],
            "tables": [_table(name, rows) for name, rows in section.tables.items()],
        }
        for section in customer_erased.sections(exported)
    ]
    values = {
        "exported": exported,
        "sections": sections,
        "language": translation.get_language(),
        "name": exported["person"].get("name") or exported["person"].get("number") or "",
    }
    return render_to_string("customers/export.html", values)


def _table(name: str, rows: list[Any]) -> dict[str, Any]:
    columns = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    cells = [
        [_cell(row.get(key)) for key in columns] if isinstance(row, dict) else [_cell(row)]
        for row in rows
    ]
    return {"title": _label(name), "heads": [_label(each) for each in columns], "rows": cells}


def _label(name: str) -> str:
    """Return the name of a field as words; the file for programs has the name itself."""
    return name.replace("_", " ").capitalize()


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "–"
        case list():
            return "; ".join(_cell(each) for each in value)
        case dict():
            parts = ((key, _cell(each)) for key, each in value.items())
            return ", ".join(f"{_label(key)} {text}" for key, text in parts if text != "–")
    return str(value)

"""The layouts we know. To add one, write a module with a `LAYOUT` and name it in `LAYOUTS`."""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.reading.options import Meaning
from kohorte.reading.profiles import cdnow, generic, online_retail, online_retail_ii, shopify
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.source import Column, Source
from kohorte.reading.words import compact

LAYOUTS: tuple[Layout, ...] = (
    online_retail.LAYOUT,
    online_retail_ii.LAYOUT,
    cdnow.LAYOUT,
    shopify.LAYOUT,
)
GENERIC = generic.LAYOUT


def recognize(source: Source) -> tuple[Layout, Mapping[Meaning, Column]]:
    """Return the layout of a file and its columns; the general one and none if it is unknown."""
    by_name = {compact(column.name): column for column in source.columns}
    for layout in LAYOUTS:
        if source.has_header:
            for header in layout.headers:
                if all(name in by_name for name in header.values()):
                    return layout, {meaning: by_name[name] for meaning, name in header.items()}
        elif source.delimiter == layout.delimiter:
            for fields in layout.fields:
                if len(fields) == len(source.columns):
                    named = zip(fields, source.columns, strict=True)
                    return layout, {meaning: column for meaning, column in named if meaning}
    return GENERIC, {}

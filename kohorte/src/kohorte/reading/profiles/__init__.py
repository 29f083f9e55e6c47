"""The layouts we know. To add one, write a module with a `LAYOUT` and name it in `LAYOUTS`."""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.reading.meaning.words import compact
from kohorte.reading.options import Meaning
from kohorte.reading.profiles import (
    amazon,
    bigcommerce,
    cdnow,
    ebay,
    gambio,
    generic,
    jtl,
    magento,
    online_retail,
    online_retail_ii,
    oxid,
    plentyone,
    prestashop,
    shopify,
    shopify_customers,
    shopware,
    stripe_charges,
    stripe_subscriptions,
    woocommerce,
    woocommerce_webtoffee,
)
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.source import Column, Source

LAYOUTS: tuple[Layout, ...] = (
    online_retail.LAYOUT,
    online_retail_ii.LAYOUT,
    cdnow.LAYOUT,
    shopify.LAYOUT,
    shopify_customers.LAYOUT,
    shopware.LAYOUT,
    woocommerce.LAYOUT,
    woocommerce_webtoffee.LAYOUT,
    magento.LAYOUT,
    prestashop.LAYOUT,
    bigcommerce.LAYOUT,
    amazon.LAYOUT,
    ebay.LAYOUT,
    stripe_subscriptions.LAYOUT,
    stripe_charges.LAYOUT,
    oxid.LAYOUT,
    gambio.LAYOUT,
    plentyone.LAYOUT,
    jtl.LAYOUT,
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
            if any(signs <= set(by_name) for signs in layout.signs):
                return layout, _named(layout, by_name)
        elif source.delimiter == layout.delimiter:
            for fields in layout.fields:
                if len(fields) == len(source.columns):
                    named = zip(fields, source.columns, strict=True)
                    return layout, {meaning: column for meaning, column in named if meaning}
    return GENERIC, {}


def _named(layout: Layout, by_name: Mapping[str, Column]) -> dict[Meaning, Column]:
    """Return the first column there is for each meaning that the layout names."""
    found = {}
    for meaning, names in layout.columns.items():
        column = next((by_name[name] for name in names if name in by_name), None)
        if column is not None:
            found[meaning] = column
    return found

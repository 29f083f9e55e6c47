"""The shop's color as a stylesheet of its own: pages hold no styles, and each shop has one accent."""

from __future__ import annotations

from django.http import HttpResponse

from stammkunde.faces.dashboard import colors
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.colors import Palette

# The address names the version of the shop, so what is behind it never changes.
CACHING = "private, max-age=31536000, immutable"


@page_of_shop("shop.read")
def brand(visit: Visit) -> HttpResponse:
    """Send the shop's accent for light and for dark pages, and the light one for pictures as files."""
    color = visit.shop.brand_color
    text = (
        f":root,.paper{{{_tokens(colors.light(color))}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_tokens(colors.dark(color))}}}}}\n"
    )
    return HttpResponse(
        text, content_type="text/css; charset=utf-8", headers={"Cache-Control": CACHING}
    )


def _tokens(palette: Palette) -> str:
    return (
        f"--accent:{palette.accent};--on-accent:{palette.on_accent};"
        f"--accent-hover:{palette.hover};--accent-soft:{palette.soft}"
    )

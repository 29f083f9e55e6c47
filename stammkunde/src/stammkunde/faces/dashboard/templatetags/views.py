"""The small form that saves the page on which it stands."""

from __future__ import annotations

from typing import Any

from django import template

from stammkunde.faces.dashboard.explore.views import PAGES, PASSING

register = template.Library()


@register.inclusion_tag("explore/save.html", takes_context=True)
def save_view(context: dict[str, Any], text: str = "") -> dict[str, Any]:
    """Offer to save the page with what its address chooses; nothing where that cannot be saved."""
    request = context["request"]
    match = request.resolver_match
    page = "queries" if text else (match.url_name if match else "")
    asked = request.GET.copy()
    for name in PASSING:
        asked.pop(name, None)
    return {
        "shop": context.get("shop"),
        "may": context.get("may"),
        "page": page if page in PAGES else "",
        "about": match.kwargs.get("slug", "") if match else "",
        "query": "" if text else asked.urlencode(),
        "text": text,
        "csrf_token": context.get("csrf_token"),
    }

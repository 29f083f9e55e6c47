"""Small parts of pages that a template cannot say by itself."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Drawn on 20 × 20, lines of 1.6.
ICONS = {
    "overview": '<path d="M3 9.2 10 3.5l7 5.7V16a1 1 0 0 1-1 1h-4v-5H8v5H4a1 1 0 0 1-1-1z"/>',
    "customers": '<circle cx="7.5" cy="7" r="3"/><path d="M2 16.5c0-3 2.4-4.8 5.5-4.8s5.5 1.8 5.5 4.8'
    'M13 4.4a3 3 0 0 1 0 5.2M15 12.2c1.9.6 3 2.1 3 4.3"/>',
    "metrics": '<path d="M3.5 16.5h13M5.5 13.5V9.5M10 13.5V4.5M14.5 13.5V7.5"/>',
    "explore": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 3.8 3.8M9 6.5v5M6.5 9h5"/>',
    "predictions": '<path d="M3.5 14.5 8 10l3 3 5.5-6.5M12.5 6.5h4v4"/><path d="M3.5 17h13" stroke-dasharray="2 2"/>',
    "trials": '<path d="M8 3h4M8.8 3v5L4 15.6A1 1 0 0 0 4.9 17h10.2a1 1 0 0 0 .9-1.4L11.2 8V3M6.3 12.5h7.4"/>',
    "loyalty": '<path d="M10 3.5 12 7.7l4.6.6-3.4 3.2.9 4.6-4.1-2.3-4.1 2.3.9-4.6-3.4-3.2 4.6-.6z"/>',
    "reports": '<path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5M7.5 13h5"/>',
    "data": '<ellipse cx="10" cy="5" rx="6.5" ry="2.5"/><path d="M3.5 5v10c0 1.4 2.9 2.5 6.5 2.5'
    's6.5-1.1 6.5-2.5V5M3.5 10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5"/>',
    "settings": '<path d="M3 6h7M14 6h3M3 14h3M10 14h7"/><circle cx="12" cy="6" r="2"/>'
    '<circle cx="8" cy="14" r="2"/>',
    "person": '<circle cx="10" cy="7" r="3.2"/><path d="M4 17c0-3.3 2.6-5.3 6-5.3s6 2 6 5.3"/>',
    "lock": '<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>',
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "choose": '<path d="m6.5 8 3.5-3.5L13.5 8M6.5 12l3.5 3.5 3.5-3.5"/>',
    "check": '<path d="m4.5 10.5 3.8 3.8 7.5-8.3"/>',
    "next": '<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>',
    "back": '<path d="M12.5 4.5 7 10l5.5 5.5"/>',
    "add": '<path d="M10 4v12M4 10h12"/>',
    "copy": '<rect x="7" y="7" width="10" height="10" rx="1.5"/>'
    '<path d="M13 7V4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13H7"/>',
    "download": '<path d="M10 3v10M5.8 9.2 10 13.4l4.2-4.2M3.5 17h13"/>',
    "warning": '<path d="M10 3 2.5 16.5h15zM10 8.5v3.6M10 14.4v.1"/>',
    "information": '<circle cx="10" cy="10" r="7.2"/><path d="M10 9.2v4.4M10 6.4v.1"/>',
    "leave": '<path d="M8 3.5H4.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H8M12.5 6.3l3.7 3.7-3.7 3.7M16 10H7.5"/>',
    "order": '<path d="M4.5 7h11l.8 9a1 1 0 0 1-1 1H4.7a1 1 0 0 1-1-1zM7 9V6a3 3 0 0 1 6 0v3"/>',
    "delivery": '<path d="M2.5 5h9v8.5h-9zM11.5 8h3.3l2.7 2.8v2.7h-6z"/>'
    '<circle cx="6" cy="14.5" r="1.6"/><circle cx="14" cy="14.5" r="1.6"/>',
    "refund": '<path d="M4 8h8.5a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5"/>',
    "ticket": '<path d="M4 4h12a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1H9.5L6 16.5v-3H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z"/>',
    "response": '<path d="m10 3.5 2 4.2 4.6.6-3.4 3.2.9 4.6-4.1-2.3-4.1 2.3.9-4.6-3.4-3.2 4.6-.6z"/>',
    "subscription": '<path d="M16 8.5A6.2 6.2 0 0 0 4.6 7M4 11.5A6.2 6.2 0 0 0 15.4 13M16 4.5v4h-4M4 15.5v-4h4"/>',
    "merge": '<path d="M4 4.5c0 4 3 5.5 6 5.5s6-1.5 6-5.5M10 10v6.5M7 13.8l3 2.7 3-2.7"/>',
    "up": '<path d="M10 15.5v-11M5.5 9 10 4.5 14.5 9"/>',
    "down": '<path d="M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a sign beside words; those who hear the page are spared it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawings
    )


@register.simple_tag(takes_context=True)
def here_with(context: dict[str, Any], **changed: object) -> str:
    """Return the address of this page with some of its questions changed, those of None left out."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    for name, value in changed.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.simple_tag(takes_context=True)
def kept(context: dict[str, Any], *fields: str) -> SafeString:
    """Keep in a form what the address chooses beside the form's own fields, so that it stays chosen."""
    request: HttpRequest = context["request"]
    found = [(name, value) for name, value in request.GET.items() if name not in (*fields, "page")]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', found)

"""The OpenAPI document, and the page for people that is made from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from stammkunde.faces.api import interface


def openapi(_request: HttpRequest) -> HttpResponse:
    """Send the document."""
    return JsonResponse(interface.api.get_openapi_schema(path_prefix="api/v1/"))


def page(_request: HttpRequest) -> HttpResponse:
    """Show the page."""
    return HttpResponse("")

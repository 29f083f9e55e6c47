"""The addresses of the interface, all below `/api/`."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path

from stammkunde.faces.api import document, door, interface

app_name = "api"


def _opened() -> Iterator[URLPattern]:
    """Return the paths that were declared, each behind the door; plain words go before what is filled in."""
    # Ninja binds what routers declare to an interface, and offers it by this name only.
    bound = interface.api._get_bound_routers()
    declared = [each for router in bound for each in router.path_operations.items()]
    for route, paths in sorted(declared, key=lambda each: _is_filled_in(each[0])):
        methods = frozenset(method for one in paths.operations for method in one.methods)
        takes_forms = any(
            model.__ninja_param_source__ in ("file", "form")
            for one in paths.operations
            for model in one.models
        )
        address = f"v1{route}".replace("{", "<").replace("}", ">")
        yield path(address, door.opened(paths.get_view(), methods, takes_forms=takes_forms))


def _is_filled_in(route: str) -> list[bool]:
    return [part.startswith("{") for part in route.split("/")]


urlpatterns = [
    path("v1/", document.page, name="reference"),
    path("v1/openapi.json", document.openapi, name="openapi"),
    path("v1/stammkunde_client.py", document.client, name="client"),
    *_opened(),
    re_path("", door.unknown),
]

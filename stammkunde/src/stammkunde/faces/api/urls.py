"""The addresses of the interface, all below `/api/`."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path, re_path

from stammkunde.faces.api import document, door, interface

app_name = "api"


def _opened() -> Iterator[URLPattern]:
    """Return the paths that were declared, each behind the door."""
    # Ninja binds what routers declare to an interface, and offers it by this name only.
    for bound in interface.api._get_bound_routers():
        for route, declared in bound.path_operations.items():
            methods = frozenset(method for one in declared.operations for method in one.methods)
            takes_forms = any(
                model.__ninja_param_source__ in ("file", "form")
                for one in declared.operations
                for model in one.models
            )
            address = f"v1{route}".replace("{", "<").replace("}", ">")
            yield path(address, door.opened(declared.get_view(), methods, takes_forms=takes_forms))


urlpatterns = [
    path("v1/", document.page, name="reference"),
    path("v1/openapi.json", document.openapi, name="openapi"),
    *_opened(),
    re_path("", door.unknown),
]

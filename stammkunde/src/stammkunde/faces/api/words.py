"""What is wrong with values, as sentences with their places: from pydantic's findings to ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from stammkunde.faces.api.problems import Place, Problem

SENTENCES: Mapping[str, str | Promise] = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "literal_error": gettext_lazy("Write one of %(expected)s."),
    "enum": gettext_lazy("Write one of %(expected)s."),
    "string_type": gettext_lazy("This must be a text."),
    "string_too_long": gettext_lazy("This has more than %(max_length)s letters."),
    "string_too_short": gettext_lazy("This has fewer than %(min_length)s letters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it should be."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_from_float": gettext_lazy("This must be a whole number."),
    "bool_type": gettext_lazy("This must be `true` or `false`."),
    "bool_parsing": gettext_lazy("This must be `true` or `false`."),
    "decimal_type": gettext_lazy("This must be a number."),
    "decimal_parsing": gettext_lazy("This must be a number."),
    "decimal_max_places": gettext_lazy("This has more than %(decimal_places)s decimal places."),
    "float_type": gettext_lazy("This must be a number."),
    "float_parsing": gettext_lazy("This must be a number."),
    "finite_number": gettext_lazy("This must be a number."),
    "greater_than": gettext_lazy("This must be more than %(gt)s."),
    "greater_than_equal": gettext_lazy("This must be at least %(ge)s."),
    "less_than": gettext_lazy("This must be less than %(lt)s."),
    "less_than_equal": gettext_lazy("This must be at most %(le)s."),
    "list_type": gettext_lazy("This must be a list."),
    "too_short": gettext_lazy("This needs at least %(min_length)s entries."),
    "too_long": gettext_lazy("This has more than %(max_length)s entries."),
    "dict_type": gettext_lazy("This must be an object."),
    "model_type": gettext_lazy("This must be an object."),
    "model_attributes_type": gettext_lazy("This must be an object."),
    "timezone_aware": gettext_lazy(
        "Write the instant with its zone, as 2026-01-05T09:30:00+01:00."
    ),
    "datetime_type": gettext_lazy("Write an instant as 2026-01-05T09:30:00+01:00."),
    "datetime_parsing": gettext_lazy("Write an instant as 2026-01-05T09:30:00+01:00."),
    "datetime_from_date_parsing": gettext_lazy("Write an instant as 2026-01-05T09:30:00+01:00."),
    "date_type": gettext_lazy("Write a day as 2026-01-05."),
    "date_parsing": gettext_lazy("Write a day as 2026-01-05."),
    "date_from_datetime_parsing": gettext_lazy("Write a day as 2026-01-05."),
    "date_from_datetime_inexact": gettext_lazy("Write a day as 2026-01-05."),
}
# What our own checks find wrong brings its sentence along.
SAID = "said"
OTHER = gettext_lazy("This value cannot be.")


def sentence(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with a value."""
    if fault["type"] == SAID:
        return str(fault["ctx"]["sentence"])
    values = {name: str(value) for name, value in fault.get("ctx", {}).items()}
    return str(SENTENCES.get(fault["type"], OTHER)) % values


def pointer(parts: Iterable[object]) -> str:
    """Return the JSON pointer (RFC 6901) to a place.

    >>> pointer(["rows", 3, "a/b"])
    '/rows/3/a~1b'
    """
    return (
        "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
        .encode("utf-8", "replace")
        .decode()
    )


def places(faults: Iterable[Mapping[str, Any]], *, below: str = "") -> list[dict[str, str]]:
    """Return what is wrong in a body, each at its place."""
    return [
        {"pointer": below + pointer(_inside(fault["loc"])), "detail": sentence(fault)}
        for fault in faults
    ]


def _inside(place: Iterable[object]) -> list[object]:
    """Leave out what pydantic adds: the names of alternatives, which no JSON has."""
    return [part for part in place if not (isinstance(part, str) and "[" in part)]


def refused(faults: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the problem of what ninja found wrong with a request."""
    errors: list[Place] = []
    for fault in faults:
        source, *rest = fault["loc"]
        if source in ("body", "form", "file"):
            # Behind the source stands the name of our argument.
            errors += places([{**fault, "loc": rest[1:] if source == "body" else rest}])
        else:
            kind = "header" if source == "header" else "parameter"
            name = str(rest[-1]) if rest else ""
            errors.append({kind: name, "detail": sentence(fault)})
    return Problem(
        422,
        "request.invalid",
        _("Some values cannot be taken; `errors` says which."),
        errors=errors,
    )


def of_row(fault: ValidationError, *, below: str) -> Problem:
    """Return the problem of a row of a batch."""
    return Problem(
        422,
        "row.invalid",
        _("Some values cannot be taken; `errors` says which."),
        errors=places(fault.errors(include_url=False), below=below),
    )

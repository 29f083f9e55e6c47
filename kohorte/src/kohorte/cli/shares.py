"""Shares by name, as they are written on the command line: control=10."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.errors import SettingError


def parse(told: Sequence[str] | None, *, example: str) -> dict[str, float] | None:
    """Return what each name has; None where nothing was said.

    >>> parse(["control=10", "mail=90%"], example="control=10")
    {'control': 10.0, 'mail': 90.0}
    """
    found = {}
    for each in told or ():
        name, equals, percent = each.rpartition("=")
        try:
            found[name] = float(percent.removesuffix("%").replace(",", "."))
        except ValueError:
            equals = ""
        if not equals:
            raise SettingError(
                "“{text}” is no share. Write it as {example}.", text=each, example=example
            )
    return found or None

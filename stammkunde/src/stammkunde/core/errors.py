"""Refusals a person can act on: what happened and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise


class Refused(Exception):
    """Something cannot be done as it was asked.

    Parameters
    ----------
    sentence
        What is wrong and what to do; a lazy translation, so that it is said in the reader's language.
    name
        A dotted name for programs, such as `person.is_last_owner`.
    fields
        Sentences at the fields of a form, by name.
    """

    def __init__(
        self,
        sentence: str | Promise,
        *,
        name: str,
        fields: Mapping[str, str | Promise] | None = None,
    ) -> None:
        self.sentence = sentence
        self.name = name
        self.fields = dict(fields or {})
        super().__init__(name)

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Refused):
    """There is no such thing in this shop, or the asker may not know of it."""


class Forbidden(Refused):
    """The asker may not do this."""

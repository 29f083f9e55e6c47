"""Errors a person can act on: what happened, where, and what to do, in both languages."""

from __future__ import annotations

from kohorte.language import Language, Sentence


class KohorteError(Exception):
    """An error whose text is meant for the user.

    Parameters
    ----------
    msgid
        The English sentence of the catalog with named placeholders.
    **values
        What goes into the placeholders.
    """

    def __init__(self, msgid: str, **values: object) -> None:
        self.sentence = Sentence(msgid, values)
        super().__init__(self.sentence.render("en"))

    def render(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.sentence.render(language)


class ReadError(KohorteError):
    """A file cannot be read as a shop's orders; nothing of it was kept."""


class BadRowsError(ReadError):
    """Some rows of a file cannot be read; the others can be without them (`skip_bad_rows`)."""


class TableError(KohorteError):
    """A table does not hold what its documentation promises."""


class SettingError(KohorteError):
    """A setting has a value that cannot be."""


class UnknownNameError(KohorteError):
    """A metric, relation, grain or table was asked for that does not exist."""


class ConditionError(KohorteError):
    """A condition cannot be understood; `at` is the place in its text, from 0."""

    def __init__(self, msgid: str, *, at: int, **values: object) -> None:
        self.at = at
        super().__init__(msgid, place=at + 1, **values)


class ModelError(KohorteError):
    """A model cannot be fitted to these customers, or cannot be asked that."""


class TooLittleError(ModelError):
    """There is too little in the data to learn from; `reason` names what is missing."""

    def __init__(self, msgid: str, *, reason: str, **values: object) -> None:
        self.reason = reason
        super().__init__(msgid, **values)

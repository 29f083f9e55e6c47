"""What a person says about files, as plain JSON; and how readings are told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from kohorte.errors import BadRowsError, KohorteError
from kohorte.language import Sentence, Text
from kohorte.reading import ReadOptions, Rule, unread
from kohorte.results import Question

NAME_MAX = 180
FILES_MAX = 20
FILE_BYTES_MAX = 4 * 1024**3
# The option that leaves rows out which cannot be read.
SKIP = "skip_bad_rows"


def options(said: Mapping[str, Any]) -> ReadOptions:
    """Return options of `kohorte` from JSON.

    >>> options({"decimal": ",", "columns": {"date": "Kaufdatum"}}).decimal
    ','
    """
    known = {each.name for each in fields(ReadOptions)}
    given = {name: value for name, value in said.items() if name in known}
    if "exclude" in given:
        given["exclude"] = tuple(Rule(**rule) for rule in given["exclude"])
    return ReadOptions(**given)


def said(chosen: ReadOptions) -> dict[str, Any]:
    """Return options as JSON; what is not set is left out."""
    found: dict[str, Any] = {}
    for each in fields(chosen):
        value = getattr(chosen, each.name)
        if not value:
            continue
        if each.name == "exclude":
            value = [asdict(rule) for rule in value]
        found[each.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def of_next_files(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds for the next files of a layout as well; that rows are left out is decided for each.

    >>> of_next_files({"decimal": ",", "skip_bad_rows": True})
    {'decimal': ','}
    """
    return {name: value for name, value in said.items() if name != SKIP}


def fault(error: KohorteError, *, skips: bool) -> dict[str, Any]:
    """Return why files cannot be read, in both languages; `of_rows` where the other rows can be."""
    of_rows = isinstance(error, BadRowsError) and not skips
    return {**both(error.sentence), **({"of_rows": True} if of_rows else {})}


def skipped(understood: Mapping[str, Any]) -> int:
    """Return how many rows were left out because they cannot be read.

    >>> skipped({"excluded": [{"reason": "unreadable_row", "rows": 2}, {"reason": "test", "rows": 5}]})
    2
    """
    found = understood.get("excluded", [])
    return sum(int(one["rows"]) for one in found if one["reason"] == unread.REASON)


def both(words: Sentence | Text) -> dict[str, str]:
    """Return words in both languages, as pages choose one."""
    return {"de": words.render("de"), "en": words.render("en")}


def asked(question: Question) -> dict[str, Any]:
    """Return a question with its choices as JSON."""
    return {
        "option": question.option,
        "asks": both(question.asks),
        "choices": [{"value": each.value, "says": both(each.says)} for each in question.choices],
        "assumed": question.assumed,
    }


def is_open(question: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Return whether a question must be answered: nothing was assumed, and nobody said anything.

    >>> is_open({"option": "taxes", "assumed": None}, {"taxes": "inside"})
    False
    """
    if question["assumed"] is not None:
        return False
    name, _, entry = str(question["option"]).partition(".")
    value = given.get(name)
    return entry not in (value or {}) if entry else value is None


def layout(headers: Iterable[Iterable[str]]) -> str:
    """Return what files of one layout share: their headers, whatever their order."""
    text = "\n".join(sorted("\t".join(names) for names in headers))
    return hashlib.sha256(text.encode()).hexdigest()


def safe_name(name: str) -> str:
    """Return the name of a file as it is kept: its last part, without signs that mean something.

    >>> safe_name("../../etc/pass wd.csv"), safe_name("..")
    ('pass wd.csv', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*')
    stem, dot, ending = kept.strip(". ").rpartition(".")
    # File systems count bytes.
    short_stem = stem.encode()[:NAME_MAX].decode(errors="ignore")
    short = f"{short_stem}{dot}{ending[:12]}".strip()
    return short or "file"


def without_options(text: str) -> str:
    """Leave sentences out that tell how to answer on the command line.

    >>> without_options("No column is a date. Name it with --column date=…; there are: Ort.")
    'No column is a date.'
    """
    kept = [part for part in text.split(". ") if " --" not in f" {part}"]
    found = ". ".join(kept).strip()
    return found if not found or found.endswith((".", "?")) else f"{found}."

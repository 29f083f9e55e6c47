"""Every sentence in the library's code has German words, and the catalog holds no dead ones."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Message, pofile

from kohorte.language import translate
from tools.reference import commands

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "kohorte" / "src" / "kohorte"
CATALOGS = sorted((SOURCES / "locale" / "de").glob("*.po"))
FIELD = re.compile(r"\{(\w+)(?::[^{}|]+\|[^{}|]+)?\}")


def sentences() -> Iterator[str]:
    """Give the text of every `Sentence`, `translate` and error in the code."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and is_spoken(node.func):
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield text.value


def is_spoken(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    is_ours = name.endswith("Error") and not hasattr(builtins, name)
    return is_ours or name in {"Sentence", "translate"}


def messages() -> list[Message]:
    """Return the entries of all German catalogs but their heads."""
    found = []
    for catalog in CATALOGS:
        with catalog.open("rb") as file:
            found += [message for message in pofile.read_po(file) if message.id]
    return found


def test_every_sentence_in_the_code_has_german_words() -> None:
    known = {message.id for message in messages() if message.string}
    assert sorted({*sentences(), *commands.texts()} - known) == []


def test_no_sentence_stands_in_two_catalogs() -> None:
    repeated = [text for text, count in Counter(m.id for m in messages()).items() if count > 1]
    assert repeated == []


@pytest.mark.parametrize("text", sorted(set(sentences())))
def test_the_german_words_name_the_same_values(text: str) -> None:
    assert set(FIELD.findall(translate(text, "de"))) == set(FIELD.findall(text))


def test_no_entry_is_unfinished_or_doubtful() -> None:
    assert [message.id for message in messages() if message.fuzzy or not message.string] == []

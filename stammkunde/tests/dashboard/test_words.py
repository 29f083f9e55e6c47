"""Every word of the pages exists in German, says the same with the same values, and is of our own files."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest

from stammkunde.core.shops import rules
from stammkunde.core.shops.services import DECISIONS
from stammkunde.faces.dashboard import event_details, words
from stammkunde.records.consent import models as consent
from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]+>")
INFORMAL = re.compile(
    r"\b(?:du|dein|deine|deinen|deinem|deiner|dich|dir|euch|euer|eure)\b", re.IGNORECASE
)
NOT_SAID = [
    re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL),
    re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL),
    re.compile(r"<style>.*?</style>|<code>.*?</code>|<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL),
]
NAMES = {"CSV", "JSON", "PNG", "Parquet", "SVG", "Stammkunde"}
# What is told to the last of these goes into a note as it is.
NOTING = ("audit.note", "log.note", "lists.send")
VENDOR = messages.PACKAGE / "faces" / "dashboard" / "static" / "vendor"
CATALOG = {(message.id, message.context): message for message in messages.read() if message.id}


def test_everything_that_is_said_stands_in_the_catalog() -> None:
    said = {(message.id, message.context) for message in messages.said() if message.id}

    assert said == CATALOG.keys(), "Run `python -m tools.messages gather`."


def test_everything_has_german_words_and_nothing_is_a_guess() -> None:
    assert [key for key, one in CATALOG.items() if not messages.is_translated(one.string)] == []
    assert [key for key, one in CATALOG.items() if one.fuzzy] == []


def test_german_and_english_have_the_same_places_for_values() -> None:
    for message in CATALOG.values():
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        german = message.string if isinstance(message.string, tuple) else (message.string,)
        for said, meant in zip(german, english, strict=True):
            if said:
                # “One customer” may stand for its number in either language.
                values = set(PLACEHOLDER.findall(said)), set(PLACEHOLDER.findall(meant))
                assert values[0] in (values[1], set(PLACEHOLDER.findall(english[-1]))), said


def test_people_are_addressed_formally_and_calmly() -> None:
    for message in CATALOG.values():
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not INFORMAL.search(str(text)), text
            assert "!" not in str(text), text


def test_no_template_says_anything_that_the_catalog_does_not_hold() -> None:
    bare = {}
    for file in messages.PACKAGE.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        for noise in NOT_SAID:
            text = noise.sub(" ", text)
        if found := set(re.findall(r"[^\W\d_]{2,}", text)) - NAMES:
            bare[file.name] = found
    assert bare == {}


def test_permissions_roles_and_decisions_have_words() -> None:
    assert words.PERMISSIONS.keys() == set(rules.PERMISSIONS)
    assert words.ROLES.keys() == {"owner", *rules.ALLOWED}
    assert words.EFFECTS.keys() == set(DECISIONS)


def test_every_event_of_the_log_has_words() -> None:
    noted = {
        name
        for file in messages.PACKAGE.rglob("*.py")
        for name in _noted(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert noted - words.EVENTS.keys() == set()


def test_events_whose_name_is_put_together_have_words() -> None:
    states = {f"consent.{state}" for state, _name in consent.STATES}
    states |= {f"import.{state}" for state in ("publishing", "published", "undoing", "undone")}

    assert states - words.EVENTS.keys() == set()


def test_everything_that_an_event_tells_has_a_label() -> None:
    told = {
        keyword.arg
        for file in messages.PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in NOTING
        for keyword in node.keywords
        if keyword.arg is not None
    }
    own = {"actor", "shop_id", "about", "changed", "counts"}

    assert told - own - event_details.UNSAID - event_details.LABELS.keys() == set()


def _noted(tree: ast.AST) -> set[str]:
    """Return the names of events in a module; of one that is passed on, every dotted word is taken."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note"):
            continue
        match node.args:
            case [ast.Name(), *_]:
                found |= _dotted(tree) - _refusals(tree)
            case [named, *_]:
                found |= _dotted(named)
    return found


def _dotted(tree: ast.AST) -> set[str]:
    strings = {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)}
    return {
        one for one in strings if isinstance(one, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", one)
    }


def _refusals(tree: ast.AST) -> set[str]:
    words_ = [each for each in ast.walk(tree) if isinstance(each, ast.keyword)]
    return {name for each in words_ if each.arg == "name" for name in _dotted(each)}


def test_a_stale_catalog_is_compiled_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = tmp_path / "django.po"
    copied.write_bytes(messages.WORDS.read_bytes())
    monkeypatch.setattr(messages, "WORDS", copied)
    messages.compile_stale()
    first = copied.with_suffix(".mo").stat()
    messages.compile_stale()

    assert copied.with_suffix(".mo").stat().st_mtime_ns == first.st_mtime_ns
    assert sorted(file.name for file in tmp_path.iterdir()) == ["django.mo", "django.po"]


def test_vendored_files_have_their_stated_checksum_and_licence() -> None:
    table = (VENDOR / "VENDORED.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| `([^`]+)`.*\| `([0-9a-f]{64})` \|$", table, flags=re.MULTILINE)

    assert {name for name, _ in stated} == {file.name for file in VENDOR.glob("*.[jc]s*")}
    for name, digest in stated:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    for licence in re.findall(r"`([\w.-]+\.LICENSE)`", table):
        assert (VENDOR / licence).stat().st_size > 100

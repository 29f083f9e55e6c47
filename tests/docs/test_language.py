"""What people read: German is formal and German, and both languages say the same."""

from __future__ import annotations

import re

import pytest

from tools import texts

INFORMAL = re.compile(r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE)


def test_german_texts_say_sie_and_never_du() -> None:
    familiar = [line for line in texts.lines("de") if INFORMAL.search(line.text)]
    assert familiar == []


@pytest.mark.parametrize("text", ["Kannst du das?", "Deine Daten", "Euch gehört es"])
def test_the_familiar_form_would_be_noticed(text: str) -> None:
    assert INFORMAL.search(text)


def test_every_page_exists_in_both_languages() -> None:
    german, english = (
        {
            file.relative_to(texts.ROOT / "docs" / language).as_posix()
            for file in (texts.ROOT / "docs" / language).rglob("*.md")
        }
        for language in ("de", "en")
    )
    assert german == english
    assert german


def test_code_links_and_placeholders_are_not_spelled() -> None:
    text = "See `foo_bar` at [the page](a/b.md), {n} of <b>it</b>, https://x.example/y.\n```\nxyz\n```\n"
    (line,) = texts.prose(text, "page.md")
    assert line.place == "page.md:1"
    assert line.text.split() == ["See", "at", "[the", "page", ",", "of", "it", ","]

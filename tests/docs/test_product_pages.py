"""The pages about the product name what is on its pages, and their conditions can be understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kohorte import conditions
from tools import messages

ROOT = Path(__file__).parents[2]
PAGES = (
    *("move-in", "import-files", "predictions", "customers", "explore", "reports", "privacy"),
    *("run-for-others", "prove", "points"),
)
CATALOG = [message for message in messages.read() if message.id]
ENGLISH = {str(message.id) for message in CATALOG}
GERMAN = {str(message.string) for message in CATALOG}


def text(language: str, page: str) -> str:
    return (ROOT / "docs" / language / "how-to" / f"{page}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH), ("de", GERMAN)])
def test_what_stands_in_italics_is_on_a_page_of_the_product(
    language: str, said: set[str], page: str
) -> None:
    known = {word.removesuffix(" …").casefold() for word in said}
    quoted = re.findall(r"(?<![\w*])\*([^*\n]+(?:\n[^*\n]+)?)\*(?![\w*])", text(language, page))
    steps = {" ".join(step.split()) for each in quoted for step in each.split("→")}

    assert {step for step in steps if step.casefold() not in known} == set()


@pytest.mark.parametrize("language", ["en", "de"])
def test_conditions_that_are_shown_can_be_understood(language: str) -> None:
    block = re.findall(r"```text\n(.*?)```", text(language, "customers"), re.DOTALL)[0]

    assert len(block.splitlines()) == 3
    known = conditions.customers.facts(exponent=2)
    for line in block.splitlines():
        assert conditions.parse(line, known)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_pictures_and_commands(page: str) -> None:
    shown = [
        re.findall(r"\((../pictures/[\w-]+\.png)\)", text(each, page)) for each in ("en", "de")
    ]
    heads = [text(each, page).count("\n## ") for each in ("en", "de")]

    assert shown[0] == shown[1]
    assert heads[0] == heads[1]
    for language in ("en", "de"):
        for picture in shown[0]:
            file = ROOT / "docs" / language / "how-to" / picture
            assert file.stat().st_size < 150_000, picture

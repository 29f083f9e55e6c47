"""What the page about files that nobody prepared shows is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kohorte.cli import app
from kohorte.errors import ReadError

ROOT = Path(__file__).parents[2]
FILES = ROOT / "kohorte/tests/reading/fixtures/strangers"
LANGUAGES = ("de", "en")


def page(language: str) -> str:
    return (ROOT / "docs" / language / "how-to/unprepared-file.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["etsy_sold_orders.csv", "olist_orders.csv", "paypal_de.csv"])
def test_the_columns_that_the_page_shows_are_those_that_are_recognized(
    name, language, capsys, monkeypatch
):
    monkeypatch.chdir(FILES)
    app.build(language)(["check", name, "--language", language], standalone_mode=False)

    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    guesses = [line for line in told if " = " in line]
    assert guesses
    assert [line for line in guesses if line not in page(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_that_the_page_joins_are_joined(language, capsys, monkeypatch):
    monkeypatch.chdir(FILES)
    files = ["olist_orders.csv", "olist_order_items.csv"]
    app.build(language)(["check", *files, "--language", language], standalone_mode=False)

    told = capsys.readouterr().out.splitlines()
    first = next(n for n, line in enumerate(told) if line.startswith("olist_order_items.csv"))
    shown = told[first : first + 7]
    assert [line for line in shown if line not in page(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["olist_order_items.csv", "kofi_sales.csv"])
def test_the_errors_that_the_page_shows_are_those_that_are_raised(name, language, monkeypatch):
    monkeypatch.chdir(FILES)
    with pytest.raises(ReadError) as caught:
        app.build(language)(["check", name, "--language", language], standalone_mode=False)

    assert caught.value.render(language) in page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mapping_that_the_page_shows_is_the_one_that_is_kept(language, monkeypatch, tmp_path):
    monkeypatch.chdir(FILES)
    kept = tmp_path / "etsy.toml"
    held = ("--taxes", "inside", "--postage", "inside")
    app.build(language)(
        ["mapping", "etsy_sold_orders.csv", "--yes", *held, "--save", str(kept)],
        standalone_mode=False,
    )

    assert kept.read_text(encoding="utf-8") in page(language)

"""Nothing is measured, set or run that is not explained in both languages."""

from __future__ import annotations

import dataclasses

import pytest

from kohorte import metrics, relations, tables
from kohorte.language import LANGUAGES, Language, Text, translate
from kohorte.reading import options
from kohorte.settings import Settings
from stammkunde.config import variables
from tools.reference import commands, pages, product_commands, reading, settings

SENTENCES_ONLY = {"sentence", "denominator", "censoring"}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages.all_pages()


@pytest.mark.parametrize("slug", metrics.every())
def test_a_metric_has_every_text_in_both_languages(slug: str) -> None:
    metric = metrics.get(slug)
    texts = {
        field.name: getattr(metric, field.name)
        for field in dataclasses.fields(metric)
        if isinstance(getattr(metric, field.name), Text)
    }
    assert {"name", "formula", *SENTENCES_ONLY} <= texts.keys()
    for name, text in texts.items():
        assert text.de.strip(), name
        assert text.en.strip(), name
        if name in SENTENCES_ONLY - {"denominator"}:
            assert text.de != text.en


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", metrics.every())
def test_a_metric_is_documented_with_its_query(
    made: dict[str, str], slug: str, language: Language
) -> None:
    page = made[f"{language}/reference/metrics.md"]
    metric = metrics.get(slug)
    assert f"{{ #{slug} }}" in page
    assert metric.sentence.render(language) in page
    assert metric.sql.splitlines()[0] in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", relations.every())
def test_a_relation_is_documented_with_its_query(
    made: dict[str, str], name: str, language: Language
) -> None:
    page = made[f"{language}/reference/relations.md"]
    relation = relations.get(name)
    assert relation.meaning.de != relation.meaning.en
    assert f"## `{name}`" in page
    assert relation.meaning.render(language) in page
    assert relation.sql in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_documented_with_its_default(
    made: dict[str, str], language: Language
) -> None:
    page = made[f"{language}/reference/settings.md"]
    for name in Settings.names():
        assert f"| `{name}` | " in page
    assert "| `365` |" in page
    assert settings.MEANINGS.keys() == set(Settings.names())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_of_the_product_is_documented(
    made: dict[str, str], language: Language
) -> None:
    page = made[f"{language}/reference/product-settings.md"]
    for variable in variables.VARIABLES:
        assert f"| `{variable.name}` | {variable.meaning.render(language)} |" in page
        assert variable.meaning.de != variable.meaning.en


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_said_about_a_file_is_documented(
    made: dict[str, str], language: Language
) -> None:
    page = made[f"{language}/reference/reading.md"]
    assert reading.MEANINGS.keys() == set(options.MEANINGS)
    assert reading.OPTIONS.keys() == {
        field.name for field in dataclasses.fields(options.ReadOptions)
    }
    for text in (*reading.MEANINGS.values(), *reading.OPTIONS.values()):
        assert text.render(language) in page.replace("\\|", "|")
        assert text.de != text.en


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", tables.EVERY)
def test_a_table_is_documented_with_every_column(
    made: dict[str, str], name: str, language: Language
) -> None:
    page = made[f"{language}/reference/tables.md"]
    table = tables.EVERY[name]
    assert f"## `{name}`" in page
    assert table.meaning.de != table.meaning.en
    for column in table.columns:
        row = f"| `{column.name}` | `{column.type}` |"
        assert row in page
        assert column.meaning.render(language) in page
        assert column.meaning.de.strip()


@pytest.mark.parametrize("name", commands.commands())
def test_a_command_is_documented_with_all_it_takes(made: dict[str, str], name: str) -> None:
    command = commands.commands()[name]
    for language in LANGUAGES:
        page = made[f"{language}/reference/commands.md"]
        assert f"{{ #{name} }}" in page
        assert translate(command.help, language) in page
        for parameter in command.params:
            assert f"| `{parameter.name.upper()}` |" in page or f"| `{parameter.opts[0]}` |" in page


def test_every_text_of_the_command_line_has_german_words() -> None:
    assert [text for text in commands.texts() if translate(text, "de") == text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_product_is_documented_with_all_it_takes(
    made: dict[str, str], language: Language
) -> None:
    page = made[f"{language}/reference/product-commands.md"]
    for name, command in product_commands.commands(language).items():
        assert f"## `stammkunde {name}` {{ #{name.replace(' ', '-')} }}" in page
        assert command.help in page
        for parameter in command.params:
            assert f"| `{parameter.name.upper()}` |" in page or f"| `{parameter.opts[0]}` |" in page

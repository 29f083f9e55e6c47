"""The commands on the page about files beside the orders do what the page says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from kohorte import templates
from kohorte.cli import app
from kohorte.language import Language

ROOT = Path(__file__).parents[2]
NAMES: dict[Language, dict[str, str]] = {
    "en": {
        "orders.csv": "orders",
        "spend.csv": "spend",
        "responses.xlsx": "responses",
        "tickets.csv": "tickets",
    },
    "de": {
        "bestellungen.csv": "orders",
        "ausgaben.csv": "spend",
        "antworten.xlsx": "responses",
        "tickets.csv": "tickets",
    },
}


def page(language: Language) -> str:
    return (ROOT / "docs" / language / "how-to/costs-answers-tickets.md").read_text("utf-8")


def commands(language: Language) -> list[str]:
    blocks = page(language).split("```sh\n")[1:]
    return [block.split("```")[0].strip() for block in blocks]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_commands_run_on_the_templates(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, table in NAMES[language].items():
        Path(name).write_text(templates.write(table, language=language), encoding="utf-8-sig")

    for command in commands(language):
        if " template " in command:
            Path(shlex.split(command)[-1]).unlink()
        app.build(language)(shlex.split(command)[1:], standalone_mode=False)

    told = capsys.readouterr().out
    assert len(commands(language)) == 3
    assert "spend.channel" in told
    assert Path(shlex.split(commands(language)[0])[-1], "report.html").exists()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_table_with_a_template_is_named(language: Language) -> None:
    for table in templates.TEMPLATES.keys() - {"orders", "order_lines", "refunds", "customers"}:
        assert f"`{table}`" in page(language) or f"template {table}" in page(language)

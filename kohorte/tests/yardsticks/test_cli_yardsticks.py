"""Bridges, published figures, targets and earlier reports on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kohorte.cli import app
from kohorte.errors import KohorteError

HEAD = "Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag\n"
ORDERS = """1001;K-1;03.01.2024;20,00
1002;K-2;04.01.2024;30,00
1003;K-1;20.02.2024;40,00
1004;K-3;21.02.2024;10,00
1005;K-2;01.03.2024;80,00
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.csv").write_text(HEAD + ORDERS, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str, language: str = "de") -> list[str]:
    app.build("de")([*arguments, "--language", language], standalone_mode=False)
    return capsys.readouterr().out.splitlines()


def test_a_bridge_leads_from_their_number_to_ours(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(
        capsys, "bridge", "returning_customer_rate", "shop.csv", "--period", "2024-02",
        "--theirs", "60",
    )  # fmt: skip
    assert said[0] == (
        "Anteil wiederkehrender Kunden (returning_customer_rate), 1. Feb. 2024 bis 29. Feb. 2024"
    )
    assert [line.strip() for line in said[5:10]] == [
        "60,0\N{NO-BREAK SPACE}%  zeigt Shopify",
        "−10,0 Punkte  ungeklärt: Dorthin führt kein Schritt",
        "50,0\N{NO-BREAK SPACE}%  wie Shopify rechnet, mit diesen Daten",
        "50,0\N{NO-BREAK SPACE}%  wie hier gerechnet wird",
        "",
    ]
    assert said[10].startswith("Hier ohne Wirkung: Ausgelassen: Voll erstattet; Wiederkehrend ist")
    assert said[-1].endswith("ihre Summe dieselbe.")


def test_the_lines_of_a_bridge_add_up_as_they_are_written(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(
        capsys, "bridge", "returning_customer_rate", "shop.csv", "--period", "2024-01",
        "--their-first", "2024-01-04", "--their-last", "2024-02-21", "--seen", "2024-02-25",
        language="en",
    )  # fmt: skip
    assert [line.strip() for line in said if "points" in line or "%  " in line] == [
        "33.3%  as Shopify calculates, on these data",
        "+33.4 points  Orders after 25 Feb 2024, which it did not know yet",
        "+33.3 points  From 1 Jan 2024 to 31 Jan 2024 instead",
        "−100.0 points  Returning is only who had bought before, not who bought again later",
        "0.0%  as it is calculated here",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["orders", "shop.csv"], "Bekannt sind: returning_customer_rate"),
        (["orders", "shop.csv", "--to", "x"], "Das Werkzeug „x“ gibt es hier nicht"),
        (["no", "shop.csv"], "„no“"),
        (
            ["orders", "shop.csv", "--to", "woocommerce", "--their-first", "2024-01-01"],
            "ein letzter",
        ),
        (["orders", "shop.csv", "--to", "woocommerce", "--seen", "soon"], "„soon“ ist kein Tag"),
        (["orders", "shop.csv", "--to", "woocommerce", "--period", "2031"], "2031"),
        (["orders", "shop.csv", "--to", "woocommerce", "--their-timezone", "Mars"], "„Mars“"),
        (["orders", "shop.csv", "--to", "woocommerce", "--where", "orders >= 2"], "alle Kunden"),
    ],
)
def test_a_bridge_that_cannot_be_is_one_sentence(
    arguments: list[str], said: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KohorteError) as caught:
        run(capsys, "bridge", *arguments)
    assert said in caught.value.render("de")


def test_published_figures_are_listed_with_their_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = "\n".join(run(capsys, "benchmarks"))
    assert "Kundenbindungsrate (customer_retention_rate): 40–60\N{NO-BREAK SPACE}%" in said
    assert "Verglichen mit active_days = 365, retention_days = 365." in said
    assert "Nicht verglichen: Dort zählen Pakete und keine Bestellungen, und ohne Frist." in said
    assert "https://www.prnewswire.com/" in said


def test_a_report_holds_its_numbers_against_targets(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "ziele.toml").write_text("average_order_value = 30\n", encoding="utf-8")
    run(capsys, "report", "shop.csv", "--out", "r", "--targets", "ziele.toml")
    page = (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert "Ziel 30,00: 5,00 darunter" in page
    known = json.loads((shop / "r" / "metrics.json").read_text(encoding="utf-8"))
    assert known["targets"] == [
        {
            "metric": "average_order_value", "value": 30, "grain": None, "segment": "all",
            "since": None, "until": None,
        }
    ]  # fmt: skip
    assert [(one["period"], one["value"]) for one in known["verdicts"]] == [("2024-02", 25)]


def test_the_next_report_tells_what_changed_since_the_last_one(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "report", "shop.csv", "--out", "r")
    first = (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert "Seit dem letzten Bericht" not in first
    (shop / "shop.csv").write_text(HEAD + ORDERS + "1006;K-9;05.02.2024;5,00\n", encoding="utf-8")

    said = run(capsys, "explain", "revenue", "shop.csv", "--period", "2024-02", "--earlier", "r")
    assert [line.strip() for line in said[-4:-1]] == [
        "50,00  im Bericht in r",
        "+5,00  1 Bestellung von vor dem 1. März 2024 kam später dazu",
        "55,00  jetzt",
    ]
    run(capsys, "report", "shop.csv", "--out", "r")
    page = (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert "Seit dem letzten Bericht" in page
    assert "+5,00: 1 Bestellung von vor dem 1. März 2024 kam später dazu" in page
    known = json.loads((shop / "r" / "metrics.json").read_text(encoding="utf-8"))
    assert known["restatement"]["refused"] is None
    assert known["restatement"]["changed"] > 0
    run(capsys, "report", "shop.csv", "--out", "other", "--earlier", "r")
    other = (shop / "other" / "report.html").read_text(encoding="utf-8")
    assert "sind, wie sie waren." in " ".join(other.split())


def test_another_shops_report_is_replaced_and_not_compared(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "report", "shop.csv", "--out", "r")
    other = (HEAD + ORDERS).replace("\n10", "\n77")
    (shop / "shop.csv").write_text(other.replace(",00\n", ",50\n"), encoding="utf-8")
    run(capsys, "report", "shop.csv", "--out", "r")
    page = (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert "Vielleicht gehört er einem anderen Shop." in page


def test_comparing_takes_files(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KohorteError, match="It takes order files to compare"):
        run(capsys, "explain", "revenue", "--earlier", "r")
    with pytest.raises(KohorteError, match="holds no earlier report"):
        run(capsys, "explain", "revenue", "shop.csv", "--earlier", "nowhere")

"""`kohorte experiment` and `kohorte power` from end to end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from kohorte.cli.app import build
from kohorte.errors import KohorteError
from kohorte.language import Language

ORDERS = "Bestellnummer;Kundennummer;Datum;Summe\n" + "".join(
    f"B{number}-{month};K{number};{1 + number % 28:02}.{month:02}.2026;{20 + number % 9},50\n"
    for number in range(120)
    for month in range(1, 7)
    if (number + month) % 3 == 0 or (month == 6 and number % 4 == 1)
)


def run(*words: str, language: Language = "en") -> str:
    found = CliRunner().invoke(build(language), [*words, "--language", language])
    if isinstance(found.exception, KohorteError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def trial(tmp_path: Path) -> str:
    """A trial of 400 in a German dialect: half again as many of who got the mail ordered."""
    rows = [
        f"K{n};{('Kontrolle', 'Mail')[n % 2]};{('ja' if 7 * n % 10 < 3 + 3 * (n % 2) else 'nein')};{12 * (7 * n % 10 < 3 + 3 * (n % 2))},50;{('DE', 'AT')[n % 3 % 2]}"
        for n in range(400)
    ]
    path = tmp_path / "test.csv"
    path.write_text("Kunde;Gruppe;bestellt;Umsatz;Land\n" + "\n".join(rows), "cp1252")
    return str(path)


def test_a_german_file_needs_no_word_but_what_it_is_judged_by(trial: str) -> None:
    said = run("experiment", trial, "--measure", "bestellt", "--once", language="de")
    assert "400 Kunden in 2 Gruppen; „Kontrolle“ bekam nichts." in said
    assert re.search(r"Mail +60,0\s%", said)
    assert "besser, mehr als Zufall" in said
    assert "für die geplanten Auswertungen" in said


def test_everything_is_there_as_json(trial: str) -> None:
    told = json.loads(
        run("experiment", trial, "--measure", "bestellt", "--measure", "Umsatz", "--by", "land",
            "--share", "Kontrolle=50", "--share", "Mail=50", "--json")
    )  # fmt: skip
    assert told["arms"] == {"Kontrolle": 200, "Mail": 200}
    assert not told["sample_ratio"]["is_off"]
    assert [effect["measure"] for effect in told["effects"]] == ["bestellt", "Umsatz"]
    assert set(told["groups"]["Mail"]["effects"]) == {"DE", "AT"}


def test_arms_that_are_not_as_planned_prove_nothing(trial: str) -> None:
    said = run(
        "experiment",
        trial,
        "--measure",
        "bestellt",
        "--share",
        "Kontrolle=10",
        "--share",
        "Mail=90",
    )
    assert "the differences below prove nothing" in said
    assert "in all beyond what would have come anyway" not in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Say what the trial is judged by"),
        (["--measure", "clicks"], "“clicks” was not measured. There are: bestellt, Umsatz."),
        (["--measure", "bestellt", "--by", "size"], "cannot be told apart by “size”"),
        (["--measure", "bestellt", "--arm", "Land"], "It is not evident which arm got nothing."),
        (["--measure", "bestellt", "--control", "x"], "It is not evident which arm got nothing."),
        (["--measure", "bestellt", "--arm", "x"], "has no column “x”"),
        (["--measure", "bestellt", "--share", "Mail"], "“Mail” is no share"),
        (["--measure", "bestellt", "--share", "Sms=50"], "There is no arm “Sms”"),
        (["--measure", "bestellt", "--looks", "a"], "“a” are no looks"),
        (["--measure", "bestellt", "--looks", "0.5,0.2"], "come one after the other"),
        (["--orders", "x.csv"], "Say when the trial began"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(trial: str, words: list[str], sentence: str) -> None:
    with pytest.raises(KohorteError, match=sentence.replace("(", r"\(")):
        run("experiment", trial, *words)


def test_a_file_without_an_arm_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("customer,revenue\n1,2\n2,3\n", "utf-8")
    with pytest.raises(KohorteError, match="not evident which column"):
        run("experiment", str(path), "--measure", "revenue")


def test_what_customers_did_is_counted_in_the_orders(tmp_path: Path) -> None:
    orders, assigned = tmp_path / "orders.csv", tmp_path / "assigned.csv"
    orders.write_text(ORDERS, "utf-8")
    rows = [f"K{n},{'control' if n % 4 else 'mail'}" for n in range(130)]
    assigned.write_text("customer,arm\n" + "\n".join(rows), "utf-8")
    told = json.loads(
        run("experiment", str(assigned), "--orders", str(orders), "--start", "2026-05-29",
            "--days", "28", "--once", "--json")
    )  # fmt: skip
    ordered = {effect["measure"]: effect for effect in told["effects"]}["ordered"]
    lines = [line.split(";") for line in ORDERS.splitlines()[1:]]
    june = {who for _b, who, day, _s in lines if day.endswith("06.2026") and int(day[:2]) <= 25}
    mail = [f"K{n}" for n in range(130) if n % 4 == 0]
    assert ordered["n"] == len(mail)
    assert set(told["arms"].values()) == {33, 97}
    raw = sum(who in june for who in mail) / len(mail)
    assert ordered["value"] == pytest.approx(raw, abs=0.12)
    with pytest.raises(KohorteError, match="before 60 days after the start"):
        run("experiment", str(assigned), "--orders", str(orders), "--start", "2026-06-10",
            "--days", "60")  # fmt: skip


def test_customers_of_a_trial_are_found_by_any_number_or_address(tmp_path: Path) -> None:
    orders, assigned = tmp_path / "orders.csv", tmp_path / "assigned.csv"
    lines = [line.split(";") for line in ORDERS.splitlines()]
    rows = [";".join([*lines[0], "E-Mail"])]
    rows += [";".join([*line, f"{line[1].lower()}@example.com"]) for line in lines[1:]]
    # K0 orders under a second account as well, whose address joins the two.
    rows.append("B0-x;K900;02.06.2026;30,50;k0@example.com")
    orders.write_text("\n".join(rows), "utf-8")

    def told(who: list[str]) -> str:
        arms = ["control" if n % 2 else "mail" for n in range(len(who))]
        listed = "\n".join(f"{one},{arm}" for one, arm in zip(who, arms, strict=True))
        assigned.write_text(f"email,arm\n{listed}", "utf-8")
        return run("experiment", str(assigned), "--orders", str(orders), "--start", "2026-05-29",
                   "--days", "28", "--once", "--json")  # fmt: skip

    by_number = json.loads(told([f"K{n}" for n in range(100)]))
    by_address = json.loads(told([f" K{n}@Example.com" for n in range(100)]))
    assert by_address["arms"] == by_number["arms"]
    for one, other in zip(by_address["effects"], by_number["effects"], strict=True):
        assert one["difference"] == pytest.approx(other["difference"])
    # The second account in another arm: the customer got both.
    both = json.loads(told([*(f"k{n}@example.com" for n in range(100)), "x@example.com", "K900"]))
    assert sum(both["arms"].values()) == 100
    assert both["left_out"] == {"several_arms": 1, "nameless": 0}


def test_finished_tables_tell_by_what_else_customers_go(tmp_path: Path) -> None:
    connection = duckdb.connect()
    days = "DATE '2026-05-01' + (order_id % 60)::INTEGER"
    for name, select in {
        "orders": f"SELECT 'B' || order_id AS order_id, 'K' || order_id % 100 AS customer_id, "
        f"({days})::TIMESTAMP AS placed_at, 1000 AS amount_minor FROM range(300) orders(order_id)",
        "identities": "SELECT 'K' || n AS customer_id, 'k' || n || '@example.com' AS key, "
        "'same_row' AS rule FROM range(100) people(n)",
    }.items():
        connection.execute(f"COPY ({select}) TO '{tmp_path / name}.parquet'")
    assigned = tmp_path / "assigned.csv"
    tables = [word for name in ("orders", "identities")
              for word in ("--orders", str(tmp_path / f"{name}.parquet"))]  # fmt: skip

    def told(who: str) -> Any:
        rows = [f"{who.format(n)},{'control' if n % 2 else 'mail'}" for n in range(100)]
        assigned.write_text("\n".join(["customer,arm", *rows]), "utf-8")
        return json.loads(run("experiment", str(assigned), *tables, "--start", "2026-05-29",
                              "--days", "28", "--once", "--json"))  # fmt: skip

    assert told("K{}@Example.com") == told("K{}")


def test_rows_of_a_trial_that_name_nobody_are_nobody(tmp_path: Path) -> None:
    orders, assigned = tmp_path / "orders.csv", tmp_path / "assigned.csv"
    orders.write_text(ORDERS, "utf-8")
    rows = [f"K{n},{'control' if n % 2 else 'mail'}" for n in range(100)]

    def told(*more: str) -> tuple[dict[str, Any], str]:
        assigned.write_text("\n".join(["customer,arm", *rows, *more]), "utf-8")
        words = ("experiment", str(assigned), "--orders", str(orders), "--start", "2026-05-29",
                 "--days", "28", "--once")  # fmt: skip
        return json.loads(run(*words, "--json")), run(*words)

    without, said = told()
    found, sentence = told(",mail", " ,mail", ",control")
    assert found.pop("left_out") == {"several_arms": 0, "nameless": 3}
    assert without.pop("left_out") == {"several_arms": 0, "nameless": 0}
    assert found == without
    assert sentence == f"Rows of the trial that name no customer are left out: 3.\n{said}"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["X1,mail", "X2,control"], "The orders know none of the customers of the trial."),
        (["K1,mail", "K2,control", "K1,control"], "A customer is in the trial more than once"),
    ],
)
def test_customers_that_cannot_be_told_are_refused(
    tmp_path: Path, rows: list[str], sentence: str
) -> None:
    orders, assigned = tmp_path / "orders.csv", tmp_path / "assigned.csv"
    orders.write_text(ORDERS, "utf-8")
    # Twenty more, so that the column is evidently that of the customers.
    more = [f"{rows[0][0]}{n},control" for n in range(30, 50)]
    assigned.write_text("customer,arm\n" + "\n".join([*rows, *more]), "utf-8")
    with pytest.raises(KohorteError, match=sentence):
        run("experiment", str(assigned), "--orders", str(orders), "--start", "2026-05-29",
            "--days", "28")  # fmt: skip


def test_ranges_have_the_coverage_that_is_asked_for(trial: str) -> None:
    widths = []
    for confidence in ("80", "99"):
        (effect,) = json.loads(
            run("experiment", trial, "--measure", "bestellt", "--confidence", confidence, "--json")
        )["effects"]
        widths.append(effect["high"] - effect["low"])
    assert widths[0] < 0.8 * widths[1]


def test_power_names_what_can_be_seen_and_what_helps() -> None:
    said = run("power", "--customers", "10000", "--share", "12", language="de")
    assert "Wirkungen ab 26" in said
    assert "Aus 12,0" in said
    assert "den Test 3-mal wiederholen" in said


def test_power_takes_the_shops_own_customers(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    said = run("power", str(path), "--days", "28")
    assert re.match(r"\d+ active customers on \d+ \w+ 2026", said)
    assert "Revenue per customer" in said


def test_power_without_anything_to_go_by_says_what_it_takes(tmp_path: Path) -> None:
    with pytest.raises(KohorteError, match="Name order files"):
        run("power", "--customers", "100")
    history = tmp_path / "short.csv"
    history.write_text("order,customer,date,total\n1,a,2026-01-01,5\n2,b,2026-01-03,5\n", "utf-8")
    with pytest.raises(KohorteError, match="too little to plan"):
        run("power", str(history))

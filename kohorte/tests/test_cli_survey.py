"""`kohorte survey` from end to end: published figures, files in any layout, and what is not known."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from kohorte.cli.app import build
from kohorte.errors import KohorteError
from kohorte.language import Language

AIRPORT = Path(__file__).parent / "beside" / "data" / "sfo_nps.parquet"


app = functools.cache(build)


def run(*words: str, language: Language = "en") -> str:
    found = CliRunner().invoke(app(language), ["survey", *words, "--language", language])
    if isinstance(found.exception, KohorteError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


def told(*words: str) -> dict[str, Any]:
    return json.loads(run(*words, "--json"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> str:
    """1,000 German customers who were asked; who orders more answers more and is happier."""
    chance = np.random.default_rng(1)
    late, good = "Lieferung kam zu spät an", "Schöner weicher Stoff, gerne wieder"
    rows = ["Kunde;Antwortdatum;Weiterempfehlung;Lieferung;Preis;Kommentar;Land;Käufe"]
    for n in range(1000):
        orders = int(chance.poisson(2)) + 1
        land = "DE" if n % 3 else "AT"
        if chance.random() < 0.1 + 0.12 * min(orders, 6):
            own = int(np.clip(round(2.5 + chance.normal() + 0.3 * orders), 1, 5))
            score = int(np.clip(round(2 * own + chance.normal()), 0, 10))
            text = f"{good if score > 8 else late} {n}" if n % 2 else ""
            day = f"{1 + n % 28:02}.{1 + n % 4:02}.2026"
            rows.append(f"K{n};{day};{score};{own};{1 + n % 5};{text};{land};{orders}")
        else:
            rows.append(f"K{n};;;;;;{land};{orders}")
    path = tmp_path_factory.mktemp("survey") / "umfrage.csv"
    path.write_text("\n".join(rows), "cp1252")
    return str(path)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Orders of the same customers, in which the number alone tells who comes again."""
    chance = np.random.default_rng(2)
    lines = ["Bestellnummer;Kundennummer;Datum;Summe"]
    for n in range(1000):
        often = chance.gamma(2, 1)
        for k in range(int(chance.poisson(often)) + 1):
            day = np.datetime64("2025-06-01") + int(chance.integers(0, 210))
            lines.append(f"A{n}-{k};K{n};{day};{20 + n % 9},50")
        if chance.random() < 0.25 + 0.05 * often:
            lines.append(f"B{n};K{n};{np.datetime64('2026-04-29') + n % 3};30,00")
    lines += [f"Z{n};K{n};2026-08-01;10,00" for n in range(20)]
    path = tmp_path_factory.mktemp("orders") / "bestellungen.csv"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def test_the_airports_published_scores_come_out() -> None:
    found = told(str(AIRPORT), "--by", "YEAR")
    years = found["groups"]["year"]["groups"]
    assert {year: one["n"] for year, one in years.items()} == {"2017": 2_746, "2018": 2_650}
    assert [round(years[year]["plain"]["value"], 2) for year in years] == [39.84, 30.98]
    assert [round(years[year]["weighted"]["value"], 2) for year in years] == [40.40, 35.11]
    assert found["groups"]["year"]["p"] < 0.001
    (question,) = found["questions"]
    assert (question["question"], question["off_scale"], question["n"]) == ("nps", 243, 5_396)
    assert question["effective_n"] < 4_500
    assert found["response_rate_percent"] is None


def test_a_german_file_needs_no_word_at_all(wide: str) -> None:
    said = run(wide, language="de")
    assert "„Weiterempfehlung“, von 0 bis 10" in said
    assert re.search(r"NPS +[−0-9,]+ \([−0-9,]+ bis [−0-9,]+\)", said)
    assert "Wie viele gefragt wurden, ist nicht bekannt" in said
    assert re.search(r"Lieferung +[0-9,]+\s% .* steigt mit", said)
    assert "2026-01" in said
    assert "--comments liest es" in said
    assert "spät" not in said


def test_who_did_not_answer_is_weighed_up_and_shown(wide: str, orders: str) -> None:
    found = told(wide, "--invited", "--by", "Land", "--orders", orders)
    assert found["asked"] == 1000
    assert {"recency", "frequency", "tenure", "value"} < set(found["differences"])
    assert found["foretelling"]["odds"]["low"] < 1 < found["foretelling"]["odds"]["high"]
    assert 30 < found["response_rate_percent"]["value"] < 60
    assert found["weighted_by"] == "silence"
    assert found["differences"]["Käufe"]["before"] > 0.3
    assert abs(found["differences"]["Käufe"]["after"]) < 0.1
    scores = found["questions"][0]["scores"]["nps"]
    assert scores["weighted"]["value"] < scores["plain"]["value"]
    assert {one["name"] for one in found["drivers"]["parts"]} == {"Lieferung", "Preis"}
    assert found["plan"]["invitations"]["10"] > found["plan"]["answers"]["10"]
    daily = found["plan"]["daily_invitations"]
    assert daily == pytest.approx(found["plan"]["invitations"]["10"] / 90, rel=0.01)
    assert found["plan"]["is_enough"] is (1000 / daily >= 90)


def test_comments_are_read_only_when_asked_and_silent_when_too_few(wide: str) -> None:
    found = told(wide, "--comments")["comments"]
    assert found["themes"][0]["comments"] >= found["themes"][-1]["comments"]
    assert found["praise_percent"] is None
    assert found["silent"] == [
        "It takes 300 comments with a score at least, a tenth of them good and a tenth bad."
    ]
    assert told(wide)["comments"] is None


def test_no_evidence_is_an_answer(wide: str, orders: str) -> None:
    said = run(wide, "--orders", orders, "--weigh-by", "rfm_group", "--days", "90")
    assert "Does the score foretell who orders again within 90 days?" in said
    assert "There is no evidence in your data that it says more than the purchases do." in said
    assert "Weighted by the RFM groups of all customers." in said


def test_too_few_who_came_again_is_said_and_not_guessed(wide: str, orders: str) -> None:
    said = run(wide, "--orders", orders, "--days", "1")
    assert "Fewer than 50 of those who answered came again" in said


def test_variants_of_effort_stand_beside_each_other_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "ces.csv"
    rows = "".join(f"2026-03-0{1 + n % 9},{1 + n % 7}\n" for n in range(70))
    path.write_text("date,Effort (1-7)\n" + rows, "utf-8")
    easy = told(str(path))["questions"][0]["scores"]
    assert list(easy) == ["index", "normalized", "mean", "top_box", "net_easy"]
    assert easy["index"]["plain"]["value"] == pytest.approx(100 * 4 / 7)
    said = told(str(path), "--good", "ces=low", "--variant", "net_easy")["questions"][0]["scores"]
    assert next(iter(said)) == "net_easy"
    assert said["net_easy"]["plain"]["value"] == pytest.approx(100 * (2 - 3) / 7)


def test_the_table_of_kohorte_is_read_question_by_question(tmp_path: Path) -> None:
    path = tmp_path / "responses.csv"
    head = "response_id,customer_id,answered_at,question,score,lowest,highest\n"
    rows = [f"n{n},c{n},2026-01-05,nps,{10 - n % 3},0,10" for n in range(30)]
    rows += [f"s{n},c{n},2026-01-06,csat,{1 + n % 5},1,5" for n in range(30)]
    path.write_text(head + "\n".join(rows), "utf-8")
    found = told(str(path), "--question", "csat")
    assert [one["question"] for one in found["questions"]] == ["csat", "nps"]
    assert found["questions"][0]["scores"]["csat"]["plain"]["value"] == 40
    assert found["questions"][1]["scores"]["nps"]["plain"]["value"] == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--question", "ces"], "does not ask “ces”. It asks: Weiterempfehlung."),
        (["--question", "Farbe"], "has no column “Farbe”"),
        (["--question", "Preis=gut"], "“gut” is no question. There are: nps, csat, ces."),
        (["--by", "size"], "cannot be told apart by “size”. There are: "),
        (["--good", "ces"], "“ces” is no end of a scale. Write it as ces=low."),
        (["--weigh-by", "Land"], "Say how large the groups of “Land” are, as --population AT=40."),
        (["--weigh-by", "rfm_group"], "Groups by RFM need the orders"),
        (["--population", "DE=60"], "Say which column the groups are in"),
        (["--weigh-by", "Land", "--population", "DE"], "“DE” is no share. Write it as DE=60."),
        (["--weigh-by", "Land", "--population", "DE=60"], "The group “AT” is not in the whole."),
        (["--driver", "Kommentar"], "“Kommentar” is no column of numbers."),
        (["--invitations", "5"], "More answered"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(wide: str, words: list[str], sentence: str) -> None:
    with pytest.raises(KohorteError, match=re.escape(sentence)):
        run(wide, *words)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("customer,colour\n1,red\n2,blue\n", "no column was recognized as “score given”"),
        ("date,CSAT,scale from,scale to\n2026-01-01,3,1,5\n2026-01-02,7,1,10\n", "several scales"),
        (
            "date,CSAT delivery (1-5),CSAT shop (1-5)\n2026-01-01,3,4\n2026-01-02,5,4\n",
            "--question",
        ),
    ],
)
def test_a_file_that_is_no_survey_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(KohorteError, match=re.escape(sentence)):
        run(str(path))


def test_customers_are_known_by_their_addresses_too(tmp_path: Path) -> None:
    head = "Bestellnummer;Kundennummer;E-Mail;Datum;Summe"
    bought = [f"A{n};K{n};k{n}@example.com;2026-01-1{n};20,00" for n in range(9)]
    (tmp_path / "orders.csv").write_text("\n".join([head, *bought]), "utf-8")
    answers = [f"K{n}@Example.com,2026-02-01,{n}" for n in range(9)]
    (tmp_path / "nps.csv").write_text("\n".join(["email,date,NPS", *answers]), "utf-8")
    words = ["--orders", str(tmp_path / "orders.csv"), "--weigh-by", "rfm_group"]
    assert told(str(tmp_path / "nps.csv"), *words)["weighted_by"] == "rfm"


def test_orders_that_know_nobody_who_answered_are_named(tmp_path: Path, orders: str) -> None:
    path = tmp_path / "nps.csv"
    path.write_text("customer,date,NPS\nX1,2026-01-05,9\nX2,2026-01-06,3\n", "utf-8")
    with pytest.raises(KohorteError, match="The orders know none of those who answered"):
        run(str(path), "--orders", orders)

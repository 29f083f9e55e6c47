"""The chapters about surveys and about a trial: what they say and draw, and when there are none."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import example_report
import example_voices
import pytest
from typer.testing import CliRunner

from kohorte.cli.app import build
from kohorte.language import LANGUAGES, Language
from kohorte.report import files, page, trial_view, voices_view
from kohorte.report.material import Material
from kohorte.report.shelf import Shelf
from kohorte.report.voice import Voice
from kohorte.results import Report

METRICS = example_report.METRICS


def material(report: Report, language: Language = "en") -> Material:
    return Material(report, Shelf(report.rows), METRICS, Voice(language, "EUR"))


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.fixture(scope="module")
def report() -> Report:
    return example_report.two_years()


def test_the_score_is_said_with_its_range_its_weights_and_what_it_foretells(report: Report) -> None:
    (view,) = voices_view.build(material(report, "de"))
    assert plain(view.summary) == (
        "NPS: 12,7, Spanne 8,4–16,9. Auf alle Kunden gewichtet ist er 10,2. Der Wert sagt mehr darüber, "
        "wer innerhalb von 90 Tagen wieder bestellt, als die Käufe."
    )
    assert view.counted == "1.238 Antworten von 0 bis 10"
    assert [row.name for row in view.chosen] == [str(score) for score in range(11)]
    assert "Beste Kunden" in view.groups_summary
    assert [(row.before, row.after, row.thin) for row in view.groups] == [
        ("+0,95", "+0,19", False),
        ("−0,45", "", True),
    ]
    assert 'class="middle"' in view.groups[0].picture
    assert [row.praise for row in view.themes] == ["4\xa0%", ""]


def test_few_answers_are_called_few(report: Report) -> None:
    few = dataclasses.replace(report, voices=(example_voices.voices(n=12),))
    (view,) = voices_view.build(material(few))
    assert view.summary.startswith("Only 12 answers: too few to rely on.")


def test_a_trial_says_which_arm_is_better_and_what_it_brought(report: Report) -> None:
    view = trial_view.build(material(report))
    assert view is not None
    assert view.counted == "4,000 customers; “Kontrolle” got nothing."
    shares, worth = view.measures
    assert shares.summary == (
        "“Brief”: the difference is within chance. “Mail”: better by more than chance. In all 800 beyond "
        "what would have come anyway, range 300–1,300. “Anruf”: worse by more than chance. In all 800 "
        "beyond what would have come anyway, range 300–1,300. “SMS”: too few customers to tell."
    )
    assert [plain(row.difference) for row in shares.arms] == ["+1.0", "+11.6", "−9.0", "0.0"]
    assert "in points" in shares.meaning
    assert plain(worth.arms[1].difference) == "+€11.60"
    assert view.summary.startswith("Who ordered: ")


def test_a_trial_that_cannot_be_read_has_no_summary_and_no_sums(report: Report) -> None:
    off = dataclasses.replace(report, trial=example_voices.trial(is_readable=False))
    view = trial_view.build(material(off))
    assert view is not None
    assert view.summary == ""
    assert "In all" not in view.measures[0].summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapters_stand_in_page_and_json_only_where_there_is_something(
    report: Report, language: Language
) -> None:
    text = page.render(report, language=language, metrics=METRICS)
    assert 'id="voices-nps-scores"' in text
    assert 'id="trial-ordered"' in text
    told = json.loads(files.as_json(report, language, METRICS))
    assert told["voices"][0]["variants"][0]["plain"]["value"] == 12.7
    assert told["trial"]["measures"][0]["arms"][1]["is_good"] is True
    nothing = dataclasses.replace(report, voices=(), trial=None)
    bare = page.render(nothing, language=language, metrics=METRICS)
    assert 'id="voices"' not in bare
    assert 'id="trial"' not in bare


def test_answers_and_a_trial_beside_the_orders_become_chapters(tmp_path: Path) -> None:
    orders = ["order_id,customer_id,date,total"]
    orders += [
        f"{n}-{k},c{n},2026-0{k}-{1 + n % 28:02},{10 + n}.50"
        for n in range(60)
        for k in (1, 3, 5)
        if (n + k) % 3
    ]
    answers = ["customer,answered_at,nps,comment"]
    answers += [f"c{n},2026-02-{1 + n % 28:02},{n % 11},fine" for n in range(40)]
    arms = ["customer,arm", *(f"c{n},{('control', 'mail')[n % 2]}" for n in range(60)), ",mail"]
    paths = []
    for name, rows in (("orders", orders), ("answers", answers), ("trial", arms)):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(rows), "utf-8")
        paths.append(str(path))
    words = ["report", *paths[:2], "--experiment", paths[2], "--experiment-start", "2026-04-30"]
    words += [
        "--experiment-days",
        "28",
        "--experiment-share",
        "control=1",
        "--experiment-share",
        "mail=1",
    ]
    found = CliRunner().invoke(
        build("en"), [*words, "--out", str(tmp_path / "out"), "--language", "en"]
    )
    assert found.exit_code == 0, found.output
    told = json.loads((tmp_path / "out" / "metrics.json").read_text("utf-8"))
    (voices,) = told["voices"]
    assert (voices["question"], voices["n"], voices["groups"][0]["before"] is None) == (
        "nps",
        40,
        False,
    )
    trial = told["trial"]
    assert [one["slug"] for one in trial["measures"]] == ["ordered", "orders", "revenue"]
    assert trial["is_readable"]
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert re.search(r"60 customers; “control” got nothing\.", text)
    assert "Rows of the trial that name no customer are left out: 1." in text

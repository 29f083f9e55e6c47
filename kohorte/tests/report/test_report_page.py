"""The page: whole, safe, in both languages, and the same for odd shops."""

from __future__ import annotations

import ast
import base64
import dataclasses
import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path

import example_report
import pytest
from jinja2 import Environment, nodes

from kohorte import language as languages
from kohorte import reading
from kohorte import report as report_package
from kohorte.language import LANGUAGES, Language, Sentence, Text
from kohorte.report import page
from kohorte.report.provenance_words import MEANINGS, SETTINGS
from kohorte.results import Guess, Report
from kohorte.settings import Settings

METRICS = example_report.METRICS
PACKAGE = Path(str(report_package.__file__)).parent
REPORTS = {
    name: getattr(example_report, name)
    for name in (
        "two_years",
        "ten_years",
        "one_order",
        "without_amounts",
        "without_currency",
        "long_names",
    )
}
EVIL = "<script>alert('pwned')</script>"


def render(report: Report, language: Language = "de") -> str:
    return page.render(report, language=language, metrics=METRICS)


def words_of(text: str) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPORTS)
def test_every_report_becomes_a_page_of_bearable_size(name: str, language: Language) -> None:
    text = render(REPORTS[name](), language)
    assert text.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in text
    assert len(text.encode()) < 3_000_000
    assert "None" not in words_of(text)
    assert not re.search(r"\{[a-z_]+\}", words_of(text))


def test_the_story_is_told_at_the_top() -> None:
    german = words_of(render(example_report.two_years(), "de")).replace("\xa0", " ")
    assert (
        "Von 4.266 Kunden, die am 1. Dez. 2010 aktiv waren, waren es 365 Tage später, "
        "am 1. Dez. 2011, noch 2.713: eine Kundenbindungsrate von 63,6 %." in german
    )
    english = words_of(render(example_report.two_years(), "en")).replace("\xa0", " ")
    assert (
        "Of 4,266 customers who were active on 1 Dec 2010, 2,713 still were 365 days later, "
        "on 1 Dec 2011: a retention rate of 63.6%." in english
    )


def test_the_data_are_scored_and_findings_name_the_metrics_they_bend() -> None:
    german = words_of(render(example_report.two_years(), "de")).replace("\xa0", " ")
    assert "Datenqualität: 91 von 100" in german
    assert "Ohne Kunden 8,2 % −8,2" in german
    assert "Gleiche" not in german
    assert f"Davon verzerrt: {METRICS['repeat_purchase_rate'].name.de}." in german
    assert "unheard_of" not in german
    unscored = dataclasses.replace(example_report.two_years(), score=None)
    assert "Datenqualität" not in words_of(render(unscored, "de"))


def test_a_command_in_a_reason_stands_in_quotation_marks() -> None:
    german = words_of(render(example_report.without_amounts(), "de"))
    assert "„kohorte template orders“ zeigt, wie es geht." in german
    assert "`" not in german


def test_what_moved_stands_near_the_top_with_what_was_looked_at() -> None:
    page_of_two_years = words_of(render(example_report.two_years(), "en")).replace("\xa0", " ")
    moved = page_of_two_years[page_of_two_years.index("What moved The last") :]
    moved = moved[: moved.index("Overview")]
    assert "12 comparisons, corrected for their number." in moved
    assert (
        "Returning customer rate : 88.5% in November 2011 (range 86.8–89.9%, n = 1,664) "
        "▲ 4.7 points more than in October 2011 ▲ 8.7 points more than in November 2010" in moved
    )


def test_where_nothing_moved_that_is_said() -> None:
    report = example_report.two_years()
    still = tuple(dataclasses.replace(move, p=0.2) for move in report.moves)
    text = words_of(render(dataclasses.replace(report, moves=still), "de"))
    assert "Keine Kennzahl hat sich stärker verändert, als der Zufall erklärt." in text
    nothing = words_of(render(dataclasses.replace(report, moves=()), "de"))
    assert "Es gibt noch keine zwei ganzen Monate mit bekannten Spannen" in nothing


def test_groups_stand_side_by_side_with_range_and_n_and_their_names_are_harmless() -> None:
    text = render(example_report.two_years(), "en")
    assert "<b>Kanalinseln</b>" not in text
    words = words_of(text).replace("\xa0", " ")
    words = words[words.index("Groups side by side Who stays") :]
    assert "United Kingdom £479.95 £477.85–482.06 5,287" in words
    assert words.index("United Kingdom") < words.index("Germany") < words.index("All others")
    assert words.index("All others") < words.index("Not known") < words.index("Together")
    assert "Nobody is there." in words
    assert "The groups differ by more than chance explains in: Average order value" in words


def test_without_groups_there_is_no_chapter_about_them() -> None:
    alone = render(dataclasses.replace(example_report.two_years(), breakdowns=()))
    assert 'id="sides"' not in alone
    assert "#sides" not in alone


def test_few_cases_are_grey_and_say_so() -> None:
    text = render(example_report.one_order())
    assert 'class="card thin" id="card-repeat_purchase_rate"' in text
    assert "Nur ein Fall: zu wenig, um sich darauf zu verlassen." in text
    assert 'class="card" id="card-new_customers"' in text


def test_without_amounts_nothing_is_said_about_money() -> None:
    text = words_of(render(example_report.without_amounts()))
    assert "ohne Beträge" in text
    assert "€" not in text
    assert "£" not in text


def test_nothing_points_to_the_network() -> None:
    text = render(example_report.two_years())
    outside_scripts = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"(src|href)=\"(?!#)", outside_scripts)
    assert "url(" not in outside_scripts
    assert "@import" not in outside_scripts


def test_the_policy_allows_exactly_what_stands_in_the_page() -> None:
    text = render(example_report.two_years())
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert found
    policy = html.unescape(found[1])
    for kind, rule in (("script", "script-src"), ("style", "style-src")):
        inline = re.findall(rf"<{kind}>(.*?)</{kind}>", text, flags=re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()) for part in inline]
        wanted = " ".join(f"'sha256-{digest.decode()}'" for digest in hashes)
        assert f"{rule} {wanted};" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not re.search(
        r"\s(style|on[a-z]+)=\"", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    )


def evil_report() -> Report:
    report = example_report.two_years()
    guess = Guess(EVIL, EVIL, 1.0, Sentence("{why}", {"why": EVIL}))
    file = dataclasses.replace(
        report.files[0],
        path=f"shop/{EVIL}.csv".replace("/script", "\\script"),
        layout_name=Text(de=EVIL, en=EVIL),
        guesses=(guess,),
        remarks=(Sentence("{said}", {"said": EVIL}),),
    )
    return dataclasses.replace(
        report, title=EVIL, files=(file,), settings=dict(report.settings, timezone=EVIL)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_with_a_script_in_it_stays_a_name(language: Language) -> None:
    text = render(evil_report(), language)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(&#39;pwned&#39;)&lt;/script&gt;") >= 6


def test_a_script_in_a_metric_s_name_cannot_leave_the_chart_data() -> None:
    metrics = dict(METRICS)
    name = Text(de=EVIL, en=EVIL)
    metrics["average_order_value"] = dataclasses.replace(METRICS["average_order_value"], name=name)
    text = page.render(example_report.two_years(), language="de", metrics=metrics)
    assert "<script>alert" not in text
    assert r"\u003cscript\u003ealert" in text


def sayings() -> Iterator[str]:
    """Yield every sentence that the report's code and templates say."""
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if named and node.func.attr == "say":  # type: ignore[attr-defined]
                yield ast.literal_eval(node.args[0])  # type: ignore[attr-defined]
    environment = Environment(autoescape=True)
    for file in PACKAGE.glob("templates/*.html"):
        for call in environment.parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                assert isinstance(call.args[0], nodes.Const)
                yield call.args[0].value


def test_every_sentence_has_its_german_with_the_same_places() -> None:
    catalog = languages._catalog("de")
    said = set(sayings())
    assert len(said) > 100
    assert sorted(said - set(catalog)) == []
    for english in said:
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", catalog[english]))


def test_nobody_is_shouted_at() -> None:
    for english in sayings():
        assert "!" not in english + languages.translate(english, "de")


def test_every_column_meaning_and_setting_has_a_name() -> None:
    assert set(MEANINGS) == {*reading.MEANINGS, "refunded_at"}
    assert set(SETTINGS) == set(Settings.names())


def test_at_most_36_cohorts_are_shown_and_the_rest_is_named() -> None:
    text = render(example_report.ten_years())
    assert text.count('<tr><th scope="row">') >= 2 * 36
    assert (
        "Gezeigt werden die jüngsten 36 Kohorten; 85 frühere stehen in metrics.json."
        in words_of(text)
    )


def test_day_rows_do_not_reach_the_page() -> None:
    report = example_report.two_years()
    extra = dataclasses.replace(report.rows[0], grain="day", period="2011-11-30")
    assert render(dataclasses.replace(report, rows=(*report.rows, extra))) == render(report)

"""Targets, published figures and the earlier report on the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import re

import example_report

from kohorte import industry
from kohorte.language import Language, Sentence
from kohorte.report import page
from kohorte.results import Report
from kohorte.yardsticks import Beside, Restated, Restatement, Step, Target

RATE = "customer_retention_rate"
DRAWN = "repeat_rate_90_days"


def words(report: Report, language: Language = "de") -> str:
    text = page.render(report, language=language, metrics=example_report.METRICS)
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    plain = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
    return plain.replace("\N{NO-BREAK SPACE}", " ")


def picture(report: Report) -> str:
    text = page.render(report, language="en", metrics=example_report.METRICS)
    found = re.search(rf'id="chart-{DRAWN}".*?</figure>', text, flags=re.DOTALL)
    assert found is not None
    return found[0]


def with_target(**said: object) -> Report:
    target = Target(**{"metric": RATE, "value": 62.5} | said)  # type: ignore[arg-type]
    return dataclasses.replace(example_report.two_years(), targets=(target,))


def test_a_page_without_anything_to_hold_against_has_no_such_chapters() -> None:
    said = words(example_report.two_years())
    assert "Ziele und Vergleich" not in said
    assert "Seit dem letzten Bericht" not in said


def test_a_target_is_drawn_and_named_in_its_chart() -> None:
    drawn = picture(with_target(metric=DRAWN))
    assert drawn.count('class="goal"') >= 1
    assert "Target 62.5%" in drawn
    assert picture(example_report.two_years()).count('class="goal"') == 0


def test_a_target_of_some_months_is_drawn_for_them_only() -> None:
    every, some = (
        picture(with_target(metric=DRAWN)),
        picture(with_target(metric=DRAWN, since=dt.date(2011, 5, 1))),
    )
    longest = [
        max(len(path) for path in re.findall(r'class="goal" d="([^"]+)"', one))
        for one in (every, some)
    ]
    assert longest[1] < longest[0]


def test_a_target_stands_on_the_card() -> None:
    assert "Ziel 62,5 %:" in words(with_target())
    assert "Target 62.5%:" in words(with_target(), "en")


def test_a_published_figure_stands_beside_the_number_with_its_source() -> None:
    report = example_report.two_years()
    (figure,) = [one for one in industry.figures() if one.metric == RATE]
    row = next(one for one in report.rows if one.metric == RATE and one.value is not None)
    said = words(dataclasses.replace(report, industry=(Beside(figure, row),)))
    assert "40–60 %" in said
    assert "Kevin Hillstrom, MineThatData" in said
    assert "Veröffentlicht: 40–60 % (Versandhändler; Faustregel eines Beraters, USA, 2009)" in said


def restated() -> Report:
    day = dt.date(2011, 11, 1)
    steps = (
        Step("late", Sentence("{count} {count:order|orders} from {day} on", {"count": 3, "day": day}), -0.06, 65.04),
        Step("gone", Sentence("{count} {count:order is|orders are} gone", {"count": 1}), -1.0, 64.04),
    )  # fmt: skip
    number = Restated(RATE, "month", "2011-11", day, 65.1, 64.04, steps)
    found = Restatement(day, day, checked=12, changed=1, numbers=(number,))
    return dataclasses.replace(example_report.two_years(), restatement=found)


def test_what_changed_since_the_last_report_adds_up_as_it_is_written() -> None:
    said = words(restated(), "en")
    assert (
        "Of 12 numbers that the report of 1 Nov 2011 gave for whole months, quarters and years, "
        "1 is another one now." in said
    )
    assert (
        "65.1% 64.0% −0.1 points: 3 orders from 1 Nov 2011 on −1.0 points: 1 order is gone" in said
    )


def test_an_earlier_report_that_cannot_be_compared_is_said() -> None:
    refused = Restatement(None, None, refused=Sentence("No order counts."))
    report = dataclasses.replace(example_report.two_years(), restatement=refused)
    assert "Seit dem letzten Bericht Keine Bestellung zählt." in words(report)


def test_an_unchanged_report_is_said_to_be_so() -> None:
    same = Restatement(dt.date(2011, 11, 1), None, checked=12)
    report = dataclasses.replace(example_report.two_years(), restatement=same)
    assert "Alle 12 Zahlen, die der Bericht vom 1. Nov. 2011" in words(report)

"""The chapters about coming again and about reasons: what they say, and when they are silent."""

from __future__ import annotations

import dataclasses
import datetime as dt

import example_report
import example_waits
import pytest

from kohorte import survival
from kohorte.language import LANGUAGES, Language, Text
from kohorte.report import page, reasons_view, waits_view
from kohorte.report.material import Material
from kohorte.report.shelf import Shelf
from kohorte.report.voice import Voice
from kohorte.results import Reason, Reasons, Report, Row
from kohorte.survival import Wait

METRICS = example_report.METRICS


def material(report: Report, language: Language = "de") -> Material:
    return Material(report, Shelf(report.rows), METRICS, Voice(language, "EUR"))


def shown(report: Report, language: Language = "de") -> waits_view.WaitsView:
    view = waits_view.build(material(report, language))
    assert view is not None
    return view


def whole(slug: str, value: float, n: int, segment: str = "all") -> Row:
    day = dt.date(2024, 1, 1)
    return Row(slug, "all", "all", day, day, segment, value, value - 1, value + 1, n, True)


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def watched() -> Report:
    """A hundred customers: 40 come on day 20, 30 are watched for 50 days, 30 for 400."""
    curve = survival.estimate(
        [Wait(20, 40, 0), Wait(50, 0, 30), Wait(400, 0, 30)], to_order=2, confidence_percent=95
    )
    return dataclasses.replace(example_report.two_years(), survival=(curve,))


def test_the_table_holds_shares_ranges_and_how_many_were_watched() -> None:
    view = shown(watched())
    assert view.names == ("2. Bestellung",)
    rows = {name: cells[0] for name, cells in view.rows}
    assert list(rows) == ["Tag 30", "Tag 90", "Tag 180", "Tag 365", "25\xa0% bis"]
    assert plain(rows["Tag 30"].text) == "40,0 %"
    assert plain(rows["Tag 30"].interval) == "31,2–50,3 %"
    assert [rows[f"Tag {day}"].n for day in (30, 90, 365)] == ["60", "30", "30"]
    assert plain(rows["25\xa0% bis"].text) == "Tag 20"


def test_the_summary_is_written_out() -> None:
    assert plain(shown(watched()).summary) == (
        "Von 100 neuen Kunden haben so viele ein zweites Mal bestellt: 40,0 % bis Tag 30, 40,0 % "
        "bis Tag 90, 40,0 % bis Tag 365. Wer noch wartet, zählt so lange mit, wie er beobachtet ist."
    )
    english = shown(watched(), "en").summary
    assert english.startswith("Of 100 new customers so many have ordered a second time: 40.0% by")


def test_the_curve_begins_at_nobody_and_ends_with_the_year() -> None:
    (panel,) = shown(watched()).chart.panels
    values = [point.value for point in panel.lines[0].points]
    assert values[:5] == [0.0, 0.0, 0.0, 0.0, pytest.approx(40.0)]
    assert (panel.keys[0], panel.keys[4], panel.keys[-1]) == ("0", "20", "365")
    assert panel.axis.low == 0


def test_what_was_not_watched_so_long_is_not_drawn() -> None:
    curve = survival.estimate([Wait(20, 20, 0), Wait(50, 0, 30)], to_order=2, confidence_percent=95)
    longer = survival.estimate([Wait(100, 30, 30)], to_order=3, confidence_percent=95)
    view = shown(dataclasses.replace(watched(), survival=(curve, longer)))
    rows = dict(view.rows)
    assert rows["Tag 90"][0].text == ""
    assert rows["Tag 90"][0].interval == "nicht so lange beobachtet"
    assert rows["Tag 90"][1].text != ""
    first, second = view.chart.panels[0].lines
    assert [point.value is None for point in first.points].count(False) == 26
    assert all(point.value is not None for point in second.points)


def test_curves_of_few_customers_are_left_out_unless_there_is_no_other() -> None:
    few = survival.estimate([Wait(20, 3, 4)], to_order=3, confidence_percent=95)
    many = watched().survival[0]
    assert shown(dataclasses.replace(watched(), survival=(many, few))).names == ("2. Bestellung",)
    alone = shown(example_report.one_order())
    assert alone.names == ("2. Bestellung",)
    assert not alone.chart.drawable
    assert alone.summary == "Noch kein Kunde ist 30 Tage lang beobachtet."


@pytest.mark.parametrize(
    ("quantiles", "said"),
    [
        ((41.0, 112.0, 366.0), "binnen 41 Tagen wieder da, drei von vier binnen 112 Tagen, neun von"),
        ((1.0, 2.0, None), "binnen 1 Tag wieder da, drei von vier binnen 2 Tagen; neun von zehn"),
        ((41.0, None, None), "binnen 41 Tagen wieder da; drei von vier waren es"),
        ((None, None, None), ""),
    ],
)  # fmt: skip
def test_pauses_are_told_as_far_as_they_are_known(
    quantiles: tuple[float | None, ...], said: str
) -> None:
    rows = tuple(
        dataclasses.replace(whole("time_between_orders", 0, 900, part), value=value)
        for part, value in zip(waits_view.PAUSES, quantiles, strict=True)
    )
    told = shown(dataclasses.replace(watched(), rows=rows)).pauses
    assert said in plain(told)
    assert bool(told) == bool(said)


def test_lapses_and_returns_stand_beside_each_other() -> None:
    rows = (whole("lapse_rate", 36.8, 4248), whole("reactivation_rate", 6.0, 900))
    told = plain(shown(dataclasses.replace(watched(), rows=rows)).lapses)
    assert told == (
        "Von 4.248 Kunden, die 365 Tage vor dem Ende der Daten aktiv waren, haben 36,8 % seither "
        "nichts bestellt. Von denen, die früher verstummt waren, kamen 6,0 % binnen 90 Tagen doch "
        "wieder."
    )
    few = dataclasses.replace(watched(), rows=(whole("lapse_rate", 36.8, 29),))
    assert shown(few).lapses == ""


def test_without_customers_there_is_no_chapter() -> None:
    nobody = dataclasses.replace(example_report.two_years(), survival=(), reasons=())
    assert waits_view.build(material(nobody)) is None
    for language in LANGUAGES:
        text = page.render(nobody, language=language, metrics=METRICS)
        assert 'id="waits"' not in text
        assert 'id="reasons"' not in text
        assert 'href="#waits"' not in text


def stated(*times: int) -> Reasons:
    given = sum(times)
    found = tuple(Reason(f"Grund {n}", n, 100 * n / given, None, None) for n in times)
    return Reasons("return", Text(de="Warum", en="Why"), given, 3, found)


def reasons_of(*each: Reasons) -> list[reasons_view.ReasonsView]:
    return reasons_view.build(material(dataclasses.replace(watched(), reasons=each)))


def test_the_commonest_reason_is_named_and_the_rest_counted() -> None:
    (view,) = reasons_of(stated(30, 20, 10, 9, 8, 7, 6, 5, 4, 3))
    assert len(view.rows) == 8
    assert view.counted == "102 genannt, 3 ohne Grund"
    assert plain(view.summary) == "Am häufigsten genannt: „Grund 30“, 29,4 %."
    assert view.rest == "2 weitere, 7-mal genannt"


def test_few_or_equally_common_reasons_are_not_made_much_of() -> None:
    few, even = reasons_of(stated(20, 9), stated(20, 20))
    assert few.thin
    assert few.summary == "Nur 29 Fälle: zu wenige, um sich darauf zu verlassen."
    assert even.summary == ""


def test_a_reason_with_a_script_in_it_stays_words() -> None:
    evil = Reason("<script>alert(1)</script>", 40, 100.0, None, None)
    report = dataclasses.replace(
        watched(), reasons=(dataclasses.replace(stated(40), reasons=(evil,)),)
    )
    text = page.render(report, language="en", metrics=METRICS)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_hand_made_reports_have_both_chapters() -> None:
    assert len(example_waits.reasons()[1].reasons) > reasons_view.MOST_REASONS
    for language in LANGUAGES:
        text = page.render(example_report.two_years(), language=language, metrics=METRICS)
        assert 'id="waits"' in text
        assert 'id="reasons-leaving"' in text

"""Pauses of groups side by side: who is drawn, what stands in the table, and what the test says."""

from __future__ import annotations

from test_report_waits import material, plain, watched

from kohorte import survival
from kohorte.report import waits_apart
from kohorte.results import Group, LogRank
from kohorte.survival import Wait

# Forty come on day 10; forty wait for 100 days, of whom two come; ten have hardly been watched.
WAITS = {
    "mail": [Wait(10, 40, 0)],
    "search": [Wait(50, 2, 0), Wait(100, 0, 38)],
    "fair": [Wait(5, 1, 9)],
}


def curves() -> list[tuple[Group, survival.Survival]]:
    return [
        (
            Group(name, sum(each.came + each.waiting for each in waits)),
            survival.estimate(waits, to_order=2, confidence_percent=95),
        )
        for name, waits in WAITS.items()
    ]


def test_every_group_stands_in_the_table_and_the_reliable_are_drawn() -> None:
    view = waits_apart.build("channel", curves(), None, material(watched(), "en"))
    assert [group.name for group in view.groups] == ["mail", "search", "fair"]
    assert [group.half for group in view.groups] == ["day 10", "", ""]
    assert [cell.text for _day, cell in view.groups[2].by_day] == ["", "", "", ""]
    assert view.chart is not None
    (panel,) = view.chart.panels
    assert [line.name for line in panel.lines] == ["mail", "search"]
    assert plain(panel.summary) == "Back by day 90: mail 100%, search 5%."
    assert view.verdict == "There are not two groups with known ranges to compare."


def test_the_test_is_told_in_words() -> None:
    test = survival.log_rank(WAITS)
    assert test is not None
    german = waits_apart.build("channel", curves(), test, material(watched()))
    assert german.is_sure
    assert plain(german.verdict) == (
        "Die Gruppen unterscheiden sich mehr, als der Zufall erklärt (Log-Rank, p < 0,001). "
        "Ob die Gruppe der Grund ist, sagt das nicht."
    )
    even = waits_apart.build(
        "channel", curves(), LogRank(0.1, 1, 0.752, ("a", "b")), material(watched(), "en")
    )
    assert not even.is_sure
    assert even.verdict == (
        "The groups do not differ more than chance explains (log-rank, p = 0.752)."
    )


def test_nobody_who_is_reliable_is_no_picture() -> None:
    view = waits_apart.build("channel", curves()[2:], None, material(watched(), "en"))
    assert view.chart is None

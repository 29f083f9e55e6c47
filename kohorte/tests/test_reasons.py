"""Why customers leave, send back, cancel and get in touch: counted in their own words."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import kohorte
from kohorte import intervals, reasons
from kohorte.errors import UnknownNameError
from kohorte.results import Reasons
from test_cli import kohorte as command

START = dt.datetime.combine(dt.date(2024, 1, 1), dt.time(12))


def on(day: int) -> dt.datetime:
    return START + dt.timedelta(days=day)


def order(number: int, customer: str | None, day: int, **more: Any) -> dict[str, Any]:
    return {"order_id": str(number), "customer_id": customer, "placed_at": on(day)} | more


ORDERS = [order(1, "anna", 0), order(2, "anna", 20), order(3, "ben", 30), order(4, None, 99)]


def stated(kind: str, **tables: Any) -> Reasons:
    with kohorte.History.from_records(orders=ORDERS, **tables) as history:
        (found,) = history.reasons()
        assert history.reasons(kind) == [found]
    assert found.kind == kind
    assert sum(each.times for each in found.reasons) == found.given
    return found


def words(found: Reasons) -> list[tuple[str, int]]:
    return [(each.words, each.times) for each in found.reasons]


def returned(
    number: int, order_id: str, reason: str | None, kind: str = "return"
) -> dict[str, Any]:
    return {
        "return_id": str(number),
        "order_id": order_id,
        "returned_at": on(40),
        "kind": kind,
        "reason": reason,
    }


def test_what_differs_in_case_and_blanks_is_one_reason() -> None:
    said = ["too small", " Too small", "TOO SMALL ", "broken", "", "   ", None]
    found = stated("return", returns=[returned(n, "1", text) for n, text in enumerate(said)])
    assert [(each.times, each.percent) for each in found.reasons] == [(3, 75.0), (1, 25.0)]
    assert found.reasons[0].words.lower() == "too small"
    assert (found.given, found.silent) == (4, 3)


def test_returns_and_cancellations_have_reasons_of_their_own() -> None:
    returns = [returned(1, "1", "broken"), returned(2, "3", "changed my mind", "cancellation")]
    with kohorte.History.from_records(orders=ORDERS, returns=returns) as history:
        found = {one.kind: words(one) for one in history.reasons()}
    assert found == {"return": [("broken", 1)], "cancellation": [("changed my mind", 1)]}


def test_only_the_question_why_somebody_leaves_counts() -> None:
    responses = [
        {"response_id": str(n), "question": question, "answered_at": on(9), "answer": answer}
        for n, (question, answer) in enumerate(
            [("leaving", "no need"), ("nps", "no need"), ("leaving", "no need"), ("csat", "nice")]
        )
    ]
    assert words(stated("leaving", responses=responses)) == [("no need", 2)]


def test_a_contract_that_goes_on_has_not_ended() -> None:
    def term(contract: str, first: int, last: int | None, reason: str) -> dict[str, Any]:
        return {
            "subscription_id": contract,
            "customer_id": "anna",
            "starts_at": on(first),
            "ends_at": None if last is None else on(last),
            "monthly_minor": 1000,
            "reason": reason,
        }

    subscriptions = [
        *(term("renewed", 0, 20, "expired"), term("renewed", 30, None, "")),
        *(term("late", 0, 20, "payment failed"), term("late", 60, None, "")),
        *(term("over", 0, 50, "too dear"), term("running", 0, None, "none")),
    ]
    found = stated("contract_end", subscriptions=subscriptions)
    assert words(found) == [("payment failed", 1), ("too dear", 1)]


def test_requests_count_whose_ever_they_are() -> None:
    tickets = [
        {"ticket_id": str(n), "opened_at": on(n), "customer_id": who, "reason": "where is it"}
        for n, who in enumerate([None, "anna", "nobody known"])
    ]
    assert words(stated("ticket", tickets=tickets)) == [("where is it", 3)]


def test_what_lies_outside_of_the_data_does_not_count() -> None:
    tickets = [
        {"ticket_id": str(n), "opened_at": on(day), "reason": f"day {day}"}
        for n, day in enumerate([-1, 0, 99, 100])
    ]
    assert words(stated("ticket", tickets=tickets)) == [("day 0", 1), ("day 99", 1)]


def test_the_ranges_take_customers_for_clusters() -> None:
    chance = random.Random(2)  # noqa: S311 – a sample, not a secret
    people = [f"c{n % 25}" for n in range(120)]
    said = {name: chance.choice(["small", "broken", "ugly"]) for name in set(people)}
    orders = [order(n, name, n % 50) for n, name in enumerate(people)]
    returns = [
        returned(n, str(n), said[name] if chance.random() < 0.8 else "late")
        for n, name in enumerate(people)
    ]
    with kohorte.History.from_records(orders=orders, returns=returns) as history:
        (found,) = history.reasons()
    given = Counter(people)
    for each in found.reasons:
        mine = Counter(
            name for name, row in zip(people, returns, strict=True) if row["reason"] == each.words
        )
        expected = intervals.share_in_clusters(
            each.times,
            found.given,
            kk=sum(count**2 for count in mine.values()),
            kn=sum(count * given[name] for name, count in mine.items()),
            nn=sum(count**2 for count in given.values()),
            of=len(given),
            z=intervals.quantile(95),
        ).times(100)
        assert (each.percent, each.low, each.high) == pytest.approx(
            (expected.value, expected.low, expected.high)
        )
        alone = intervals.share(each.times, found.given, z=intervals.quantile(95)).times(100)
        assert each.low is not None
        assert each.low < (alone.low or 0)


def test_some_customers_have_their_own_reasons() -> None:
    returns = [returned(1, "1", "too small"), returned(2, "3", "broken"), returned(3, "4", "late")]
    with (
        kohorte.History.from_records(orders=ORDERS, returns=returns) as history,
        history.only("orders >= 2"),
    ):
        (found,) = history.reasons("return")
    assert words(found) == [("too small", 1)]


def test_without_anything_stated_there_is_nothing() -> None:
    with kohorte.History.from_records(orders=ORDERS, returns=[returned(1, "1", None)]) as history:
        assert history.reasons() == []
    with kohorte.History.from_records(orders=[]) as history:
        assert history.reasons() == []


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with (
        kohorte.History.from_records(orders=ORDERS) as history,
        pytest.raises(UnknownNameError, match="contract_end") as caught,
    ):
        history.reasons("why")
    assert caught.value.render("de").startswith("Gründe der Art „why“ gibt es nicht.")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    lines = ["Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag"]
    lines += [f"{n};K-{n % 4};{n + 1:02}.01.2024;20,00" for n in range(20)]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["Retourennummer;Bestellnummer;Rückgabedatum;Art;Grund"]
    said = ["Zu klein", "zu klein", "Defekt", "", "=1+1"]
    lines += [f"R-{n};{n};20.01.2024;Retoure;{text}" for n, text in enumerate(said)]
    (tmp_path / "returns.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_the_command_lists_them(files: Path) -> None:
    done = command(
        *("reasons", "orders.csv", "returns.csv", "--currency", "EUR", "--language", "de"),
        *("--most", "2", "--out", "reasons.csv"),
        folder=files,
    )
    assert done.returncode == 0, done.stderr
    assert "Warum Ware zurückkommt (4 genannt, 1 ohne Grund)" in done.stdout
    assert "2  50,0 % (" in done.stdout
    assert "1 weiterer, 1-mal genannt" in done.stdout
    with (files / "reasons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["about"], row["times"], row["stated"]) for row in rows] == [
        ("return", "2", "4"), ("return", "1", "4"), ("return", "1", "4")
    ]  # fmt: skip
    assert "'=1+1" in {row["reason"] for row in rows}


def test_the_command_says_where_reasons_would_stand(files: Path) -> None:
    done = command(
        *("reasons", "orders.csv", "--about", "ticket", "--currency", "EUR", "--language", "en"),
        folder=files,
    )
    assert done.returncode == 0
    assert "`kohorte template returns` shows how." in done.stdout


def test_every_kind_has_a_name_in_both_languages() -> None:
    for name in reasons.KINDS.values():
        assert name.de != name.en

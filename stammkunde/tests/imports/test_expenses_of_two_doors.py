"""One expense by a file, a program and a form counts once; two of one door count twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from importing import FILE, imported, looked, undone  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.faces.dashboard.imports import telling
from stammkunde.features.imports import planning
from stammkunde.records.orders import overlaps, rules, typed, writing
from stammkunde.records.orders.models import Spend
from stammkunde.records.orders.rules import Incoming
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
HEAD = "Monat;Kanal;Zweck;Betrag\r\n"
ADS = "2026-01;Suchanzeigen;Neukunden;100,00\r\n"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def files(*lines: str) -> dict[str, str]:
    return {"orders.csv": FILE, "spend.csv": HEAD + "".join(lines)}


def type_in(cast: Cast, amount_minor: int | None = 10000) -> None:
    typed.spend(
        cast.cheese, month=dt.date(2026, 1, 1), purpose="acquisition", channel="Suchanzeigen",
        amount_minor=amount_minor, actor=COMMAND,
    )  # fmt: skip


def amounts() -> list[int]:
    return sorted(Spend.objects.filter(deleted_at=None).values_list("amount_minor", flat=True))


def test_what_was_typed_is_not_brought_again_by_a_file(cast: Cast) -> None:
    type_in(cast)
    import_ = looked(cast.cheese, files(ADS))
    plan = planning.plan(import_, actor=COMMAND)
    imported(cast.cheese, files(ADS))

    assert plan["kinds"]["spend"] == {"new": 0, "changed": 0, "same": 1}
    assert amounts() == [10000]


def test_what_a_file_brought_takes_the_number_of_the_form_and_changes_with_it(cast: Cast) -> None:
    import_ = imported(cast.cheese, files(ADS))
    type_in(cast)
    assert amounts() == [10000]
    type_in(cast, 12000)
    assert amounts() == [12000]
    undone(import_)

    assert amounts() == [12000]


def test_a_program_and_a_file_say_one_expense_whoever_is_first(cast: Cast) -> None:
    origin = writing.Origin(shop_id=cast.cheese.pk, source="erp", actor=COMMAND)
    said = Incoming(
        number="E1", hash="1",
        values=("2026-01-01", "2026-01-31", "acquisition", "Suchanzeigen", 10000),
    )  # fmt: skip
    imported(cast.cheese, files(ADS))
    writing.write(rules.SPEND, [said], origin=origin)
    imported(cast.cheese, files(ADS + "2026-02;Suchanzeigen;Neukunden;70,00\r\n"))

    assert amounts() == [7000, 10000]
    assert set(writing.ids(rules.SPEND, ["E1"], origin=origin)) == {"E1"}
    assert writing.write(rules.SPEND, [said], origin=origin).same == 1


def test_two_of_one_door_are_two_and_each_needs_a_twin(cast: Cast) -> None:
    type_in(cast)
    imported(cast.cheese, files(ADS, ADS))

    assert amounts() == [10000, 10000]


def test_another_amount_is_another_expense(cast: Cast) -> None:
    type_in(cast, 9900)
    imported(cast.cheese, files(ADS))

    assert amounts() == [9900, 10000]


def by_day(*days: int, channel: str = "Suchanzeigen") -> str:
    return "Datum;Kanal;Zweck;Betrag\r\n" + "".join(
        f"{day:02}.01.2026;{channel};Neukunden;10,00\r\n" for day in days
    )


def test_what_was_typed_by_month_and_comes_by_day_is_found_until_it_is_taken_back(
    cast: Cast,
) -> None:
    type_in(cast)
    import_ = imported(
        cast.cheese, {"orders.csv": FILE, "spend.csv": by_day(3, 4, 30, channel="suchanzeigen ")}
    )
    typed.spend(
        cast.cheese, month=dt.date(2026, 1, 1), purpose="retention", channel="Suchanzeigen",
        amount_minor=500, actor=COMMAND,
    )  # fmt: skip

    assert overlaps.found(cast.cheese.pk) == [
        overlaps.Overlap(
            month=dt.date(2026, 1, 1), purpose="acquisition", channel="Suchanzeigen",
            typed_minor=10000, others_minor=3000, rows=3,
        )
    ]  # fmt: skip
    assert overlaps.found(cast.tea.pk) == []
    assert telling.shown(import_)["is_typed_too"]
    type_in(cast, None)
    assert overlaps.found(cast.cheese.pk) == []


def test_one_channel_that_was_typed_in_two_ways_is_told_for_each(cast: Cast) -> None:
    for channel, amount in (("Suchanzeigen", 10000), ("suchanzeigen", 700)):
        typed.spend(
            cast.cheese, month=dt.date(2026, 1, 1), purpose="acquisition", channel=channel,
            amount_minor=amount, actor=COMMAND,
        )  # fmt: skip
    imported(cast.cheese, {"orders.csv": FILE, "spend.csv": by_day(3)})

    told = {each.channel: each.typed_minor for each in overlaps.found(cast.cheese.pk)}
    assert told == {"Suchanzeigen": 10000, "suchanzeigen": 700}


def test_an_expense_of_many_months_overlaps_by_its_days(cast: Cast) -> None:
    type_in(cast)
    Spend.objects.create(
        shop=cast.cheese, source="erp", external_id="1", hash="x", purpose="acquisition",
        channel="Suchanzeigen", amount_minor=36500, starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
    )  # fmt: skip

    assert [each.others_minor for each in overlaps.found(cast.cheese.pk)] == [3100]

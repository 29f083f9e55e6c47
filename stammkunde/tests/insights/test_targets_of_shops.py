"""Targets and annotations: what can be kept, what is refused with a sentence, and whose they are."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import close_old_connections
from django.utils import translation

from kohorte import yardsticks
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.insights.annotations import queries as happened
from stammkunde.insights.annotations import services as notes
from stammkunde.insights.targets import queries, services
from stammkunde.insights.targets.models import Target
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let sentences be read in English."""
    with translation.override("en"):
        yield


JANUARY, DECEMBER = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def said(**other: Any) -> dict[str, Any]:
    return {"metric": "repeat_rate_90_days", "value": 40.0, "since": JANUARY, **other}


@pytest.mark.django_db
class TestTargets:
    def test_one_is_kept_as_the_library_knows_it_and_noted(self, cast: Cast) -> None:
        made = services.add(cast.cheese, actor=COMMAND, **said(until=DECEMBER))

        assert queries.known(cast.cheese) == (
            yardsticks.Target(
                metric="repeat_rate_90_days", value=40.0, since=JANUARY, until=DECEMBER
            ),
        )
        assert queries.known(cast.tea) == ()
        event = Event.objects.get(name="target.set")
        assert event.object_id == str(made.pk)
        assert event.data == {
            "metric": "repeat_rate_90_days",
            "target": 40.0,
            "since": "2026-01-01",
        }

    @pytest.mark.parametrize(
        ("wrong", "field", "sentence"),
        [
            ({"metric": "luck"}, "metric", "There is no such metric."),
            ({"grain": "decade"}, "grain", "Choose one of the lengths."),
            ({"until": dt.date(2025, 1, 1)}, "until", "The last day lies before the first."),
            ({"value": float("nan")}, "value", "No number of this metric can be that."),
            ({"value": 4_000.0}, "value", "No number of this metric can be that."),
            (
                {"metric": "revenue", "value": 50_000.0},
                "grain",
                "This metric is a sum: say for how long a period the target is.",
            ),
        ],
    )
    def test_what_cannot_hold_is_refused_at_its_field(
        self, cast: Cast, wrong: dict[str, Any], field: str, sentence: str
    ) -> None:
        with pytest.raises(Refused) as fault:
            services.add(cast.cheese, actor=COMMAND, **said(**wrong))

        assert {name: str(words) for name, words in fault.value.fields.items()} == {field: sentence}
        assert not Target.objects.exists()
        assert not Event.objects.filter(name="target.set").exists()

    def test_two_that_hold_on_the_same_day_are_refused(self, cast: Cast) -> None:
        services.add(cast.cheese, actor=COMMAND, **said(until=DECEMBER))
        with pytest.raises(Refused, match="from 1 Jan 2026 to 31 Dec 2026"):
            services.add(cast.cheese, actor=COMMAND, **said(since=DECEMBER))

        after = services.add(cast.cheese, actor=COMMAND, **said(since=dt.date(2027, 1, 1)))
        services.add(cast.cheese, actor=COMMAND, **said(grain="year"))
        services.add(cast.tea, actor=COMMAND, **said())
        with pytest.raises(Refused):
            services.change(cast.cheese, after.pk, since=DECEMBER, actor=COMMAND)
        after.refresh_from_db()
        assert after.since == dt.date(2027, 1, 1)

    def test_a_change_that_changes_nothing_is_not_noted(self, cast: Cast) -> None:
        made = services.add(cast.cheese, actor=COMMAND, **said())
        services.change(cast.cheese, made.pk, actor=COMMAND, **said())
        assert not Event.objects.filter(name="target.changed").exists()

        services.change(cast.cheese, made.pk, actor=COMMAND, **said(value=41.0))
        assert Event.objects.get(name="target.changed").data["target"] == 41.0

    def test_those_of_another_shop_do_not_exist(self, cast: Cast) -> None:
        made = services.add(cast.cheese, actor=COMMAND, **said())
        for verb in (services.change, services.delete):
            with pytest.raises(NotFound):
                verb(cast.tea, made.pk, actor=COMMAND)
        services.delete(cast.cheese, made.pk, actor=COMMAND)

        assert not Target.objects.exists()
        assert Event.objects.get(name="target.deleted").object_id == str(made.pk)


def test_of_two_who_set_the_same_target_at_once_one_is_told(own_store: Store) -> None:
    shop = make_cast().cheese
    outcomes: list[str] = []

    def work() -> None:
        try:
            services.add(shop, actor=COMMAND, **said())
            outcomes.append("set")
        except Refused as fault:
            outcomes.append(fault.name)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["set", *["target.impossible"] * 3]


@pytest.mark.django_db
class TestAnnotations:
    def test_one_day_or_several_are_kept_and_found_again(self, cast: Cast) -> None:
        day = dt.date(2026, 3, 3)
        relaunch = notes.add(cast.cheese, starts_on=day, text="  Site   relaunch ", actor=COMMAND)
        sale = notes.add(
            cast.cheese,
            starts_on=dt.date(2026, 2, 20),
            ends_on=dt.date(2026, 3, 2),
            text="Winter sale",
            metric="revenue",
            actor=COMMAND,
        )

        assert relaunch.text == "Site relaunch"
        march = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
        assert happened.within(cast.cheese, *march) == [sale, relaunch]
        assert happened.within(cast.cheese, *march, metric="orders") == [relaunch]
        assert happened.within(cast.cheese, day, dt.date(2026, 3, 4), metric="revenue") == [
            relaunch
        ]
        assert list(happened.of_shop(cast.cheese, words="SALE wint")) == [sale]
        assert list(happened.of_shop(cast.cheese, metric="orders")) == [relaunch]
        assert happened.within(cast.tea, *march) == []

    def test_the_log_does_not_hold_the_text_as_it_may_name_somebody(self, cast: Cast) -> None:
        made = notes.add(
            cast.cheese, starts_on=JANUARY, text="Anna Ahorn bought all", actor=COMMAND
        )
        notes.change(cast.cheese, made.pk, starts_on=JANUARY, text="A large order", actor=COMMAND)
        notes.delete(cast.cheese, made.pk, actor=COMMAND)

        events = Event.objects.filter(name__startswith="annotation.").order_by("id")
        assert [event.name for event in events] == [
            "annotation.written",
            "annotation.changed",
            "annotation.deleted",
        ]
        assert [event.data for event in events] == [{"since": "2026-01-01"}] * 3

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"text": "  "}, "text"),
            ({"text": "x" * 201}, "text"),
            ({"ends_on": dt.date(2025, 12, 31)}, "ends_on"),
            ({"metric": "luck"}, "metric"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(
        self, cast: Cast, wrong: dict[str, Any], field: str
    ) -> None:
        given = {"starts_on": JANUARY, "text": "Relaunch", **wrong}
        with pytest.raises(Refused) as fault:
            notes.add(cast.cheese, actor=COMMAND, **given)
        assert fault.value.fields.keys() == {field}

    def test_those_of_another_shop_do_not_exist(self, cast: Cast) -> None:
        made = notes.add(cast.cheese, starts_on=JANUARY, text="Relaunch", actor=COMMAND)
        with pytest.raises(NotFound):
            notes.delete(cast.tea, made.pk, actor=COMMAND)

"""What recurs: once each time, in the zone it belongs to, also when clocks change or nobody was there."""

from __future__ import annotations

import datetime as dt
import threading
import zoneinfo

import pytest
from django.db import connection
from fresh_registry import fresh_registry  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core import clock
from stammkunde.core.jobs import recurring, registry, rules
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import Job, Tick
from stammkunde.core.jobs.worker import Worker
from stores_and_cast import Cast, Store  # type: ignore[import-not-found]

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def set_clock(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let it be a local time in Berlin, such as `2026-11-22 03:00`."""
    now = dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


def tick_and_work() -> int:
    recurring.tick()
    return Worker().drain()


@pytest.mark.django_db
class TestTicks:
    def test_a_rule_is_new_then_due_then_done(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nightly")(lambda _run: None)
        jobs.every("tests.nightly", at="03:15", zone="Europe/Berlin")
        found = []
        for time in ("22 14:00", "23 03:14", "23 03:15", "23 03:16", "24 03:14", "24 05:00"):
            set_clock(monkeypatch, f"2026-11-{time}")
            found.append(tick_and_work())

        assert found == [0, 0, 1, 0, 0, 1]

    def test_what_was_missed_is_made_up_for_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.often")(lambda _run: None)
        jobs.every("tests.often", minutes=15)
        found = []
        for time in ("22 14:00", "22 14:14", "22 14:15", "25 09:01", "25 09:14", "25 09:15"):
            set_clock(monkeypatch, f"2026-11-{time}")
            found.append(tick_and_work())

        assert found == [0, 0, 1, 1, 0, 1]

    def test_each_open_shop_has_its_own_night(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int | None] = []
        jobs.work("tests.nightly")(lambda run: seen.append(run.shop_id))
        jobs.every("tests.nightly", at="03:15", per_shop=True)
        cast.tea.zone = "America/New_York"
        cast.tea.save()
        for time in ("22 02:00", "22 03:15", "22 09:14", "22 09:15"):
            set_clock(monkeypatch, f"2026-11-{time}")
            tick_and_work()
        assert seen == [cast.cheese.id, cast.tea.id]

        cast.cheese.closed_at = clock.now()
        cast.cheese.save()
        set_clock(monkeypatch, "2026-11-23 12:00")
        tick_and_work()
        assert seen == [cast.cheese.id, cast.tea.id, cast.tea.id]

    def test_one_that_still_waits_is_not_piled_up(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.often")(lambda _run: None)
        jobs.every("tests.often", minutes=1)
        for minute in range(5):
            set_clock(monkeypatch, f"2026-11-22 14:0{minute}")
            recurring.tick()

        assert Job.objects.count() == 1

    def test_forgetting_keeps_the_last_tick(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.often")(lambda _run: None)
        jobs.every("tests.often", minutes=1)
        for minute in range(5):
            set_clock(monkeypatch, f"2026-11-22 14:0{minute}")
            recurring.tick()
        set_clock(monkeypatch, "2026-12-22 14:00")

        recurring.purge()

        assert Tick.objects.count() == 1
        assert tick_and_work() == 1


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("02:30", ["2026-03-28 02:30", "2026-03-29 03:30", "2026-03-30 02:30"]),
        ("03:15", ["2026-03-28 03:15", "2026-03-29 03:15", "2026-03-30 03:15"]),
        ("02:30", ["2026-10-24 02:30", "2026-10-25 02:30", "2026-10-26 02:30"]),
    ],
)
def test_each_day_has_one_time_though_the_clocks_change(at: str, days: list[str]) -> None:
    schedule = rules.schedule(at=at, minutes=None)
    first = dt.datetime.fromisoformat(days[0]).replace(hour=0, tzinfo=BERLIN)
    minutes = (first.astimezone(dt.UTC) + dt.timedelta(minutes=n) for n in range(3 * 24 * 60 + 60))

    ticks = sorted({schedule.last(now, "Europe/Berlin") for now in minutes})

    local = [tick.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") for tick in ticks]
    assert [day for day in local if day >= days[0]] == days


@pytest.mark.parametrize(
    ("at", "minutes"), [(None, None), ("03:15", 5), (None, 0), ("25:00", None)]
)
def test_a_rule_that_says_nothing_sensible_is_refused(at: str | None, minutes: int | None) -> None:
    with pytest.raises(ValueError, match=r"due at a time|hour must be"):
        jobs.every("tests.often", at=at, minutes=minutes)


def test_work_is_registered_once() -> None:
    jobs.work("tests.often")(lambda _run: None)

    with pytest.raises(ValueError, match="registered twice"):

        @jobs.work("tests.often")
        def other(_run: jobs.Running) -> None:
            """Something else."""

    assert registry.find("tests.often") is not None


def test_many_workers_see_one_tick(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.work("tests.often")(lambda _run: None)
    jobs.every("tests.often", minutes=1)
    set_clock(monkeypatch, "2026-11-22 14:00")
    recurring.tick()
    set_clock(monkeypatch, "2026-11-22 14:01")
    barrier = threading.Barrier(10)
    found: list[int] = []

    def look() -> None:
        barrier.wait()
        try:
            found.append(recurring.tick())
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [0] * 9 + [1]
    assert (Tick.objects.count(), Job.objects.count()) == (2, 1)

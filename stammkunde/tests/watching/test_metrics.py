"""`/metrics`: the format to the letter, what the store knows, and requests counted over threads and processes."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import Job
from stammkunde.faces.watching import counts, exposition, gauges
from stammkunde.faces.watching.counts import BOUNDS, Counts
from stammkunde.insights import snapshots
from stores_and_cast import Cast  # type: ignore[import-not-found]

TOKEN = "uX3-a-token-that-nobody-would-guess-9q"  # noqa: S105 - of a test
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
# A process that counts and is killed.
OBSERVED = """
import os, pathlib, signal, sys
from stammkunde.faces.watching.counts import Counts
ours = Counts(pathlib.Path(sys.argv[1]))
for _each in range(int(sys.argv[2])):
    ours.observe(("/", "GET", "200"), 20)
os.kill(os.getpid(), signal.SIGKILL)
"""
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Samples:
    """Read the text format as its specification has it, and refuse everything else."""
    assert text.endswith("\n")
    samples: Samples = {}
    kinds: dict[str, str] = {}
    family = ""
    for line in text[:-1].split("\n"):
        if line.startswith("#"):
            mark, what, name, rest = line.split(" ", 3)
            assert (mark, re.fullmatch(NAME, name) is not None) == ("#", True), line
            if what == "HELP":
                assert name not in kinds, f"{name} comes twice"
                family, kinds[name] = name, ""
            else:
                assert (what, name, kinds[name]) == ("TYPE", family, ""), line
                assert rest in ("gauge", "counter", "histogram")
                kinds[name] = rest
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name, labels, number = match.groups()
        endings = ("_bucket", "_sum", "_count") if kinds[family] == "histogram" else ("",)
        assert name in {family + ending for ending in endings}, line
        found = LABEL.findall(labels or "")
        assert "".join(f'{key}="{value}",' for key, value in found) == f"{labels},"
        assert len({key for key, _value in found}) == len(found)
        place = name, frozenset(found)
        assert place not in samples, f"{line} comes twice"
        samples[place] = math.inf if number == "+Inf" else float(number)
    _require_histograms(samples, {name for name, kind in kinds.items() if kind == "histogram"})
    return samples


def _require_histograms(samples: Samples, names: set[str]) -> None:
    """Buckets only grow, the last is endless and holds as many as were counted."""
    buckets: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for (name, labels), value in samples.items():
        if name.removesuffix("_bucket") in names and name.endswith("_bucket"):
            bound = dict(labels)["le"]
            rest = frozenset(each for each in labels if each[0] != "le")
            buckets[name.removesuffix("_bucket"), rest].append(
                (math.inf if bound == "+Inf" else float(bound), value)
            )
    for (name, labels), found in buckets.items():
        assert [bound for bound, _value in found] == sorted({bound for bound, _value in found})
        assert [value for _bound, value in found] == sorted(value for _bound, value in found)
        assert found[-1] == (math.inf, samples[f"{name}_count", labels])
        assert (f"{name}_sum", labels) in samples


@pytest.fixture(autouse=True)
def on(settings: Any, tmp_path: Path) -> None:
    settings.METRICS_TOKEN = TOKEN
    settings.DATA = tmp_path / "data"


def scraped(client: Client | None = None) -> Samples:
    answer = (client or Client()).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parsed(answer.content.decode())


def of(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


class TestDoor:
    @pytest.mark.django_db
    def test_without_a_token_in_the_environment_there_is_no_such_address(
        self, settings: Any
    ) -> None:
        settings.METRICS_TOKEN = ""
        for said in ("", "Bearer ", f"Bearer {TOKEN}"):
            answer = Client().get("/metrics", headers={"Authorization": said}, follow=True)
            assert answer.status_code in (200, 404)
            assert b"stammkunde_jobs" not in answer.content

    @pytest.mark.parametrize(
        "said", ["", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN,
                 "Bearer Käse".encode().decode("latin-1")],
    )  # fmt: skip
    def test_who_does_not_know_the_token_is_told_nothing(self, said: str) -> None:
        answer = Client().get("/metrics", headers={"Authorization": said} if said else {})
        assert (answer.status_code, answer.content) == (401, b"A token is needed.\n")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.django_db
    def test_from_this_machine_no_name_and_no_encryption_are_asked_for(self, settings: Any) -> None:
        settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["shop.example"]
        assert of(scraped(), "stammkunde_jobs", kind="insights.refresh", state="waiting") == 0

    def test_it_is_only_read(self) -> None:
        answer = Client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")

    def test_a_store_that_does_not_answer_is_said_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(_counts: Counts) -> None:
            raise DatabaseError

        monkeypatch.setattr(gauges, "families", away)
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 503


@pytest.mark.django_db
class TestStore:
    def job(self, name: str, state: str, **values: Any) -> None:
        lease = clock.now() if state == "running" else None
        Job.objects.create(name=name, state=state, lease_until=lease, attempts_max=1,
                           actor_kind="command", **values)  # fmt: skip

    def test_queues_by_state_and_kind_with_the_oldest_that_is_due(self) -> None:
        now = clock.now()
        self.job("insights.refresh", "waiting", run_at=now - dt.timedelta(minutes=5))
        self.job("insights.refresh", "waiting", run_at=now + dt.timedelta(hours=1))
        self.job("imports.look", "running", started_at=now)
        found = scraped()
        assert of(found, "stammkunde_jobs", kind="insights.refresh", state="waiting") == 2
        assert of(found, "stammkunde_jobs", kind="imports.look", state="running") == 1
        assert 300 <= of(found, "stammkunde_jobs_oldest_due_seconds", kind="insights.refresh") < 360
        assert of(found, "stammkunde_jobs_oldest_due_seconds", kind="imports.look") == 0
        kinds = {dict(labels)["kind"] for name, labels in found if name == "stammkunde_jobs"}
        assert kinds >= set(registry.names())

    def test_how_jobs_of_the_last_day_ended_and_how_long_they_took(self) -> None:
        now = clock.now()
        for seconds in (2, 4):
            self.job(
                "flows.nightly",
                "done",
                started_at=now - dt.timedelta(seconds=seconds),
                ended_at=now,
            )
        self.job("flows.nightly", "failed", started_at=now, ended_at=now)
        self.job("flows.nightly", "cancelled", ended_at=now)
        self.job("flows.nightly", "failed", started_at=now, ended_at=now - dt.timedelta(days=2))
        found = scraped()

        def ended(name: str, **labels: str) -> float:
            return of(found, f"stammkunde_{name}_last_day", kind="flows.nightly", **labels)

        assert ended("jobs_ended", state="done") == 2
        assert ended("jobs_ended", state="failed") == 1
        assert ended("job_duration_seconds", state="done", of="mean") == 3
        assert ended("job_duration_seconds", state="done", of="max") == 4
        assert ended("job_duration_seconds", state="cancelled", of="max") == 0

    def test_how_old_the_numbers_of_each_shop_are(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        snapshots.refresh(cast.cheese)
        imported(cast.tea, FILE)
        cheese, tea = str(cast.cheese.pk), str(cast.tea.pk)
        found = scraped()
        assert 0 <= of(found, "stammkunde_snapshot_age_seconds", shop=cheese) < 300
        assert ("stammkunde_snapshot_age_seconds", frozenset({("shop", tea)})) not in found
        assert of(found, "stammkunde_snapshot_changes_behind", shop=cheese) == 0
        assert of(found, "stammkunde_snapshot_changes_behind", shop=tea) > 0
        said = (
            Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        )
        assert not re.search("Käse|kaese|Tee|Anna|example", said)

    def test_which_versions_run(self, store: Any) -> None:
        (labels,) = (dict(said) for name, said in scraped() if name == "stammkunde_build_info")
        assert labels.keys() == {"version", "kohorte", "python", "database"}
        assert labels["database"] == store.address.partition(":")[0]


@pytest.mark.django_db
class TestRequests:
    def test_they_are_counted_by_route_and_status(self) -> None:
        client = Client()
        for path in ("/api/v1/shop", "/api/v1/orders/shop/1", "/api/v1/orders/shop/2", "/no/such/thing",
                     "/health/", "/static/no.svg", "/api/luck"):  # fmt: skip
            client.get(path)
        client.generic("BREW", "/api/v1/shop")
        found = scraped(client)

        def counted(route: str, status: str, method: str = "GET") -> float:
            return of(found, "stammkunde_http_request_duration_seconds_count", route=route,
                      method=method, status=status)  # fmt: skip

        assert counted("/api/v1/shop", "401") == 1
        assert counted("/api/v1/shop", "405", "other") == 1
        assert counted("/api/v1/orders/<source>/<path:number>", "401") == 2
        assert counted("/api/", "404") == 1
        assert counted("/health/", "200") == 1
        assert counted("static", "404") == 1
        routes = {dict(labels)["route"] for name, labels in found if "request" in name}
        assert not [route for route in routes if "such" in route or "luck" in route]


class TestCounts:
    def test_threads_lose_nothing(self, tmp_path: Path) -> None:
        ours = Counts(tmp_path)

        def observe() -> None:
            for number in range(500):
                ours.observe((f"/{number % 3}", "GET", "200"), 0.125)

        threads = [threading.Thread(target=observe) for _each in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        found = ours.totals()
        assert sum(sum(buckets) for buckets, _total in found.values()) == 4000
        assert sum(total for _buckets, total in found.values()) == 500.0
        assert all(
            buckets[BOUNDS.index(0.15)] == sum(buckets) for buckets, _total in found.values()
        )

    def test_processes_are_added_up_also_those_that_were_killed(self, tmp_path: Path) -> None:
        for times in (3, 4):
            words = (sys.executable, "-c", OBSERVED, str(tmp_path), str(times))
            killed = subprocess.run(words, check=False)  # noqa: S603  # our own words
            assert killed.returncode == -signal.SIGKILL

        ours = Counts(tmp_path)
        ours.observe(("/", "GET", "200"), 0.001)
        buckets, total = ours.totals()["/", "GET", "200"]
        assert (sum(buckets), buckets[0], buckets[-1]) == (8, 1, 7)
        assert total == pytest.approx(7 * 20 + 0.001)

    def test_more_keys_than_there_is_room_for_do_no_harm(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counts, "RECORDS", 2)
        ours = Counts(tmp_path)
        for number in range(5):
            ours.observe(("ü" * 200 if number == 1 else f"/{number}", "GET", "200"), 1)
        assert len(ours.totals()) <= 2

    def test_the_folder_is_gone_afterwards(self) -> None:
        with counts.shared():
            folder = Path(os.environ[counts.FOLDER])
            assert folder.stat().st_mode & 0o077 == 0
            counts.of_this_process().observe(("/", "GET", "200"), 1)
            assert list(folder.iterdir())
        assert not folder.exists()
        assert counts.FOLDER not in os.environ


def test_whatever_a_label_holds_can_be_read_again() -> None:
    for text in ('a"b', "a\\b", "a\nb", "a\\nb", "Käse,{}", "="):
        family = exposition.gauge("stammkunde_test", "A\\ \n line.", [({"said": text}, 1)])
        ((name, labels), value) = next(iter(parsed(exposition.text([family])).items()))
        ((_key, written),) = labels
        said = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), written)
        assert (name, said, value) == ("stammkunde_test", text, 1)

"""`serve` and `worker` as processes: they answer, work, end when told, and leave nothing behind."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import DONE, RUNNING, Job
from stammkunde.core.upkeep import starting
from stores_and_cast import Store  # type: ignore[import-not-found]
from tools.postgres import free_port

COMMAND_LINE = (sys.executable, "-m", "stammkunde.faces.cli")


@contextmanager
def asking(port: int) -> Iterator[None]:
    """Have some people ask for a page again and again."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            health(port)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@contextmanager
def started(store: Store, folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command; whatever is left of it is killed afterwards."""
    environment = {
        **os.environ,
        "DATABASE_URL": store.address,
        "STAMMKUNDE_DATA": str(folder / "data"),
        "STAMMKUNDE_DEBUG": "1",
    }
    process = subprocess.Popen(  # noqa: S603  # our own command
        [*COMMAND_LINE, *words, "--language", "en"],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for pid in of_session(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


def of_session(session: int) -> list[int]:
    """Return the processes that a command has started, itself included."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def health(port: int) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return answer.status, json.load(answer)
    # A server that ends may close, fall silent or break off in the middle of an answer.
    except (OSError, HTTPException, ValueError) as fault:
        return getattr(fault, "code", 0), None


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "It did not happen."
        time.sleep(0.05)


def test_it_answers_works_and_ends_when_told(own_store: Store, tmp_path: Path) -> None:
    port = free_port()
    job = jobs.enqueue("jobs.purge", actor=COMMAND)
    with started(own_store, tmp_path, "serve", "--port", str(port)) as process:
        wait_until(lambda: health(port) == (200, {"status": "ok"}))
        wait_until(lambda: Job.objects.get(pk=job.pk).state == DONE)
        process.terminate()
        said = process.communicate(timeout=30)[0]

        assert process.returncode == 0, said
        assert said.splitlines() == [
            f"Stammkunde is ready at http://127.0.0.1:{port} – Ctrl+C ends it.",
            "Stammkunde has ended.",
        ]
        wait_until(lambda: of_session(process.pid) == [])
        assert health(port) == (0, None)
    assert not Job.objects.filter(state=RUNNING).exists()


def test_ctrl_c_in_a_terminal_reaches_everybody_and_ends_it_at_once(
    sqlite_store: Store, tmp_path: Path
) -> None:
    port = free_port()
    store = Store(sqlite_store.copied(), sqlite_store.copied)
    with started(store, tmp_path, "serve", "--port", str(port)) as process:
        wait_until(lambda: health(port)[0] == 200)
        with asking(port):
            os.killpg(process.pid, signal.SIGINT)
            said = process.communicate(timeout=60)[0]

        assert process.returncode == 0, said
        assert said.splitlines()[1:] == ["Stammkunde has ended."]


@pytest.mark.slow
def test_requests_are_counted_over_all_processes_that_answer(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAMMKUNDE_METRICS_TOKEN", token := secrets.token_urlsafe(32))
    port = free_port()
    store = Store(sqlite_store.copied(), sqlite_store.copied)
    words = ("serve", "--port", str(port), "--processes", "2", "--without-worker")
    with started(store, tmp_path, *words):
        wait_until(lambda: health(port)[0] == 200)
        wanted = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {token}"}
        )

        def counted() -> int:
            with urllib.request.urlopen(wanted, timeout=5) as answer:  # noqa: S310  # ourselves
                lines = answer.read().decode().splitlines()
            found = [
                line for line in lines
                if line.startswith("stammkunde_http_request_duration_seconds_count")
                and 'route="/health/",method="GET",status="200"' in line
            ]  # fmt: skip
            return int(found[0].rpartition(" ")[2])

        before = counted()
        for _each in range(40):
            assert health(port)[0] == 200
        # Whichever process is asked knows of all.
        assert {counted() for _each in range(10)} == {before + 40}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is not there")
def test_killed_it_leaves_no_process_behind(sqlite_store: Store, tmp_path: Path) -> None:
    port = free_port()
    store = Store(sqlite_store.copied(), sqlite_store.copied)
    with started(store, tmp_path, "serve", "--port", str(port)) as process:
        wait_until(lambda: health(port)[0] == 200)
        assert len(of_session(process.pid)) > 2
        process.kill()
        process.wait()

        wait_until(lambda: of_session(process.pid) == [])


def test_a_worker_alone_ends_when_told(sqlite_store: Store, tmp_path: Path) -> None:
    store = Store(sqlite_store.copied(), sqlite_store.copied)
    with started(store, tmp_path, "worker") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Waiting for work – Ctrl+C ends it.\n"
        process.send_signal(signal.SIGINT)

        assert process.communicate(timeout=30)[0] == "Stammkunde has ended.\n"
        assert process.returncode == 0


class TestRefusing:
    def test_a_port_that_is_taken(self) -> None:
        with closing(socket.socket()) as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(Refused, match=f"{port}.*--port"):
                starting.require_port("127.0.0.1", port)

    def test_an_address_of_another_machine(self) -> None:
        with pytest.raises(Refused) as refused:
            starting.require_port("192.0.2.1", 8000)
        assert refused.value.name == "serve.address"

    @pytest.mark.parametrize(
        ("host", "is_safe"),
        [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)],  # noqa: S104  # what is refused
    )
    def test_developer_mode_for_others(self, settings: Any, host: str, is_safe: bool) -> None:
        settings.DEBUG = True
        if is_safe:
            starting.require_safe(host)
            return
        with pytest.raises(Refused):
            starting.require_safe(host)
        settings.DEBUG = False
        starting.require_safe(host)

    def test_a_worker_on_an_old_database(self, own_store: Store, run: Run) -> None:  # noqa: F811
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

        answer = run("worker")

        assert (answer.code, "stammkunde serve" in answer.complained) == (2, True)


@pytest.mark.django_db
class TestHealth:
    def test_it_asks_for_no_name_and_no_encryption(self, settings: Any) -> None:
        settings.SECURE_SSL_REDIRECT = True
        answer = Client(headers={"host": "10.1.2.3"}).get("/health/")

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies

    def test_it_says_when_the_database_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import OperationalError

        def refuse() -> None:
            raise OperationalError("could not connect as shop with password x")

        monkeypatch.setattr(connection, "cursor", refuse)
        answer = Client().get("/health/")

        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})

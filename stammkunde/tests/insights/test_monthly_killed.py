"""A worker is killed while the mail server has a message: the rest goes out, and nothing goes twice."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.running import Running
from stammkunde.faces.dashboard.monthly import mailing, work
from stammkunde.insights.monthly import services
from stammkunde.insights.monthly.models import SENT, Delivery
from stores_and_cast import Store, make_cast

NOW = dt.datetime(2026, 11, 3, 6, tzinfo=dt.UTC)
_CHILD = """
import datetime as dt
import sys
import threading
import time
import django
django.setup()
from stammkunde.core import clock
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.running import Running
from stammkunde.faces.dashboard.monthly import mailing, work
clock.now = lambda: dt.datetime(2026, 11, 3, 6, tzinfo=dt.UTC)
gone = []
def hand_over(message):
    print(message.to[0], flush=True)
    if gone:
        time.sleep(600)
    gone.append(message)
    return "sent", ""
mailing.hand_over = hand_over
job = Job(name=work.SEND, shop_id=int(sys.argv[1]), args={})
work.send(Running(job, stopping=threading.Event()))
"""


@pytest.mark.slow
def test_a_killed_worker_sends_nothing_twice_and_leaves_nobody_out(
    own_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = make_cast()
    people = [cast.olga, cast.mara, cast.anton]
    services.decide(
        cast.cheese,
        day=3,
        people=[person.pk for person in people],
        is_paused=False,
        address="https://kunden.example",
        actor=COMMAND,
    )
    content = {"language": "de", "month": "2026-10", "name": "Oktober 2026"}
    services.keep(cast.cheese, dt.date(2026, 10, 1), content, people)

    environment = {
        **os.environ,
        "DATABASE_URL": own_store.address,
        "STAMMKUNDE_DATA": str(tmp_path),
        "STAMMKUNDE_DEBUG": "1",
        "STAMMKUNDE_MAIL_URL": "smtp+plain://localhost:1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    child = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", _CHILD, str(cast.cheese.pk)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    told = [child.stdout.readline().strip() for _message in range(2)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert told == ["olga@example.com", "mara@example.com"]

    sent: list[str] = []

    def hand_over(message: EmailMultiAlternatives) -> tuple[str, str]:
        sent.extend(message.to)
        return SENT, ""

    monkeypatch.setattr(mailing, "hand_over", hand_over)
    for minutes in (2, 30):
        later = NOW + dt.timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        job = Job(name=work.SEND, shop=cast.cheese, args={})
        work.send(Running(job, stopping=threading.Event()))

    assert sent == ["anton@example.com"]
    states = {one.person.name: one.state for one in Delivery.objects.select_related("person")}
    assert states == {"Olga": "sent", "Mara": "unknown", "Anton": "sent"}

"""The monthly report: what stands in the mail and on the page, when it goes out, and that once each."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import translation

from dashboard.conftest import SignIn
from dashboard.test_numbers import SHOP, YEAR, text, work
from importing import imported
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.monthly import mailing
from stammkunde.faces.dashboard.monthly import work as monthly
from stammkunde.insights import snapshots
from stammkunde.insights.annotations import services as notes
from stammkunde.insights.monthly import queries, services
from stammkunde.insights.monthly.models import Delivery, Edition, Plan
from stammkunde.insights.targets import services as targets
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db
# November 2025 is the last whole month of the year of orders.
DUE = dt.datetime(2025, 12, 18, 5, 30, tzinfo=dt.UTC)
NOVEMBER = dt.date(2025, 11, 1)
HERE = "https://kunden.example"
GERMAN = """\
Käsehaus · November 2025

Keine Kennzahl hat sich stärker bewegt, als Zufall erklärt.
1 von 1 Ziel sicher erreicht.

Die wichtigsten Zahlen

Umsatz: 90,00 €
  ▼ 25,0 % weniger als im Oktober 2025, im Rahmen des Zufalls
  Ziel 80,00 €: erreicht
"""


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the 18th of December 2025."""
    monkeypatch.setattr(clock, "now", lambda: DUE)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    """Return a shop with a year of orders, its numbers, a target and something that happened."""
    cancelled = "X1;05.06.2025 10:00;1;x1@example.com;Person 1;5,00;storniert;Brie;1\r\n"
    imported(cast.cheese, YEAR + cancelled)
    targets.add(
        cast.cheese,
        metric="revenue",
        grain="month",
        value=80.0,
        since=dt.date(2025, 1, 1),
        actor=COMMAND,
    )
    notes.add(
        cast.cheese, starts_on=dt.date(2025, 11, 11), text="Martinsmarkt & mehr", actor=COMMAND
    )
    snapshots.refresh(cast.cheese)
    return cast.cheese


def plan(cast: Cast, *people: int, **other: Any) -> None:
    """Decide that the report goes out on the third, as if that had been decided long ago."""
    given = {"day": 3, "people": people, "is_paused": False, "address": HERE, **other}
    services.decide(cast.cheese, actor=COMMAND, **given)
    Plan.objects.update(first_month=dt.date(2025, 1, 1))


def run(shop: Shop) -> str:
    """Do what every morning does; return what it says."""
    job = Job(name=monthly.SEND, shop=shop, args={})
    with translation.override("en"):
        return str(monthly.send(Running(job, stopping=threading.Event())) or "")


def do_asked() -> None:
    """Do what people asked for."""
    for job in Job.objects.filter(state__in=OPEN, name=monthly.ONE):
        monthly.send_one(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def test_the_mail_says_it_in_german_with_the_same_as_a_page(shop: Shop, cast: Cast) -> None:
    plan(cast, cast.olga.pk)
    run(shop)

    sent: Any = mail.outbox[0]
    plain = sent.body.replace("\xa0", " ")
    assert sent.subject == "Käsehaus im November 2025: wer wiederkam"
    assert sent.to == ["olga@example.com"]
    assert plain.startswith(GERMAN)
    assert "Bestehende Kunden: " in plain
    assert "\nZiele\n\nUmsatz (November 2025): 90,00 €\n  Ziel 80,00 €: erreicht\n" in plain
    assert "\nWas geschah\n\n11. Nov. 2025: Martinsmarkt & mehr\n" in plain
    assert "Daten bis 9. Dez. 2025, berechnet am 18. Dez. 2025, 06:30." in plain
    assert "Im gesamten Zeitraum ausgelassen: Storniert (1 Bestellung)." in plain
    assert f"{HERE}/kaesehaus/reports/2025-11/" in plain
    assert "Person" not in plain
    ((page, kind),) = sent.alternatives
    assert kind == "text/html"
    assert "<script" not in page
    assert 'class="' not in page
    assert "Martinsmarkt &amp; mehr" in page
    assert "url(" not in page
    assert "<img" not in page
    assert "Person" not in page


def test_an_english_shop_gets_it_in_english(shop: Shop, cast: Cast) -> None:
    shops.change(shop, actor=COMMAND, language="en")
    plan(cast, cast.olga.pk)
    run(Shop.objects.get(pk=shop.pk))

    (sent,) = mail.outbox
    assert sent.subject == "Käsehaus in November 2025: who came back"
    assert sent.body.startswith(
        "Käsehaus · November 2025\n\nNo metric moved by more than chance explains.\n1 of 1 target was reached beyond doubt.\n\n"
        "The most important numbers\n\nRevenue: €90.00\n  ▼ 25.0% less than in October 2025, within chance\n"
        "  Target €80.00: reached\n"
    )


def test_it_goes_once_to_each_however_often_it_is_tried(shop: Shop, cast: Cast) -> None:
    plan(cast, cast.olga.pk, cast.sven.pk)
    for _morning in range(3):
        run(shop)

    assert sorted(one.to[0] for one in mail.outbox) == ["olga@example.com", "sven@example.com"]
    ids = {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert len(ids) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_whoever_is_chosen_later_is_sent_the_next_one(shop: Shop, cast: Cast) -> None:
    plan(cast, cast.olga.pk)
    run(shop)
    plan(cast, cast.olga.pk, cast.sven.pk)
    run(shop)

    assert [one.to for one in mail.outbox] == [["olga@example.com"]]


def test_what_cannot_be_written_was_surely_not_sent(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast, cast.olga.pk)
    with monkeypatch.context() as patched:
        patched.setattr(mailing, "html", lambda *_words, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(shop)
    assert Delivery.objects.get().state == "waiting"
    run(shop)
    assert len(mail.outbox) == 1


def test_it_waits_for_its_day_for_recipients_and_while_it_is_paused(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shop)
    plan(cast)
    run(shop)
    plan(cast, cast.olga.pk, day=19)
    run(shop)
    plan(cast, cast.olga.pk, is_paused=True)
    run(shop)
    assert mail.outbox == []

    plan(cast, cast.olga.pk)
    run(shop)
    assert len(mail.outbox) == 1


def test_it_waits_for_numbers_that_are_being_computed(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast, cast.olga.pk)
    shops.change(shop, actor=COMMAND, window_days=90)
    shop = Shop.objects.get(pk=shop.pk)

    assert "being computed" in run(shop)
    assert mail.outbox == []
    assert Job.objects.get(name=monthly.SEND, key="later").run_at == DUE + dt.timedelta(minutes=15)
    work()
    run(shop)
    assert len(mail.outbox) == 1


def test_it_waits_for_the_last_days_of_its_month(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast, cast.olga.pk)
    in_january = dt.datetime(2026, 1, 4, 6, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: in_january)
    assert "waits" in run(shop)
    assert mail.outbox == []
    said = text(browser_of(cast, shop).get(f"{SHOP}/reports/"))
    assert "wartet auf Bestellungen des ganzen Monats; die Daten enden am 9. Dez. 2025" in said

    monkeypatch.setattr(clock, "now", lambda: in_january + dt.timedelta(days=7))
    run(shop)
    assert mail.outbox[0].body.startswith(
        "Käsehaus · Dezember 2025\n\nDie Daten enden am 9. Dez. 2025: Der Monat ist noch nicht"
    )


def browser_of(cast: Cast, shop: Shop) -> Client:
    """Return the owner's browser, reading German."""
    browser = Client()
    browser.force_login(cast.olga)
    return browser


class Broken(EmailBackend):
    """A mail server that fails as it is told to."""

    at_opening: Exception | None = None
    at_sending: Exception | None = None

    def open(self) -> bool:
        if self.at_opening:
            raise self.at_opening
        return True

    def send_messages(self, messages: Any) -> int:
        if self.at_sending:
            raise self.at_sending
        return int(super().send_messages(messages))


@pytest.mark.parametrize(
    ("opening", "sending", "state", "fault"),
    [
        (ConnectionRefusedError(), None, "failed", "unreachable"),
        (None, smtplib.SMTPRecipientsRefused({}), "failed", "refused"),
        (None, smtplib.SMTPDataError(552, b"too large"), "failed", "refused"),
        (None, smtplib.SMTPServerDisconnected(), "unknown", ""),
        (None, TimeoutError(), "unknown", ""),
    ],
)
def test_what_became_of_a_message_is_told_as_far_as_it_is_known(
    shop: Shop,
    cast: Cast,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    opening: Exception | None,
    sending: Exception | None,
    state: str,
    fault: str,
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    monkeypatch.setattr(Broken, "at_opening", opening)
    monkeypatch.setattr(Broken, "at_sending", sending)
    plan(cast, cast.olga.pk)
    try:
        run(shop)
        is_tried_again = False
    except monthly.NotSent:
        is_tried_again = True

    found = Delivery.objects.get()
    assert (found.state, found.fault) == (state, fault)
    assert is_tried_again == (state == "failed")
    monkeypatch.setattr(Broken, "at_opening", None)
    monkeypatch.setattr(Broken, "at_sending", None)
    run(shop)
    assert len(mail.outbox) == (1 if state == "failed" else 0)
    if state == "unknown":
        browser = browser_of(cast, shop)
        said = text(browser.get(f"{SHOP}/reports/"))
        assert "Olga: unbekannt, ob sie ankam" in said
        page = f"{SHOP}/reports/messages/{found.pk}/again/"
        assert "vielleicht doppelt" in text(browser.get(page))
        assert mail.outbox == []
        browser.post(page)
        do_asked()
        assert len(mail.outbox) == 1


def test_whoever_died_with_a_message_in_hand_is_told_and_nobody_sends_it_twice(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast, cast.olga.pk, cast.sven.pk)

    def die(_message: object) -> tuple[str, str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "hand_over", die)
        with pytest.raises(KeyboardInterrupt):
            run(shop)
    monkeypatch.setattr(clock, "now", lambda: DUE + dt.timedelta(minutes=11))
    run(shop)

    states = {one.person.name: one.state for one in Delivery.objects.select_related("person")}
    assert states == {"Olga": "unknown", "Sven": "sent"}
    assert [one.to for one in mail.outbox] == [["sven@example.com"]]


def test_the_page_shows_the_same_and_what_was_sent_stays(
    shop: Shop, cast: Cast, as_: SignIn
) -> None:
    browser = as_(cast.olga)
    said = text(browser.get(f"{SHOP}/reports/2025-11/"))
    assert "A preview with the numbers of today; it has not been sent." in said
    assert "Umsatz 90,00 €" in said
    assert 'lang="de"' in browser.get(f"{SHOP}/reports/2025-11/").content.decode()

    plan(cast, cast.olga.pk)
    run(shop)
    imported(shop, YEAR.replace("bezahlt", "storniert").replace(";10,00", ";99,00"))
    work()
    assert "Umsatz 90,00 €" in text(browser.get(f"{SHOP}/reports/2025-11/"))
    assert "As it was sent" in text(browser.get(f"{SHOP}/reports/2025-11/"))
    assert browser.get(f"{SHOP}/reports/2025-13/").status_code == 404
    assert browser.get(f"{SHOP}/reports/1999-01/").status_code == 404


def test_the_mail_can_be_seen_before_and_runs_nothing(shop: Shop, cast: Cast, as_: SignIn) -> None:
    answer = as_(cast.olga).get(f"{SHOP}/reports/2025-11/mail/")
    policy = answer["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert policy.count("sha256-") > 5
    assert Edition.objects.count() == 0


def test_one_is_sent_to_whoever_asks_and_to_nobody_else(
    shop: Shop, cast: Cast, as_: SignIn
) -> None:
    browser = as_(cast.sven)
    page = f"{SHOP}/reports/2025-11/send/"
    browser.get(page)
    assert not Job.objects.filter(name=monthly.ONE).exists()
    said = text(browser.post(page, follow=True))
    browser.post(page)
    do_asked()
    assert "The report is on its way to sven@example.com." in said
    assert [one.to for one in mail.outbox] == [["sven@example.com"]]
    assert "http://testserver/kaesehaus/reports/2025-11/" in mail.outbox[0].body

    browser.post(page)
    do_asked()
    assert len(mail.outbox) == 2
    assert browser.post(f"{SHOP}/reports/2025-12/send/").status_code == 404


def test_a_link_in_the_mail_ends_it_after_a_question(shop: Shop, cast: Cast) -> None:
    plan(cast, cast.olga.pk)
    run(shop)
    sent: Any = mail.outbox[0]
    link = re.search(rf"{HERE}(/unsubscribe/\S+)", sent.body)
    assert link is not None
    assert sent.extra_headers["List-Unsubscribe"] == f"<{HERE}{link[1]}>"
    stranger = Client(enforce_csrf_checks=True)

    assert "Käsehaus" in text(stranger.get(link[1]))
    assert queries.recipients(shop) == [cast.olga]
    stranger.post(link[1], {"List-Unsubscribe": "One-Click"})
    assert queries.recipients(shop) == []
    assert stranger.get(link[1]).status_code == 200
    assert stranger.get("/unsubscribe/nonsense/").status_code == 404


def test_sending_is_set_up_on_a_page(shop: Shop, cast: Cast, as_: SignIn) -> None:
    browser = as_(cast.mara)
    assert "not set up" in text(browser.get(f"{SHOP}/reports/"))
    wrong = browser.post(f"{SHOP}/reports/plan/", {"day": "31", "people": []})
    assert wrong.status_code == 422
    said = text(
        browser.post(
            f"{SHOP}/reports/plan/",
            {"day": "5", "people": [str(cast.olga.pk), str(cast.mara.pk)]},
            follow=True,
        )
    )
    assert "on day 5 of the month after" in said
    assert "Next 5 Jan 2026 Recipients Mara, Olga" in said
    found = queries.plan(shop)
    assert found is not None
    assert (found.address, found.first_month) == ("http://testserver", dt.date(2025, 12, 1))
    assert as_(cast.sven).get(f"{SHOP}/reports/plan/").status_code == 403


def test_without_a_mail_server_it_can_be_read(
    shop: Shop, cast: Cast, as_: SignIn, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    plan(cast, cast.olga.pk)
    run(shop)
    assert not Delivery.objects.exists()
    browser = as_(cast.olga)
    assert "This installation has no mail server." in text(browser.get(f"{SHOP}/reports/"))
    assert "Send it to me" not in text(browser.get(f"{SHOP}/reports/2025-11/"))

"""The monthly report: what stands in the mail, when it goes out, and that once each."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from dashboard.monthly.conftest import DUE, HERE, browser_of, do_asked, plan, run
from dashboard.test_numbers import SHOP, text, work
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import Job
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.monthly import mailing
from stammkunde.faces.dashboard.monthly import work as monthly
from stammkunde.insights.monthly.models import Delivery
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db
GERMAN = """\
Käsehaus · November 2025

Keine Kennzahl hat sich stärker bewegt, als Zufall erklärt.
1 von 1 Ziel sicher erreicht.

Die wichtigsten Zahlen

Umsatz: 90,00 €
  ▼ 25,0 % weniger als im Oktober 2025, im Rahmen des Zufalls
  Ziel 80,00 €: erreicht
"""


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

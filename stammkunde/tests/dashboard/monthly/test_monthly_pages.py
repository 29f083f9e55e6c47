"""The monthly report as pages show it: what was sent, what will be, and who gets it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.monthly.conftest import HERE, do_asked, plan, run
from dashboard.test_numbers import SHOP, YEAR, text, work
from importing import imported
from stammkunde.core.jobs.models import Job
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.monthly import work as monthly
from stammkunde.insights.monthly import queries
from stammkunde.insights.monthly.models import Delivery, Edition
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db


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

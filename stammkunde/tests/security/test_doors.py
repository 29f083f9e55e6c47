"""Every page as an outsider attacks it: forged forms, frames, caches, foreign hosts, led astray."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.conftest import PASSWORD, SignIn
from dashboard.test_access import OF_SHOPS, OTHERS, Page, address
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops.models import Shop
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    " https://evil.example",
    "\t//evil.example",
)
# Colors of the shop, the same for everybody who knows its address.
KEPT = {"brand"}


def everywhere(shop: Shop) -> list[tuple[Page, str]]:
    alone = [(page, reverse(page.name, args=["x"] * len(page.things))) for page in OTHERS]
    return [(page, address(page, shop)) for page in OF_SHOPS] + alone


def test_no_form_is_taken_that_another_site_sends(cast: Cast) -> None:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.olga)
    found = {}
    for page, url in everywhere(cast.cheese):
        for method in ("post", "put", "patch", "delete"):
            found[page.name, method] = getattr(browser, method)(url).status_code
    taken = {which: status for which, status in found.items() if status not in {403, 404, 405}}

    assert taken == {}


def test_every_page_brings_what_browsers_defend_with(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.olga)
    lacking = {}
    for page, url in everywhere(cast.cheese):
        head = browser.get(url).headers
        said = {
            "frames": head.get("X-Frame-Options") == "DENY",
            "policy": "frame-ancestors 'none'" in head.get("Content-Security-Policy", ""),
            "scripts": "script-src 'self';" in head.get("Content-Security-Policy", ""),
            "inline": "unsafe" not in head.get("Content-Security-Policy", ""),
            "sniffing": head.get("X-Content-Type-Options") == "nosniff",
            "referrer": head.get("Referrer-Policy") == "same-origin",
            "opener": head.get("Cross-Origin-Opener-Policy") == "same-origin",
        }
        if missing := [name for name, is_there in said.items() if not is_there]:
            lacking[page.name] = missing

    assert lacking == {}


def test_nobody_between_keeps_a_page_of_a_shop_or_of_a_person(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.olga)
    kept = {}
    for page, url in everywhere(cast.cheese):
        said = browser.get(url).headers.get("Cache-Control", "")
        if page.name not in KEPT and not ("no-store" in said or "private" in said):
            kept[page.name] = said

    assert kept == {}


@pytest.mark.parametrize("where", ELSEWHERE)
def test_after_signing_in_one_stays_here(cast: Cast, where: str) -> None:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    browser = Client()
    answer = browser.post(
        "/account/sign-in/", {"login": cast.olga.email, "password": PASSWORD, "next": where}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("where", ELSEWHERE)
def test_after_confirming_one_stays_here(as_: SignIn, cast: Cast, where: str) -> None:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    browser = as_(cast.olga)
    answer = browser.post("/account/confirm/", {"password": PASSWORD, "next": where})

    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_foreign_name_of_this_host_makes_no_links(
    cast: Cast, host: str, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Client(headers={"host": host}).post(
        "/account/password/forgotten/", {"email": cast.olga.email}
    )
    Worker().drain()

    assert answer.status_code == 400
    assert mailoutbox == []


def test_a_forwarded_name_is_not_believed(cast: Cast, settings: Any, mailoutbox: list[Any]) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    Client(headers={"host": "localhost", "x-forwarded-host": "evil.example"}).post(
        "/account/password/forgotten/", {"email": cast.olga.email}
    )
    Worker().drain()

    assert "evil" not in mailoutbox[0].body
    assert "http://localhost/" in mailoutbox[0].body


def test_limits_count_by_the_address_that_the_connection_has(cast: Cast) -> None:
    answers = [
        Client(headers={"x-forwarded-for": f"10.0.0.{turn}", "accept-language": "en"}).post(
            "/account/sign-in/", {"login": f"nobody{turn}@example.com", "password": "wrong"}
        )
        for turn in range(14)
    ]

    assert "Too many attempts" in answers[-1].content.decode()


def test_links_to_reset_a_password_are_limited(cast: Cast, mailoutbox: list[Any]) -> None:
    answers = [
        Client().post("/account/password/forgotten/", {"email": cast.olga.email}).status_code
        for _ in range(7)
    ]
    Worker().drain()

    assert answers[-1] == 429
    assert len(mailoutbox) <= 5


def test_a_form_sets_only_what_it_shows(as_: SignIn, cast: Cast) -> None:
    as_(cast.sven).post(
        "/account/",
        {
            "name": "Sven", "language": "en", "is_operator": "on", "is_active": "", "email": "x@x.de",
            "session_generation": "99", "password": "x",
        },
    )  # fmt: skip
    cast.sven.refresh_from_db()
    kept = dict(as_(cast.olga).get("/kaesehaus/settings/change/").context["form"].initial)
    as_(cast.olga).post(
        "/kaesehaus/settings/change/",
        {**kept, "payment_days": "31", "slug": "teekontor2", "version": "77", "closed_at": "2026-01-01", "id": cast.tea.pk},
    )  # fmt: skip
    cast.cheese.refresh_from_db()

    assert (cast.sven.is_operator, cast.sven.email) == (False, "sven@example.com")
    assert (cast.sven.session_generation, cast.sven.is_active) == (1, True)
    assert (cast.cheese.slug, cast.cheese.version, cast.cheese.closed_at) == ("kaesehaus", 2, None)
    assert cast.cheese.payment_days == 31


def test_a_lower_role_gives_itself_no_higher_one(as_: SignIn, cast: Cast) -> None:
    for person in (cast.mara, cast.anton, cast.sven):
        browser = as_(person)
        own = browser.post(f"/kaesehaus/team/{person.pk}/", {"role": "owner"}).status_code
        invite = browser.post(
            "/kaesehaus/team/invite/", {"email": "me2@example.com", "role": "owner", "once": "1"}
        ).status_code
        key = {"name": "K", "permissions": ["people.manage"], "days": "30", "once": "1"}
        made = browser.post("/kaesehaus/keys/new/", key).status_code
        assert (own, invite, made) == (403, 403, 403)

    roles = cast.cheese.memberships.exclude(person=cast.olga).values_list("role", flat=True)
    assert sorted(roles) == ["analyst", "marketer", "support"]
    assert not cast.cheese.invitations.exists()
    assert not cast.cheese.tokens.exists()

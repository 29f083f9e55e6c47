"""Values that carry scripts, through every page, file and mail that shows them: they stay words."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_access import OF_SHOPS
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.models import Import
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"'><img src=x onerror=alert(2)>"
DRAWING = "<svg/onload=alert(3)>"
TEMPLATE = "{{ 7*7 }}{% debug %}"
HANDLERS = re.compile(r"^on|^style$|^srcdoc$")
# Payloads by where they come in: quotes are none of a CSV cell's business here.
NAME = f"{SCRIPT}{DRAWING}{TEMPLATE}"


class Elements(HTMLParser):
    """Notes what a browser would make of a page that no template of ours wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if HANDLERS.match(name) or (value or "").lower().lstrip().startswith("javascript:"):
                self.strange.append(f"<{tag} {name}={value}>")
        if tag == "script" and not dict(attrs).get("src"):
            self.strange.append("<script> without a file")
        if tag == "img" and dict(attrs).get("src") == "x":
            self.strange.append("<img> of ours")


def strange(page: str) -> list[str]:
    found = Elements()
    found.feed(page)
    return found.strange


@pytest.fixture
def shop(cast: Cast, settings: Any, tmp_path: Path) -> Shop:
    settings.DATA = tmp_path
    lines = [
        f"A{turn}{SCRIPT};0{1 + turn % 9}.0{1 + turn // 9}.2026 10:00;{turn % 6}{DRAWING};"
        f"k{turn % 6}@example.com;{NAME}{turn % 6};{10 + turn},00;bezahlt;{SCRIPT}Gouda;1"
        for turn in range(18)
    ]
    head = f"Bestellnummer;Datum;Kundennummer;E-Mail;Name;Betrag;Status;Artikel;{SCRIPT}"
    imported(cast.cheese, {f"{DRAWING}.csv": rows(*lines, head=head.replace(SCRIPT, "Menge"))})
    odd = f'X1;05.01.2026 10:00;;;;10,00;bezahlt;"{ATTRIBUTE.replace(chr(34), chr(34) * 2)}";1'
    imported(cast.cheese, {"=1+1.csv": rows(odd)})
    Import.objects.filter(shop=cast.cheese).update(source=ATTRIBUTE[:40])
    Customer.objects.filter(shop=cast.cheese).update(phone=DRAWING[:20], country=ATTRIBUTE[:30])
    services.invite(cast.cheese, "nia@example.com", role="support", actor=COMMAND, by=cast.olga)
    services.make_token(
        cast.cheese, SCRIPT, permissions={"metrics.read"}, days=1, actor=COMMAND, by=cast.olga
    )
    services.change(cast.cheese, actor=COMMAND, name=f"Käse {SCRIPT}{ATTRIBUTE}")
    for person in (cast.olga, cast.mara):
        person.name = f"{SCRIPT}{ATTRIBUTE}"
        person.save()
    Worker().drain()
    found: Shop = cast.cheese
    return found


def links(page: str) -> list[str]:
    return re.findall(r'(?:href|hx-get)="(/kaesehaus/[^"#]*)"', page)


def test_no_page_runs_what_a_value_says(as_: SignIn, cast: Cast, shop: Shop) -> None:
    browser = as_(cast.olga)
    waiting, seen, found = ["/kaesehaus/"], set(), {}
    names = {page.name for page in OF_SHOPS}
    met = set()
    while waiting:
        url = waiting.pop().replace("&amp;", "&")
        bare = re.sub(r"\d+", "0", url.split("?")[0])
        if url in seen or sum(re.sub(r"\d+", "0", each.split("?")[0]) == bare for each in seen) > 2:
            continue
        seen.add(url)
        answer: Any = browser.get(url)
        if answer.resolver_match:
            met.add(answer.resolver_match.url_name)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        # A mail brings its styles along, and shows under a policy that lists each of them.
        is_mail = url.endswith("/mail/") and "sha256-" in answer["Content-Security-Policy"]
        if wrong := [each for each in strange(text) if not (is_mail and " style=" in each)]:
            found[url] = wrong
        assert "{{ 7*7 }}" not in text or "49{" not in text
        waiting += links(text)

    assert found == {}
    assert len(met & names) > 35, sorted(names - met)


def test_what_is_handed_out_of_a_person_runs_nothing(as_: SignIn, cast: Cast, shop: Shop) -> None:
    browser = as_(cast.olga)
    some = Customer.objects.filter(shop=shop).exclude(name="").first()
    assert some
    sent = browser.post(f"/kaesehaus/customers/{some.pk}/data/", {"kind": "html"})

    assert sent.content.decode().count("&lt;script&gt;") >= 1
    assert strange(sent.content.decode()) == []
    assert "attachment" in sent["Content-Disposition"]


def test_the_report_runs_nothing(as_: SignIn, cast: Cast, shop: Shop) -> None:
    browser = as_(cast.olga)
    browser.post("/kaesehaus/report/make/")
    Worker().drain()
    page = browser.get("/kaesehaus/report/")

    assert page.status_code == 200
    assert "alert(1)</script>" not in page.content.decode()
    assert "onerror=alert" not in re.sub(r"&[a-z]+;[^<]*", "", page.content.decode())
    assert (
        "script-src" in page["Content-Security-Policy"]
        or "default-src 'none'" in page["Content-Security-Policy"]
    )


def test_a_name_in_an_invitation_writes_no_head_of_a_mail(
    as_: SignIn, cast: Cast, mailoutbox: list[Any]
) -> None:
    cast.olga.name = "Olga\r\nBcc: all@example.com"
    cast.olga.save()
    browser = as_(cast.olga)
    once = browser.get("/kaesehaus/team/invite/").context["form"]["once"].value()
    browser.post(
        "/kaesehaus/team/invite/", {"email": "n@example.com", "role": "analyst", "once": once}
    )

    assert mailoutbox[0].recipients() == ["n@example.com"]
    assert "\n" not in mailoutbox[0].subject


@pytest.mark.parametrize("value", [SCRIPT, ATTRIBUTE, DRAWING, TEMPLATE])
@pytest.mark.parametrize(
    "address",
    [
        "customers/?q=", "customers/?where=", "customers/?sort=", "log/?what=", "log/?since=",
        "jobs/?state=", "data/?after=", "metrics/revenue/?by=", "cohorts/?grain=", "team/?sort=",
    ],
)  # fmt: skip
def test_what_stands_in_an_address_is_not_said_again_as_a_script(
    as_: SignIn, cast: Cast, address: str, value: str
) -> None:
    answer = as_(cast.olga).get(f"/kaesehaus/{address}", {address.split("?")[1].rstrip("="): value})

    assert answer.status_code < 500
    assert strange(answer.content.decode()) == []


@pytest.mark.parametrize(
    "path", [f"/{SCRIPT}/", f"/kaesehaus/{DRAWING}/", "/kaesehaus/data/x\"'>/"]
)
def test_an_address_that_leads_nowhere_repeats_nothing(path: str, settings: Any) -> None:
    settings.DEBUG = False
    answer = Client().get(path)

    assert answer.status_code == 404
    assert strange(answer.content.decode()) == []

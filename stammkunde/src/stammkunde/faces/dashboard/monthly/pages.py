"""The pages of the monthly report: months with their messages, the report itself, and when it goes out."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kohorte.report import periods
from kohorte.report.voice import Voice
from stammkunde.core import clock
from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import confirming
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.monthly import composing, mailing, work
from stammkunde.faces.dashboard.templatetags.formats import day, reader
from stammkunde.insights import queries as insights
from stammkunde.insights.monthly import queries, rules, services
from stammkunde.insights.monthly.models import FAILED, SENDING, UNKNOWN, Delivery, Plan

# So many months stand on a page.
SHOWN = 24
_STYLE = re.compile(r'style="([^"]*)"')


@dataclass(frozen=True)
class Month:
    """A month with its messages."""

    label: str
    name: str
    deliveries: list[Delivery]


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show when the report goes out, and the months with what became of their messages."""
    shop, plan = visit.shop, queries.plan(visit.shop)
    months = _months(visit)
    today = clock.today(shop.zone)
    told: dict[str, Any] = {}
    if plan:
        last = queries.edition(shop, rules.month_before(today))
        told["next_on"] = rules.next_on(
            today, day=plan.day, first=plan.first_month, is_sent=last is not None
        )
        told["waits"] = _waits(shop, plan, today) if last is None else ""
    return visit.page(
        "monthly/list.html",
        plan=plan,
        people=queries.recipients(shop),
        months=months[:SHOWN],
        older=months[SHOWN - 1].label if len(months) > SHOWN else "",
        sends_mail=mailing.is_possible(),
        **told,
    )


@page_of_shop("metrics.read")
def report(visit: Visit, month: str) -> HttpResponse:
    """Show the report of a month: as it was sent, or with the numbers of today."""
    first = _first(month)
    kept = queries.edition(visit.shop, first)
    is_now = bool(visit.request.GET.get("now")) and kept is not None
    content = _content(visit.shop, first, is_now=is_now)
    with translation.override(content["language"]):
        body = render_to_string("monthly/edition.html", {"edition": content, "shop": visit.shop})
    return visit.page(
        "monthly/report.html",
        edition=content,
        kept=None if is_now else kept,
        is_now=is_now,
        body=SafeString(body),
        can_send=mailing.is_possible() and content["is_whole"],
    )


@page_of_shop("metrics.read")
def mail(visit: Visit, month: str) -> HttpResponse:
    """Show the report as it stands in a mail, apart from our pages."""
    content = _content(visit.shop, _first(month))
    text = mailing.html(
        content, shop=visit.shop, address=mailing.address_of(visit.request), unsubscribe="#"
    )
    answer = HttpResponse(text)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in sorted({_unescaped(found) for found in _STYLE.findall(text)})
    )
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-hashes' {hashes}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


@page_of_shop("metrics.read")
def send(visit: Visit, month: str) -> HttpResponse:
    """Send a report to whoever asks for it, alone."""
    first = _first(month)
    if visit.request.method != "POST":
        return visit.go("monthly")
    if not mailing.is_possible():
        raise NotFound(_("This installation has no mail server."), name="mail.none")
    content = _content(visit.shop, first)
    if not content["is_whole"]:
        raise NotFound(_("This month is not over yet in your data."), name="report.not_over")
    edition = services.keep(visit.shop, first, content, [visit.person])
    delivery = edition.deliveries.get(person=visit.person)
    if delivery.attempts:
        delivery = services.ask_again(visit.shop, delivery.pk, actor=visit.actor)
    _enqueue(visit, delivery)
    return visit.go("monthly", say=_("The report is on its way to %(email)s.") % {
        "email": visit.person.email
    })  # fmt: skip


@page_of_shop("reports.manage")
def again(visit: Visit, delivery: int) -> HttpResponse:
    """Send a message again that did not go out, or of which nobody knows."""
    found = queries.delivery(visit.shop, delivery)
    consequences = (
        _("Nobody knows whether the first one arrived: the mail server did not answer in the end."),
        _("The person may have it twice then."),
    )
    question = Question(
        title=_("Send the report to %(name)s again?") % {"name": found.person},
        consequences=consequences if found.state in (UNKNOWN, SENDING) else (),
        button=_("Send again"),
        done=_("The report is on its way to %(email)s.") % {"email": found.person.email},
        back="monthly",
    )

    def ask() -> None:
        _enqueue(visit, services.ask_again(visit.shop, delivery, actor=visit.actor))

    return confirming.ask(visit, question, ask)


def _months(visit: Visit) -> list[Month]:
    """Return the months that data or messages tell of, the latest first."""
    editions = {edition.month: edition for edition in queries.editions(visit.shop)}
    snapshot = insights.current(visit.shop)
    found = set(editions)
    if snapshot and snapshot.first_on and snapshot.last_on:
        month = snapshot.last_on.replace(day=1)
        while month >= snapshot.first_on.replace(day=1) and len(found) < SHOWN * 20:
            found.add(month)
            month = rules.month_before(month)
    before = visit.request.GET.get("before", "")
    voice = Voice(reader(), visit.shop.currency)
    return [
        Month(
            f"{month:%Y-%m}",
            periods.name(periods.Named("month", f"{month:%Y-%m}", month), voice),
            [_told(one) for one in editions[month].deliveries.all()] if month in editions else [],
        )
        for month in sorted(found, reverse=True)
        if not before or f"{month:%Y-%m}" < before
    ]


def _told(delivery: Delivery) -> Delivery:
    """Return a message as it is to be shown: one that nobody settled any more is of unknown fate."""
    if services.is_abandoned(delivery):
        delivery.state = UNKNOWN
    delivery.is_stuck = delivery.state in (UNKNOWN, FAILED)  # type: ignore[attr-defined]
    return delivery


def _waits(shop: Shop, plan: Plan, today: dt.date) -> str:
    """Say what the next report waits for, where its day has come."""
    month = rules.due(today, day=plan.day, first=plan.first_month)
    snapshot = insights.current(shop)
    last_on = snapshot.last_on if snapshot else None
    if month is None or not rules.is_awaited(today, day=plan.day, month=month, last_on=last_on):
        return ""
    if last_on is None:
        return _("waits for orders")
    return _("waits for orders of the whole month; the data end on %(day)s") % {"day": day(last_on)}


def _content(shop: Shop, month: dt.date, *, is_now: bool = False) -> dict[str, Any]:
    kept = queries.edition(shop, month)
    if kept and not is_now:
        content: dict[str, Any] = kept.content
        return content
    return composing.compose(shop, insights.current(shop), month)


def _enqueue(visit: Visit, delivery: Delivery) -> None:
    jobs.enqueue(
        work.ONE,
        args={"delivery": delivery.pk, "address": mailing.address_of(visit.request)},
        shop_id=visit.shop.pk,
        key=f"monthly:{delivery.pk}",
        actor=visit.actor,
    )


def _first(month: str) -> dt.date:
    try:
        return dt.datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a month, no instant
    except ValueError:
        raise Http404("There is no such month.") from None


def _unescaped(style: str) -> str:
    return style.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")

"""Background work of the monthly report: on its day, and whenever somebody asks for one."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit.services import JOB
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.monthly import composing, mailing
from stammkunde.insights import services as insights
from stammkunde.insights.monthly import queries, rules, services
from stammkunde.insights.monthly.models import FAILED, Delivery, Plan

SEND, ONE = "monthly.send", "monthly.send_one"
# So soon it is looked again whether the numbers have followed.
AGAIN = dt.timedelta(minutes=15)


class NotSent(Exception):
    """The mail server was away or said no; the job begins again later, and sends what is left."""


@jobs.work(SEND, title=_("Send the monthly report"))
def send(run: jobs.Running) -> str | Promise | None:
    """Send the report of the last month to everybody who is to have it and has not; once each."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    plan = queries.plan(shop)
    if plan is None or plan.is_paused or not mailing.is_possible():
        return None
    today = clock.today(shop.zone)
    month = rules.due(today, day=plan.day, first=plan.first_month)
    people = queries.recipients(shop)
    if month is None or not people:
        return None
    edition = queries.edition(shop, month)
    if edition is None:
        snapshot = insights.settled(shop)
        if snapshot is None:
            jobs.enqueue(SEND, shop_id=shop.pk, key="later", run_at=clock.now() + AGAIN, actor=JOB)
            return _("The numbers are being computed; the report follows them.")
        if rules.is_awaited(today, day=plan.day, month=month, last_on=snapshot.last_on):
            return _("The data do not reach the end of the month yet; the report waits for them.")
        content = composing.compose(shop, snapshot, month)
        edition = services.keep(shop, month, content, people)
    else:
        # Whoever was chosen after its day is sent the next one.
        due_on = rules.month_after(month).replace(day=plan.day)
        services.keep(shop, month, {}, queries.recipients(shop, until=due_on))
    outcomes = []
    for delivery in queries.deliveries(edition, people):
        run.stop_if_cancelled()
        outcomes.append(_send(delivery, plan))
    if FAILED in outcomes:
        raise NotSent
    return None


@jobs.work(ONE, title=_("Send a monthly report again"))
def send_one(run: jobs.Running) -> None:
    """Send one message that somebody asked for; one that was sent meanwhile is not sent twice."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    delivery = queries.delivery(shop, run.args["delivery"])
    plan = queries.plan(shop) or Plan(shop=shop, address=run.args["address"])
    if _send(delivery, plan) == FAILED:
        raise NotSent


def _send(delivery: Delivery, plan: Plan) -> str:
    """Claim a message, hand it over, and write down what became of it; return that."""
    shop, person = plan.shop, delivery.person
    # Written before it is claimed: what fails here has surely not gone out.
    found = mailing.message(
        delivery.edition.content, shop=shop, person=person, address=plan.address
    )
    claimed = services.claim(delivery.pk)
    if claimed is None:
        return ""
    if person not in queries.members(shop):
        services.settle(claimed, FAILED, fault="left")
        return ""
    mailing.sign(found, claimed)
    state, fault = mailing.hand_over(found)
    services.settle(claimed, state, fault=fault)
    return state


jobs.every(SEND, at="06:30", per_shop=True)

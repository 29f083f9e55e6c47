"""What happened to a customer, in words: a sign, a sentence, what more is known, an amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.records.customers.models import Key
from stammkunde.records.orders.models import Order
from stammkunde.records.orders.queries import COUNTED, Moment

Words = str | Promise
# So many products are named of an order on the timeline.
NAMED = 3
STATES: dict[str, Words] = {
    "counted": gettext_lazy("counts"),
    "open": gettext_lazy("open"),
    "cancelled": gettext_lazy("cancelled"),
    "unpaid": gettext_lazy("not paid"),
    "exchange": gettext_lazy("exchange"),
    "staff": gettext_lazy("staff order"),
    "business": gettext_lazy("business customer"),
    "test": gettext_lazy("test order"),
    "by_rule": gettext_lazy("left out by a rule"),
}
RULES: dict[str, Words] = {
    "own": gettext_lazy("comes with its own orders"),
    "by_hand": gettext_lazy("somebody of the team said so"),
    "same_row": gettext_lazy("both stand in one row of a file"),
    "same_address": gettext_lazy("same e-mail address"),
    "same_phone_and_name": gettext_lazy("same phone and last name"),
    "loose_address": gettext_lazy(
        "e-mail addresses differ only in signs that the provider ignores"
    ),
    "apart": gettext_lazy("somebody of the team held them apart"),
}
SURVEYS: dict[str, Words] = {
    "nps": gettext_lazy("Answered: would recommend the shop"),
    "csat": gettext_lazy("Answered: satisfaction"),
    "ces": gettext_lazy("Answered: how easy it was"),
    "leaving": gettext_lazy("Answered: why they leave"),
}


@dataclass(frozen=True)
class Shown:
    """A moment as it stands on the page."""

    at: dt.datetime
    icon: str
    what: str
    more: Sequence[str] = ()
    amount: str = ""
    counts: bool = True
    has_time: bool = True


def years(shop: Shop, moments: Sequence[Moment]) -> list[tuple[str, list[Shown]]]:
    """Return moments in words, year by year of the shop's zone."""
    shown = [_WRITTEN[one.kind](shop, one) for one in moments]
    return [
        (str(year), list(some))
        for year, some in groupby(shown, key=lambda one: timezone.localtime(one.at).year)
    ]


def state(order: Order) -> str:
    """Return the state of an order in words."""
    return str(STATES.get(order.state, order.state))


def remark(order: Order) -> str:
    """Return the state of an order where it is not the usual one."""
    return "" if order.state == "counted" else state(order)


def rule(name: str) -> str:
    """Return why two customers are, or may be, one person."""
    return str(RULES.get(name, name))


def key_reason(key: Key) -> str:
    """Return why a key belongs to its customer."""
    if key.is_shared:
        return str(_("shared by several people, joins nobody"))
    return rule(key.rule)


def _order(shop: Shop, one: Moment) -> Shown:
    order: Order = one.row
    counts = order.state in COUNTED
    # Names of products stand once, however many lines they have.
    names = list(dict.fromkeys(line.product for line in order.lines.all() if line.product))
    more = [", ".join(names[:NAMED])] if names else []
    if len(names) > NAMED:
        rest = len(names) - NAMED
        more[0] += " " + ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}
    if order.channel:
        more.append(order.channel)
    what = _("Order %(number)s") % {"number": order.external_id}
    if not counts or order.state == "open":
        what = f"{what}, {state(order)}"
    return Shown(one.at, "order", what, more, _money(order.amount_minor, shop), counts)


def _refund(shop: Shop, one: Moment) -> Shown:
    return Shown(
        one.at, "refund", _("Refund"), _of_order(one.row.order_number),
        _money(one.row.amount_minor, shop, sign="\N{MINUS SIGN}"),
    )  # fmt: skip


def _return(_shop: Shop, one: Moment) -> Shown:
    what = _("Cancellation") if one.row.kind == "cancellation" else _("Return")
    return Shown(one.at, "refund", what, [*_of_order(one.row.order_number), *_said(one.row.reason)])


def _delivery(_shop: Shop, one: Moment) -> Shown:
    more = _of_order(one.row.order_number)
    if one.row.promised_at:
        words = _("promised for %(day)s") % {"day": formats.day(one.row.promised_at)}
        late = (timezone.localdate(one.at) - timezone.localdate(one.row.promised_at)).days
        if late > 0:
            said = ngettext("%(n)s day late", "%(n)s days late", late)
            words += " · " + said % {"n": formats.number(late)}
        more.append(words)
    # Lists of parcels tell days: midnight is no time of day.
    has_time = timezone.localtime(one.at).time() != dt.time()
    return Shown(one.at, "delivery", _("Parcel delivered"), more, has_time=has_time)


def _ticket(_shop: Shop, one: Moment) -> Shown:
    ticket = one.row
    more = _said(ticket.reason, ticket.channel)
    if ticket.solved_at:
        more.append(_("solved on %(day)s") % {"day": formats.day(ticket.solved_at)})
    elif ticket.answered_at:
        more.append(_("answered on %(day)s") % {"day": formats.day(ticket.answered_at)})
    return Shown(one.at, "ticket", _("Asked customer service"), more)


def _response(_shop: Shop, one: Moment) -> Shown:
    answer = one.row
    what = str(SURVEYS.get(answer.question, _("Answered a survey")))
    score = ""
    if answer.score is not None:
        score = formats.number(answer.score)
        if answer.highest is not None:
            highest = formats.number(answer.highest)
            score = _("%(score)s of %(highest)s") % {"score": score, "highest": highest}
    return Shown(one.at, "response", what, _said(answer.answer), score)


def _lead(_shop: Shop, one: Moment) -> Shown:
    return Shown(one.at, "person", _("First showed interest"), _said(one.row.channel))


def _subscription(shop: Shop, one: Moment) -> Shown:
    contract = one.row
    what = _("Subscription %(number)s") % {"number": contract.subscription_id}
    more = _said(contract.reason)
    if contract.ends_at:
        more.insert(0, _("ended on %(day)s") % {"day": formats.day(contract.ends_at)})
    monthly = _("%(amount)s a month") % {"amount": _money(contract.monthly_minor, shop)}
    return Shown(one.at, "subscription", what, more, monthly)


def _consent(_shop: Shop, one: Moment) -> Shown:
    fact = one.row
    what = _("Consent given") if fact.state == "given" else _("Consent withdrawn")
    icon = "check" if fact.state == "given" else "close"
    about = f"{fact.get_purpose_display()} · {fact.get_channel_display()}"
    return Shown(one.at, icon, what, [about])


def _merge(_shop: Shop, one: Moment) -> Shown:
    what = _("Joined with %(name)s") % {"name": one.row.gone}
    return Shown(one.at, "merge", what, [rule(one.row.rule)])


def _parting(_shop: Shop, one: Moment) -> Shown:
    return Shown(one.at, "merge", _("Parted from %(name)s") % {"name": one.row.gone})


def _money(amount_minor: int | None, shop: Shop, *, sign: str = "") -> str:
    return "" if amount_minor is None else sign + formats.money(amount_minor, shop.currency)


def _of_order(number: str | None) -> list[str]:
    return [_("of order %(number)s") % {"number": number}] if number else []


def _said(*texts: str | None) -> list[str]:
    return [text for text in texts if text]


_WRITTEN: dict[str, Callable[[Shop, Moment], Shown]] = {
    "order": _order, "refund": _refund, "return": _return, "delivery": _delivery, "ticket": _ticket,
    "response": _response, "consent": _consent, "lead": _lead, "subscription": _subscription, "merge": _merge,
    "parting": _parting,
}  # fmt: skip

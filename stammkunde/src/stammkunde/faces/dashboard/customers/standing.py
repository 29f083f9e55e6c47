"""Where a customer stands, in words: the cells of the list, the facts of a page, and why they are so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kohorte import currencies, rfm
from kohorte import due as pauses
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.records.customers import conditions, standings
from stammkunde.records.customers.models import Basis, Customer, Standing


@dataclass(frozen=True)
class Told:
    """What a cell says, and a mark beside it."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Fact:
    """A fact on the page of a customer, with what belongs to it."""

    label: str | Promise
    told: Told
    note: str = ""


@dataclass(frozen=True)
class Said:
    """Where a customer stands, and why."""

    facts: list[Fact]
    reasons: list[str]


NOTHING = Told(formats.NOTHING)


def group(customer: Customer, _shop: Shop, _basis: Basis) -> Told:
    """Say the group of the RFM map."""
    found = conditions.standing(customer)
    slug = standings.group(found.rfm) if found else None
    return Told(rfm.GROUPS[slug][0].render(formats.reader())) if slug else NOTHING


def due(customer: Customer, shop: Shop, basis: Basis) -> Told:
    """Say by when the next order is due, and whether it is overdue."""
    found = conditions.standing(customer)
    if found is None or found.due_on is None:
        return NOTHING
    late = standings.is_overdue(found, as_of=basis.as_of, window_days=shop.window_days)
    return Told(formats.day(found.due_on), _("overdue") if late else "")


def value(customer: Customer, shop: Shop, _basis: Basis) -> Told:
    """Say what the customer has brought so far."""
    found = conditions.standing(customer)
    return Told(formats.money(found.value_minor if found else None, shop.currency))


def alive(customer: Customer, _shop: Shop, _basis: Basis) -> Told:
    """Say how likely the customer still is one."""
    found = conditions.standing(customer)
    share = None if found is None or found.alive_percent is None else found.alive_percent / 100
    return Told(formats.percent(share, 0))


def expected_orders(customer: Customer, _shop: Shop, _basis: Basis) -> Told:
    """Say how many orders are expected."""
    found = conditions.standing(customer)
    count = None if found is None or found.expected_orders is None else found.expected_orders / 100
    return Told(formats.number(count, 1))


def expected_value(customer: Customer, shop: Shop, _basis: Basis) -> Told:
    """Say what is expected to come in twelve months."""
    found = conditions.standing(customer)
    return Told(formats.money(found.expected_value_minor if found else None, shop.currency))


def of(shop: Shop, customer: Customer) -> Said | None:
    """Return what the page of a customer says of where it stands; None where nothing is computed."""
    found = conditions.standing(customer)
    if found is None:
        return None
    basis = standings.basis(shop)
    asked = (customer, shop, basis)
    facts = [
        Fact(_("RFM group"), group(*asked), _scores(found)),
        Fact(_("Value so far"), value(*asked), _profit(shop, found)),
        Fact(_("Next order due"), due(*asked), _latest(found)),
    ]
    return Said(facts, list(filter(None, _reasons(shop, basis, found))))


def _scores(found: Standing) -> str:
    scores = (found.recency, found.frequency, found.monetary)
    written = " · ".join(formats.NOTHING if each is None else str(each) for each in scores)
    return _("Scores %(scores)s") % {"scores": written}


def _profit(shop: Shop, found: Standing) -> str:
    if found.profit_minor is None:
        return ""
    profit = formats.money(found.profit_minor, shop.currency)
    return _("%(amount)s gross profit") % {"amount": profit}


def _latest(found: Standing) -> str:
    if found.late_on is None:
        return ""
    return _("late after %(day)s") % {"day": formats.day(found.late_on)}


def _reasons(shop: Shop, basis: Basis, found: Standing) -> list[str]:
    """Return on how many, on which data and by which model everything rests."""
    return [
        _(
            "Scores from 1 to 5 for recency, frequency and revenue, by rank among %(customers)s "
            "customers. The group follows from the first two."
        )
        % {"customers": formats.number(basis.customers)},
        _due(basis, shop, found),
        _(
            "The value so far is the revenue of orders that count, less all refunds. One that names an "
            "order reduces that order; the others reduce no order, so numbers of the shop leave them out."
        )
        if found.value_minor is not None
        else _("The value is not known, for the orders hold no amounts."),
        _foretold(basis, found),
        _("Computed on %(moment)s from orders until %(day)s; who is overdue is so on that day.")
        % {"moment": formats.moment(basis.made_at), "day": formats.day(basis.as_of)},
    ]


def _due(basis: Basis, shop: Shop, found: Standing) -> str:
    if found.due_on is None or found.late_on is None or found.last_on is None:
        return _("Nobody has come back yet, so no next order can be expected.")
    days = {
        "usual": formats.number((found.due_on - found.last_on).days),
        "late": formats.number((found.late_on - found.last_on).days),
        "window": formats.number(shop.window_days),
    }
    if found.basis == "own":
        count = (found.purchase_days or 1) - 1
        return _(
            "Half of this customer’s own %(count)s pauses took %(usual)s days at most, four of five "
            "%(late)s. After that the next order is overdue, until %(window)s days have passed."
        ) % {**days, "count": formats.number(count)}
    known = standings.pauses(basis, found.purchase_days or 1, together_from=pauses.TOGETHER_FROM)
    return _(
        "Of those who came back within %(window)s days after as many purchases, half had come after "
        "%(usual)s days and four of five after %(late)s; known from %(count)s pauses of this shop. "
        "After that the next order is overdue, until %(window)s days have passed."
    ) % {**days, "count": formats.number(known)}


def _foretold(basis: Basis, found: Standing) -> str:
    if basis.withheld:
        return str(basis.withheld.get(formats.reader(), ""))
    if found.alive_percent is None:
        return _("Nothing is foretold of this customer yet.")
    name = basis.model_name.get(formats.reader(), basis.model)
    said = _("Foretold by %(model)s from orders until %(day)s, for the twelve months after it.") % {
        "model": name,
        "day": formats.day(basis.foretold_on),
    }
    if found.expected_low_minor is None:
        return said
    return " ".join((said, _("The range holds four of five possible futures.")))


def heads() -> list[str]:
    """Return the heads of what a file says of where customers stand."""
    return [
        _("Cohort"), _("RFM group"), _("Recency score"), _("Frequency score"), _("Monetary score"),
        _("Value so far"), _("Gross profit so far"), _("Next order due"), _("Late after"),
        _("Overdue"), _("Still a customer in percent"), _("Orders in 12 months"),
        _("Value in 12 months"),
    ]  # fmt: skip


def cells(customer: Customer, shop: Shop, basis: Basis) -> list[object]:
    """Return the same of a customer as programs read it; empty what is not known."""
    found = conditions.standing(customer) or Standing()
    exponent = currencies.exponent(shop.currency)
    first = customer.first_order_on
    late = standings.is_overdue(found, as_of=basis.as_of, window_days=shop.window_days)
    values = [
        f"{first:%Y-%m}" if first else None,
        standings.group(found.rfm), found.recency, found.frequency, found.monetary,
        amount(found.value_minor, exponent), amount(found.profit_minor, exponent),
        found.due_on, found.late_on, None if late is None else int(late), found.alive_percent,
        amount(found.expected_orders, 2), amount(found.expected_value_minor, exponent),
    ]  # fmt: skip
    return ["" if each is None else each for each in values]


def amount(amount_minor: int | None, exponent: int) -> str | None:
    """Write an amount in minor units as programs read it: 1234.50."""
    if amount_minor is None or not exponent:
        return None if amount_minor is None else str(amount_minor)
    whole, rest = divmod(abs(amount_minor), 10**exponent)
    return f"{'-' if amount_minor < 0 else ''}{whole}.{rest:0{exponent}d}"

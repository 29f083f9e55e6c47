"""What kinds of rows, columns and states of imports are called on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kohorte import templates
from kohorte.reading.beside import choices, understanding
from kohorte.reading.beside.declared import EVERY
from kohorte.reading.profiles.layout import Layout
from kohorte.report.provenance_words import MEANINGS
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Token
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.features.imports.models import Import

Words = str | Promise
KINDS: Mapping[str, Words] = {
    "orders": gettext_lazy("Orders"),
    "order_lines": gettext_lazy("Order lines"),
    "refunds": gettext_lazy("Refunds"),
    "customers": gettext_lazy("Customers"),
    "products": gettext_lazy("Products"),
    "subscriptions": gettext_lazy("Subscriptions"),
    "responses": gettext_lazy("Survey answers"),
    "spend": gettext_lazy("Spend"),
    "leads": gettext_lazy("Leads"),
    "tickets": gettext_lazy("Service requests"),
    "referrals": gettext_lazy("Referrals"),
    "returns": gettext_lazy("Returns"),
    "deliveries": gettext_lazy("Deliveries"),
}
FILE_NAMES: Mapping[str, tuple[str, str]] = {
    "orders": ("bestellungen", "orders"),
    "order_lines": ("positionen", "order-lines"),
    "refunds": ("erstattungen", "refunds"),
    "customers": ("kunden", "customers"),
    "products": ("artikel", "products"),
    "subscriptions": ("abonnements", "subscriptions"),
    "responses": ("umfragen", "survey-answers"),
    "spend": ("ausgaben", "spend"),
    "leads": ("interessenten", "leads"),
    "tickets": ("serviceanfragen", "service-requests"),
    "referrals": ("empfehlungen", "referrals"),
    "returns": ("retouren", "returns"),
    "deliveries": ("lieferungen", "deliveries"),
}
# Columns of orders, as the differences of a dry run name them.
COLUMNS: Mapping[str, Words] = {
    "placed_at": gettext_lazy("Time of the order"),
    "currency": gettext_lazy("Currency"),
    "amount_minor": gettext_lazy("Amount"),
    "units": gettext_lazy("Units"),
    "state": gettext_lazy("Status"),
    "original_currency": gettext_lazy("Original currency"),
    "original_minor": gettext_lazy("Original amount"),
    "channel": gettext_lazy("Channel"),
}
STATES: Mapping[str, Words] = {
    "counted": gettext_lazy("counts"),
    "open": gettext_lazy("not paid yet"),
    "cancelled": pgettext_lazy("order", "cancelled"),
    "unpaid": gettext_lazy("unpaid"),
    "test": gettext_lazy("test order"),
}
NOT_COUNTED: Mapping[str, tuple[Words, Words]] = {
    "cancelled": (
        gettext_lazy("Cancelled orders"),
        gettext_lazy("They are kept and count as soon as their status changes."),
    ),
    "unpaid": (
        gettext_lazy("Unpaid orders"),
        gettext_lazy("They are kept and count as soon as they are paid."),
    ),
    "test": (gettext_lazy("Test orders"), gettext_lazy("They are kept and never count.")),
}
PURPOSES: Mapping[str, Words] = {
    "acquisition": gettext_lazy("New customers"),
    "retention": gettext_lazy("Existing customers"),
    "sales": gettext_lazy("Sales"),
    "service": gettext_lazy("Customer service"),
    "other": gettext_lazy("Something else"),
}
SCOPES: Mapping[str, Words] = {
    "everything": gettext_lazy("in no metric"),
    "customer metrics": gettext_lazy("in no metric about customers"),
    "revenue": gettext_lazy("not in revenue"),
}
# Where a remedy of the command line names options, what to do on these pages.
REMEDIES: Mapping[str, Words] = {
    "short_history": gettext_lazy(
        "Export a longer span, two years if you can. Or set a shorter window in the settings."
    ),
    "incomplete_months": gettext_lazy("Export whole months where you can."),
}
TONES: Mapping[str, str] = {
    "questions": "is-asking",
    "previewed": "is-asking",
    "published": "is-done",
    "failed": "is-failed",
}


def said(words: Mapping[str, str]) -> str:
    """Return what is kept in both languages in that of the page."""
    return words[reader()]


def meaning(name: str) -> str:
    """Return what a column was taken for; beside the orders its table stands in front."""
    if name in MEANINGS:
        return MEANINGS[name].render(reader())
    table, _dot, field = name.partition(".")
    if field in choices.SAYS:
        return choices.SAYS[field].render(reader())
    if table in EVERY:
        words = understanding.meaning_of(EVERY[table], field).render(reader())
        return words[:1].upper() + words[1:]
    return name


def example(table: str) -> str:
    """Return an example file, without the sentence on how to read it on the command line."""
    use = templates.TEMPLATES[table].use.render(reader())
    lines = templates.write(table, language=reader()).splitlines(keepends=True)
    _command, _dot, rest = use.partition(". ")
    kept = f"# {rest}\n" if rest else ""
    return "".join(kept if line == f"# {use}\n" else line for line in lines)


def file_name(table: str) -> str:
    """Return what an example file is called."""
    german, english = FILE_NAMES[table]
    return german if reader() == "de" else english


def system(layout: Layout) -> str:
    """Return what a system is called whose exports are known: the first word of its layout.

    >>> from kohorte.reading.profiles import stripe_charges
    >>> system(stripe_charges.LAYOUT)
    'Stripe'
    """
    return layout.name.en.split(" ")[0].split("-")[0]


@dataclass(frozen=True)
class Actors:
    """The names of those who sent files."""

    people: Mapping[int, str]
    tokens: Mapping[int, str]

    def of(self, kind: str, key: int | None) -> str:
        """Return who it was."""
        match kind:
            case "person":
                return self.people.get(key or 0, _("Deleted account"))
            case "token":
                return _("API key “%(name)s”") % {"name": self.tokens.get(key or 0, key)}
            case "command":
                return _("Command line")
            case _:
                return _("Automatic")


def actors(found: Iterable[Import]) -> Actors:
    """Return the names of all who sent the files of some imports, looked up at once."""
    ids: dict[str, set[int | None]] = {"person": set(), "token": set()}
    for import_ in found:
        ids.setdefault(import_.actor_kind, set()).add(import_.actor_id)
    return Actors(
        {one.pk: str(one) for one in Person.objects.filter(pk__in=ids["person"] - {None})},
        {one.pk: one.name for one in Token.objects.filter(pk__in=ids["token"] - {None})},
    )

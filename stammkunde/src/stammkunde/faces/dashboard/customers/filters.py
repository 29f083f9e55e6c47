"""Which customers are looked at: a search, two choices, and a condition in the language of `kohorte`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.conditions import All, Node, parse, sentence
from kohorte.errors import ConditionError
from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.records.customers import conditions, queries, searching
from stammkunde.records.customers.models import Customer, Standing

Words = str | Promise
# So much of a condition is shown before the place that is wrong.
BEFORE = 200
# So few whom a condition on standings finds are named, so that the store does not look for them in order.
FEW = 500


@dataclass(frozen=True)
class Fault:
    """What is wrong with a condition, and where: the text before the place, at it, and behind it."""

    sentence: str
    before: str
    at: str
    behind: str


@dataclass(frozen=True)
class Example:
    """A condition to begin with, in the words of people."""

    label: Words
    condition: str


class Filter(forms.Form):
    """What of the customers is looked at; the address holds all of it."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=searching.LENGTH_MAX,
        widget=forms.TextInput(
            {
                "type": "search",
                "placeholder": gettext_lazy("Name, e-mail address or customer number"),
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
    bought = forms.ChoiceField(label=gettext_lazy("Orders"), required=False)
    seen = forms.ChoiceField(label=gettext_lazy("Last order"), required=False)
    where = forms.CharField(
        label=gettext_lazy("Condition"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "none",
                "class": "code",
            }
        ),
    )

    def __init__(self, shop: Shop, asked: QueryDict) -> None:
        super().__init__(asked)
        self.shop = shop
        days = shop.window_days
        self.choices: dict[str, dict[str, tuple[Words, str]]] = {
            "bought": {
                "": (_("Everybody"), ""),
                "once": (_("Exactly one"), "orders = 1"),
                "again": (_("Two or more"), "orders >= 2"),
                "never": (_("None yet"), "orders = 0"),
            },
            "seen": {
                "": (_("At any time"), ""),
                "month": (_("In the last 30 days"), "last_order within last 30 days"),
                "active": (
                    _("In the last %(days)s days") % {"days": days},
                    f"last_order within last {days} days",
                ),
                "gone": (
                    _("More than %(days)s days ago") % {"days": days},
                    f"last_order more than {days} days ago",
                ),
            },
        }
        for name, choices in self.choices.items():
            offered = [(value, label) for value, (label, _condition) in choices.items()]
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.is_valid()

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was asked for; what cannot be understood does not limit."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_used(self) -> bool:
        """Whether anybody is left out."""
        return bool(self.asked)

    @cached_property
    def facts(self) -> Any:
        """What a condition may speak of."""
        return conditions.facts(self.shop)

    @cached_property
    def _read(self) -> tuple[Node | None, Fault | None]:
        text = self.asked.get("where", "")
        if not text:
            return None, None
        try:
            return parse(text, self.facts), None
        except ConditionError as fault:
            return None, _fault(fault, text)

    @property
    def fault(self) -> Fault | None:
        """What is wrong with the condition."""
        return self._read[1]

    @property
    def meaning(self) -> str:
        """The condition as a sentence."""
        node = self._read[0]
        if node is None:
            return ""
        said = sentence(node, facts=self.facts, language=reader(), currency=self.shop.currency)
        return f"{said[:1].upper()}{said[1:]}."

    @cached_property
    def found(self) -> QuerySet[Customer]:
        """The customers that pass; nobody while the condition cannot be understood."""
        found = queries.of_shop(self.shop)
        # Words that were too long to be read limit nobody: better show and send no one than everyone.
        if self.fault or self.errors.keys() & {"q", "where"}:
            return found.none()
        if text := self.asked.get("q"):
            found = found.filter(searching.matching(self.shop.pk, text))
        for node in self._nodes():
            found = conditions.holding(found, node, shop=self.shop, today=self.today)
        if self._of_standing:
            some = self._standings.values_list("pk", flat=True)[: FEW + 1]
            if len(few := list(some)) <= FEW:
                found = found.filter(pk__in=few)
        return found

    @cached_property
    def today(self) -> dt.date:
        """The shop's day, from which conditions look back and ahead."""
        return clock.today(self.shop.zone)

    @cached_property
    def count(self) -> int:
        """How many pass."""
        is_whole = len(self._of_standing) == len(self._parts) and "q" not in self.asked
        if self._of_standing and is_whole and not self.errors.keys() & {"q", "where"}:
            return self._standings.count()
        return self.found.count()

    @cached_property
    def _parts(self) -> list[Node]:
        """All that must hold of a customer, each by itself."""
        if self.fault:
            return []
        nodes = self._nodes()
        return [
            part for node in nodes for part in (node.parts if isinstance(node, All) else [node])
        ]

    @cached_property
    def _of_standing(self) -> list[Node]:
        return [part for part in self._parts if conditions.is_of_standing(part)]

    @property
    def is_by_standing(self) -> bool:
        """Whether whoever passes has a standing, and is chosen by it."""
        return bool(self._of_standing)

    @property
    def _standings(self) -> QuerySet[Standing]:
        node = All(tuple(self._of_standing))
        return conditions.standings_holding(self.shop, node, today=self.today)

    def _nodes(self) -> list[Node]:
        chosen = [
            choices[self.asked[name]][1]
            for name, choices in self.choices.items()
            if name in self.asked
        ]
        nodes = [parse(text, self.facts) for text in chosen]
        return [*nodes, *([self._read[0]] if self._read[0] else [])]

    def examples(self) -> list[Example]:
        """Return conditions to begin with; the amounts suit a shop of any currency."""
        return [
            Example(_("Regulars who went quiet"), "orders >= 5 and last_order more than 180 days ago"),
            Example(_("New in the last 30 days"), "first_order within last 30 days"),
            Example(_("One order, 60 to 120 days ago"),
                    "orders = 1 and last_order between 60 and 120 days ago"),
            Example(_("Overdue"), "is_overdue"),
            Example(_("Best customers who may be leaving"),
                    'rfm_group in ("champions", "loyal") and alive < 50'),
            Example(_("Large orders"), "average_order_value >= 100"),
            Example(_("Country not known"), "country is unknown"),
        ]  # fmt: skip


def _fault(fault: ConditionError, text: str) -> Fault:
    """Mark the word at the place, or the end where something is missing."""
    at = min(fault.at, len(text))
    rest = text[at:]
    word = rest.split(maxsplit=1)[0] if rest.strip() else ""
    before = text[max(at - BEFORE, 0) : at]
    return Fault(fault.render(reader()), before, word or "…", rest[len(word) :][:BEFORE])

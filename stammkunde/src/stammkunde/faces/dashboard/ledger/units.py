"""Units of a shop: what is counted, how it stands in the books, and who the tax adviser is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms as fields
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.errors import Refused
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports.figures import AmountField
from stammkunde.faces.dashboard.ledger import amounts, showing
from stammkunde.faces.dashboard.ledger.liability import worth
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.ledger import units as ledger
from stammkunde.ledger.books import branches, terms
from stammkunde.ledger.books.models import Adviser, Terms
from stammkunde.ledger.models import Unit


@page_of_shop("ledger.read")
def every(visit: Visit) -> HttpResponse:
    """Show what the shop counts."""
    rows = []
    for unit in terms.units(visit.shop):
        said = terms.of(unit)
        rows.append(
            (
                unit, showing.KINDS[unit.kind], branches.RULES[said.branch].name,  # type: ignore[index]  # the database checks it
                _value(said.unit_value_minor, unit, visit.shop.currency),
                showing.amount(unit.four_eyes_above, unit),
            )
        )  # fmt: skip
    return visit.page("ledger/units.html", rows=rows, adviser=terms.adviser(visit.shop))


@page_of_shop("units.change")
def new(visit: Visit) -> HttpResponse:
    """Count something from now on."""
    form = UnitForm(visit.request.POST or None, initial={"currency": visit.shop.currency})

    def work(**said: Any) -> Unit:
        if Unit.objects.filter(shop=visit.shop, code=said["code"]).exists():
            raise Refused(
                _("There is a unit of this code already."), name="ledger.unit_exists",
                fields={"code": _("There is a unit of this code already.")},
            )  # fmt: skip
        if said["kind"] != "money":
            said["currency"] = ""
        return ledger.open_unit(visit.shop.pk, said.pop("code"), actor=visit.actor, **said)

    if made := forms.submit(visit.request, form, work):
        return visit.go("ledger_units_unit", made.code, say=_("The unit is ready."))
    return visit.page("ledger/unit_new.html", 422 if form.errors else 200, form=form)


@page_of_shop("units.change")
def unit(visit: Visit, unit: str) -> HttpResponse:
    """Say how a unit stands in the books."""
    found = showing.unit_of(visit, unit)
    kept = terms.of(found)
    value = "" if kept.unit_value_minor is None else worth(kept.unit_value_minor)
    form = TermsForm(visit.request.POST or None, instance=kept, initial={"unit_value_minor": value})

    def work(**said: Any) -> Terms:
        return terms.decide(visit.shop, found, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("ledger_units", say=_("It has been saved."))
    rules = [branches.RULES[name] for name in branches.BRANCHES]
    status = 422 if form.errors else 200
    return visit.page("ledger/unit.html", status, form=form, unit=found, rules=rules)


@page_of_shop("units.change")
def adviser(visit: Visit) -> HttpResponse:
    """Say whose books they are."""
    form = AdviserForm(visit.request.POST or None, instance=terms.adviser(visit.shop))

    def work(**said: Any) -> Adviser:
        return terms.name_adviser(visit.shop, actor=visit.actor, **said)

    if forms.submit(visit.request, form, work):
        return visit.go("ledger_units", say=_("It has been saved."))
    return visit.page("ledger/adviser.html", 422 if form.errors else 200, form=form)


def _value(value: Decimal | None, unit: Unit, currency: str) -> str:
    """Write what one unit as people count it is worth: a point 0,005 €, a euro of credit 1,00 €."""
    if value is None:
        return formats.NOTHING
    places = amounts.places_of(unit.kind, unit.currency, unit.scale)
    return formats.money_exactly(value.scaleb(places), unit.currency or currency)


class UnitForm(fields.Form):
    """What is counted, under which name."""

    name = fields.CharField(
        label=gettext_lazy("Name"), max_length=80,
        help_text=gettext_lazy("As people read it, such as “Bonus points”."),
    )  # fmt: skip
    code = fields.RegexField(
        r"^[a-z][a-z0-9_\-]{0,39}$",
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy(
            "For programs, in small letters, such as points. It stays for good."
        ),
        error_messages={
            "invalid": gettext_lazy("Small letters, digits, “-” and “_” only, a letter first.")
        },
    )
    kind = fields.ChoiceField(label=gettext_lazy("Kind"), choices=list(showing.KINDS.items()))
    scale = fields.IntegerField(
        label=gettext_lazy("Decimal places"), min_value=0, max_value=6, initial=0,
        help_text=gettext_lazy("0 for points, 2 for euros. It stays for good."),
    )  # fmt: skip
    currency = fields.RegexField(
        r"^[A-Z]{3}$", label=gettext_lazy("Currency"), required=False,
        help_text=gettext_lazy("Of units of money only."),
    )  # fmt: skip
    four_eyes_above = AmountField(
        label=gettext_lazy("Second person above"), required=False,
        help_text=gettext_lazy(
            "Corrections by hand of more than this need somebody else to agree. Empty: never."
        ),
    )  # fmt: skip

    def clean_four_eyes_above(self) -> int | None:
        """Return the limit in the smallest part of the unit: cents where people type euros."""
        amount, said = self.cleaned_data["four_eyes_above"], self.cleaned_data
        if amount is None:
            return None
        places = amounts.places_of(
            said.get("kind", ""), said.get("currency", ""), said.get("scale", 0)
        )
        return amounts.smallest(amount, places, least=0)


class TermsForm(fields.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """Branch, value and accounts of a unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch = self.fields["branch"]
        if isinstance(branch, fields.ChoiceField):
            branch.choices = [("", _("Please choose")), *_branches()]

    class Meta:
        model = Terms
        fields = ("branch", "unit_value_minor", "owed", "cost", "used", "lapsed")
        labels: ClassVar = {
            "branch": gettext_lazy("In the books"),
            "unit_value_minor": gettext_lazy("Value of one"),
            "owed": gettext_lazy("Account of the promise"),
            "cost": gettext_lazy("Account of the expense"),
            "used": gettext_lazy("Account for what is redeemed"),
            "lapsed": gettext_lazy("Account of the income from what expires"),
        }
        help_texts: ClassVar = {
            "unit_value_minor": gettext_lazy(
                "In the smallest money: 1 means one cent for one point, 0.5 half a cent."
            ),
            "owed": gettext_lazy("Such as the one for other provisions. Ask your tax adviser."),
            "cost": gettext_lazy("Used when units are given, and when a provision grows."),
            "used": gettext_lazy("Used when units of money are redeemed."),
            "lapsed": gettext_lazy("Used when units expire, and when a provision shrinks."),
        }


class AdviserForm(fields.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """The numbers that DATEV knows the shop by."""

    class Meta:
        model = Adviser
        fields = ("number", "client", "year_begins_month", "account_digits")
        labels: ClassVar = {
            "number": gettext_lazy("Number of the adviser"),
            "client": gettext_lazy("Number of the client"),
            "year_begins_month": gettext_lazy("Month in which the fiscal year begins"),
            "account_digits": gettext_lazy("Digits of accounts"),
        }
        help_texts: ClassVar = {
            "number": gettext_lazy("“Beraternummer”, 1001 to 9999999."),
            "client": gettext_lazy("“Mandantennummer”, 1 to 99999."),
            "account_digits": gettext_lazy("“Sachkontenlänge”, 4 to 8."),
        }


def _branches() -> list[tuple[str, str]]:
    return [(name, str(branches.RULES[name].name)) for name in branches.BRANCHES]

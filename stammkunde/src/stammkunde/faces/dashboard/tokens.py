"""Keys for programs: made, shown once, withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core import clock
from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import Token
from stammkunde.faces.dashboard import confirming, forms, lists, words
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question

DAYS = (30, 90, 365)
COLUMNS = (
    lists.Column("name", gettext_lazy("Name"), order="name"),
    lists.Column("may", gettext_lazy("Permissions")),
    lists.Column("used", gettext_lazy("Last used")),
    lists.Column("expires", gettext_lazy("Valid until"), order="expires_at"),
    lists.Column("action"),
)


@page_of_shop("tokens.manage")
def tokens(visit: Visit) -> HttpResponse:
    """Show the keys of the shop."""
    listing = lists.page(queries.tokens(visit.shop), COLUMNS, visit.request.GET)
    now = clock.now()
    rows = [(token, _permissions(token), token.expires_at <= now) for token in listing.rows]
    return visit.page("tokens.html", listing=listing, rows=rows)


@page_of_shop("tokens.manage", confirmed=True)
def make(visit: Visit) -> HttpResponse:
    """Make a key, and show its text once."""
    form = TokenForm(visit.request.POST or None, initial={"days": 90})

    def work(name: str, permissions: list[Any], days: int) -> tuple[Token, str]:
        return services.make_token(
            visit.shop,
            name,
            permissions=permissions,
            days=days,
            actor=visit.actor,
            by=visit.person,
        )

    if not (made := forms.submit(visit.request, form, work)):
        return visit.page("tokens_make.html", 422 if form.errors else 200, form=form)
    token, text = made
    answer = visit.page("tokens_made.html", token=token, text=text)
    answer["Cache-Control"] = "no-store"
    return answer


@page_of_shop("tokens.manage")
def withdraw(visit: Visit, token: int) -> HttpResponse:
    """Make a key useless at once."""
    name = queries.token(visit.shop, token).name
    question = Question(
        title=_("Withdraw the API key “%(name)s”?") % {"name": name},
        consequences=(
            _("Programs that use it are refused from this moment on. This cannot be undone."),
        ),
        button=_("Withdraw the key"),
        done=_("The API key has been withdrawn."),
        back="tokens",
    )
    return confirming.ask(
        visit, question, lambda: services.withdraw_token(visit.shop, token, actor=visit.actor)
    )


def _permissions(token: Token) -> list[str]:
    return [str(words.PERMISSIONS.get(name, name)) for name in token.permissions]


class TokenForm(forms.Once):
    """What a program is called, what it may do, and for how long."""

    name = fields.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Which program uses it, such as “Shop system, nightly import”."),
        max_length=80,
    )
    permissions = fields.MultipleChoiceField(
        label=gettext_lazy("What the program may do"),
        help_text=gettext_lazy("As little as it needs."),
        choices=[(name, label) for name, label in words.PERMISSIONS.items()],
        widget=fields.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    days = fields.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        choices=lambda: [(n, words.value("window_days", n)) for n in DAYS],
    )
    field_order = ("name", "permissions", "days")

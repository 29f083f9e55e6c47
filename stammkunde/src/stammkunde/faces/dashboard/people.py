"""The team of a shop: who may do what, who was invited, who leaves."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import ROLES
from stammkunde.faces.dashboard import confirming, forms, lists, mails, words
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question

COLUMNS = (
    lists.Column("name", gettext_lazy("Name"), order="person__name"),
    lists.Column("role", gettext_lazy("Role"), order="role"),
    lists.Column("since", gettext_lazy("In the team since"), order="since"),
)


@page_of_shop("people.manage")
def people(visit: Visit) -> HttpResponse:
    """Show the team and the open invitations."""
    listing = lists.page(queries.members(visit.shop), COLUMNS, visit.request.GET, default="name")
    invitations = queries.invitations(visit.shop)
    return visit.page("people.html", listing=listing, invitations=invitations)


@page_of_shop("people.manage")
def invite(visit: Visit) -> HttpResponse:
    """Invite somebody, and show the link once."""
    form = InvitationForm(visit.request.POST or None, initial={"role": "analyst"})

    def work(email: str, role: Any) -> str:
        return services.invite(visit.shop, email, role=role, actor=visit.actor, by=visit.person)

    if not (token := forms.submit(visit.request, form, work)):
        return visit.page("people_invite.html", 422 if form.errors else 200, form=form)
    link = visit.request.build_absolute_uri(reverse("invitation", args=[token]))
    email = form.cleaned_data["email"]
    is_sent = mails.send_invitation(email, shop=visit.shop, by=visit.person, link=link)
    answer = visit.page("people_invited.html", link=link, email=email, is_sent=is_sent)
    answer["Cache-Control"] = "no-store"
    return answer


@page_of_shop("people.manage")
def withdraw(visit: Visit, invitation: int) -> HttpResponse:
    """Make the link of an invitation useless."""
    found = queries.invitation(visit.shop, invitation)
    question = Question(
        title=_("Withdraw the invitation of %(email)s?") % {"email": found.email},
        consequences=(_("The link stops working at once. You can invite the person again."),),
        button=_("Withdraw the invitation"),
        done=_("The invitation has been withdrawn."),
        back="people",
    )
    return confirming.ask(
        visit,
        question,
        lambda: services.withdraw_invitation(visit.shop, invitation, actor=visit.actor),
    )


@page_of_shop("people.manage")
def person(visit: Visit, person: int) -> HttpResponse:
    """Show a member, and give them another role."""
    membership = queries.membership(visit.shop, person)
    form = RoleForm(visit.request.POST or None, initial={"role": membership.role})

    def work(role: Any) -> object:
        return services.give_role(visit.shop, person, role, actor=visit.actor)

    if forms.submit(visit.request, form, work):
        return visit.go("people", say=_("The role has been changed."))
    status = 422 if form.errors else 200
    return visit.page("people_person.html", status, form=form, membership=membership)


@page_of_shop("people.manage")
def remove(visit: Visit, person: int) -> HttpResponse:
    """Take somebody out of the team."""
    name = str(queries.membership(visit.shop, person).person)
    question = Question(
        title=_("Remove %(name)s from %(shop)s?") % {"name": name, "shop": visit.shop.name},
        consequences=(
            _("%(name)s no longer sees this shop, from this moment on.") % {"name": name},
            _("The account and other shops stay, and so does what the log says."),
        ),
        button=_("Remove from the team"),
        done=_("%(name)s has been removed.") % {"name": name},
        back="people",
    )
    return confirming.ask(
        visit, question, lambda: services.remove(visit.shop, person, actor=visit.actor)
    )


def _roles() -> list[tuple[str, str]]:
    return [
        (role, format_html('{}<span class="help">{}</span>', name, words.ROLES[role]))  # type: ignore[index]
        for role, name in ROLES
    ]


class RoleForm(fields.Form):
    """A role, and what each may do."""

    role = fields.ChoiceField(label=gettext_lazy("Role"), choices=_roles, widget=fields.RadioSelect)


class InvitationForm(RoleForm, forms.Once):
    """Whom to invite as what."""

    email = fields.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    field_order = ("email", "role")

"""Where the link of an invitation leads: who invites, to what, and one click to accept."""

from __future__ import annotations

from django import forms as fields
from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from stammkunde.core.errors import NotFound
from stammkunde.core.people.models import LANGUAGES, Person
from stammkunde.core.shops import joining, queries, services
from stammkunde.core.shops.models import Invitation, Membership
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.account_forms import LENGTH


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation; reading it changes nothing, as scanners of mails read every link."""
    try:
        found = queries.open_invitation(token)
        if isinstance(request.user, Person):
            return _as_member(request, token, found, request.user)
        if Person.objects.filter(email__iexact=found.email).exists():
            return render(request, "invitation_sign_in.html", {"invitation": found})
        return _as_new(request, token, found)
    except NotFound as fault:
        return render(request, "invitation_over.html", {"fault": fault}, status=404)


def _as_member(request: HttpRequest, token: str, found: Invitation, person: Person) -> HttpResponse:
    if request.method == "POST":
        return _welcome(request, services.accept(token, person=person))
    is_other = found.email.lower() != person.email.lower()
    return render(request, "invitation_accept.html", {"invitation": found, "is_other": is_other})


def _as_new(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    form = AccountForm(request.POST or None, initial={"language": translation.get_language()})

    def work(name: str, language: str, password: str) -> Membership:
        return joining.accept_as_new(token, name=name, language=language, password=password)

    if membership := forms.submit(request, form, work):
        auth.login(request, membership.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return _welcome(request, membership)
    status = 422 if form.errors else 200
    return render(
        request, "invitation_new.html", {"invitation": found, "form": form}, status=status
    )


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    with translation.override(membership.person.language):
        welcome = _("Welcome to %(shop)s.") % {"shop": membership.shop.name}
    messages.success(request, welcome)
    return redirect("overview", membership.shop.slug)


class AccountForm(fields.Form):
    """What an account needs beside the address that was invited."""

    name = fields.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=fields.TextInput({"autocomplete": "name"}),
    )
    language = fields.ChoiceField(
        label=gettext_lazy("Language of the pages"), choices=LANGUAGES, widget=fields.RadioSelect
    )
    password = fields.CharField(
        label=gettext_lazy("Password"),
        help_text=LENGTH,
        strip=False,
        widget=fields.PasswordInput({"autocomplete": "new-password"}),
    )

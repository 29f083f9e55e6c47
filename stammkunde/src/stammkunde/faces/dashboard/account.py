"""One's own account: how one is called, and in which language one reads."""

from __future__ import annotations

from django import forms as fields
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stammkunde.core.audit.services import Actor
from stammkunde.core.people import services
from stammkunde.core.people.models import LANGUAGES, Person
from stammkunde.faces.dashboard import access, forms

COOKIE_SECONDS = 365 * 24 * 3600


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's name and language."""
    person = access.signed_in(request)
    kept = {"name": person.name, "language": person.language}
    form = ProfileForm(request.POST or None, initial=kept)

    def work(name: str, language: str) -> Person:
        actor = Actor("person", person.pk)
        return services.change(person, name=name, language=language, actor=actor)

    if changed := forms.submit(request, form, work):
        with translation.override(changed.language):
            messages.success(request, _("Your profile has been saved."))
        return redirect("profile")
    return render(request, "profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: to whoever is signed in for good, to others by a cookie."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(back if is_ours else reverse("home"))
    if wanted not in dict(settings.LANGUAGES):
        return answer
    if isinstance(request.user, Person):
        person = request.user
        actor = Actor("person", person.pk)
        services.change(person, name=person.name, language=wanted, actor=actor)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


class ProfileForm(fields.Form):
    """Name and language."""

    name = fields.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As your team sees it, in lists and in the activity log."),
        max_length=120,
        widget=fields.TextInput({"autocomplete": "name"}),
    )
    language = fields.ChoiceField(
        label=gettext_lazy("Language of the pages"), choices=LANGUAGES, widget=fields.RadioSelect
    )

"""How long a session lives: until it rests for hours, at most two weeks, and never past what it rests on."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stammkunde.core import clock
from stammkunde.core.audit.services import Actor
from stammkunde.core.people import services
from stammkunde.core.people.models import Person
from stammkunde.faces.dashboard import access

# Whoever did not ask to stay signed in is out after so many seconds without a page.
REST_SECONDS = 12 * 3600
# A page only writes when it was seen last this long before: reading must not queue behind writers.
NOTE_SECONDS = 600
BEGUN, SEEN = "begun_at", "seen_at"


class Middleware:
    """Ends sessions that rested too long or are too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a cookie of a session nobody is signed in, and the store need not be asked.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Person):
            _look(request)
        answer = self.get_response(request)
        # Whoever has just signed in.
        if request.session.modified and isinstance(request.user, Person):
            request.session.setdefault(BEGUN, clock.now().timestamp())
            request.session.setdefault(SEEN, request.session[BEGUN])
        return answer


def _look(request: HttpRequest) -> None:
    session, now = request.session, clock.now().timestamp()
    begun, seen = session.get(BEGUN, now), session.get(SEEN, now)
    rests = session.get_expire_at_browser_close() and now - seen >= REST_SECONDS
    if rests or now - begun >= settings.SESSION_COOKIE_AGE:
        auth.logout(request)
    elif BEGUN not in session or now - seen >= NOTE_SECONDS:
        session[BEGUN], session[SEEN] = begun, now


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out on every other device."""
    _stay_alone(request)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("mfa_index")


def alone_after_change(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Let a page that changes the second step end every other session: one may be a thief's."""

    @login_required
    def checked(request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            before = _steps(request)
            answer = view(request)
            if _steps(request) != before:
                _stay_alone(request)
        return answer

    return checked


def _steps(request: HttpRequest) -> set[int]:
    return set(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", flat=True))


def _stay_alone(request: HttpRequest) -> None:
    person = access.signed_in(request)
    ended = services.end_sessions(person, actor=Actor("person", person.pk))
    auth.update_session_auth_hash(request, ended)

"""How people sign in: what is offered, in which words, and in which language mails are written."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.people.models import Person

logger = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the package has no types
    """People get an account by an invitation or from an operator, never by themselves."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask whoever runs this installation."),
        "email_password_mismatch": _("E-mail address and password do not match."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Codes of the app change every 30 seconds."),
        "incorrect_password": _("This password is not right."),
        "invalid_password_reset": _("This link is no longer valid. Request a new one."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody signs up alone."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the language of the person it goes to."""
        person = context.get("user") or Person.objects.filter(email__iexact=email).first()
        language = person.language if isinstance(person, Person) else translation.get_language()
        with translation.override(language):
            try:
                super().send_mail(template_prefix, email, context)
            except OSError as fault:
                # The page that asked for the mail must not tell whether there is such an account.
                logger.error("A mail could not be sent: %s", type(fault).__name__)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell people what changed about their account, at the address they sign in with."""
        values = {"user": user, **(context or {})}
        super().send_notification_mail(template_prefix, user, values, email or user.email)

    def set_password(self, user: Person, password: str) -> None:
        """Set a password and note that it was changed, not what it is."""
        with transaction.atomic():
            super().set_password(user, password)
            audit.note(
                "person.password_changed",
                actor=Actor("person", user.pk),
                about=("person", user.pk),
            )


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """What is said around the second step of signing in."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _(
            "There are recovery codes only with an authenticator app. Set one up first."
        ),
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }

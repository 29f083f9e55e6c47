"""The forms of signing in, with our labels and one field where the package asks twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stammkunde.faces.dashboard import reset_links

LENGTH = _("At least 12 characters. A sentence that only you would think of is best.")
CODE = _("Six digits from your app, or one of your recovery codes.")


def _password(field: forms.Field, label: Any, help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


def _code(field: forms.Field, label: Any, help_text: Any) -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["inputmode"] = "numeric"
    field.widget.attrs["autofocus"] = True


def _email(field: forms.Field) -> None:
    field.label = _("E-mail address")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = "username"


class SignIn(account.LoginForm):  # type: ignore[misc]  # the package has no types
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self.fields["login"])
        _password(self.fields["password"], _("Password"))
        self.fields["remember"].label = _("Stay signed in on this device for two weeks")


class ForgottenPassword(account.ResetPasswordForm):  # type: ignore[misc]
    """The address that a link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self.fields["email"])

    def save(self, request: HttpRequest, **_more: Any) -> str:
        """Have the link sent; whether there is such an account shows nowhere."""
        person = self.users[0] if self.users else None
        reset_links.ask(person, origin=request.build_absolute_uri("/"))
        return str(self.cleaned_data["email"])


class NewPassword(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password of whoever followed that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(self.fields["password1"], _("New password"), LENGTH)


class SetPassword(account.SetPasswordForm):  # type: ignore[misc]
    """The first password of somebody who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(self.fields["password1"], _("New password"), LENGTH)


class ChangePassword(account.ChangePasswordForm):  # type: ignore[misc]
    """The password one has and the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(self.fields["oldpassword"], _("Current password"))
        _password(self.fields["password1"], _("New password"), LENGTH)


class Confirm(account.ReauthenticateForm):  # type: ignore[misc]
    """The password, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self.fields["password"], _("Password"))
        self.fields["password"].widget.attrs["autofocus"] = True


class SecondStep(second_step.AuthenticateForm):  # type: ignore[misc]
    """The code of the app after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("Code"), CODE)


class ConfirmByCode(second_step.ReauthenticateForm):  # type: ignore[misc]
    """The code of the app, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("Code"), CODE)


class SetUpApp(app.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("Code from the app"), _("Six digits."))

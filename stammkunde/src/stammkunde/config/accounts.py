"""How people get an account: by an invitation or from an operator, never by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the package has no types
    """Closes the sign-up of the package that signs people in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody signs up alone."""
        return False

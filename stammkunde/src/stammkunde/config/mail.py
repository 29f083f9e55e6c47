"""From an address to Django's settings of a mail server."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from stammkunde.config.unfit import Unfit

Settings = dict[str, Any]

# A server that does not answer must not hold up a page for long.
SECONDS = 10
# Without a server nothing is sent; pages then show what they would have sent.
NONE: Settings = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def parse(address: str) -> Settings:
    """Describe the mail server at `address`.

    `smtp://person:password@host:587` begins openly and changes to TLS before anything is said,
    `smtps://…:465` is TLS from the start, `smtp+plain://host:25` never is: for a server on this machine.

    Raises
    ------
    ValueError
        With a sentence that says what to write instead; a password is never repeated in it.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unfit(
            "the address cannot be read; a port is a number, and @ : / ? # % in a name or password "
            "are percent-encoded."
        ) from None
    standard = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in standard:
        raise Unfit("the address must begin with smtp://, smtps:// or smtp+plain://.")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise Unfit("write smtp://person:password@host:587 and nothing after it.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or standard[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": SECONDS,
    }

"""The report as a message: built, and handed to the mail server with a word on what became of it."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import colors
from stammkunde.insights.monthly import queries
from stammkunde.insights.monthly.models import FAILED, SENT, UNKNOWN, Delivery

logger = logging.getLogger(__name__)
# What the server says no to was not taken; anything else that breaks off may have been.
REFUSED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)


def is_possible() -> bool:
    """Return whether this installation has a mail server."""
    return not str(settings.EMAIL_BACKEND).endswith("dummy.EmailBackend")


def address_of(request: HttpRequest) -> str:
    """Return where the product is, as whoever asks sees it, without a slash at its end."""
    return request.build_absolute_uri(reverse("home")).rstrip("/")


def html(content: Mapping[str, Any], *, shop: Shop, address: str, unsubscribe: str) -> str:
    """Return the report as a mail's page: styles at each element, as mail programs need them."""
    values = {
        "edition": content,
        "palette": colors.light(shop.brand_color),
        "page": address + reverse("monthly_report", args=[shop.slug, content["month"]]),
        "overview": address + reverse("overview", args=[shop.slug]),
        "unsubscribe": unsubscribe,
    }
    with translation.override(content["language"]):
        return render_to_string("mails/monthly.html", values)


def message(
    content: Mapping[str, Any], *, shop: Shop, person: Person, address: str
) -> EmailMultiAlternatives:
    """Return the report as a message to a person.

    Parameters
    ----------
    address
        Where the product is, without a slash at its end.
    """
    link = address + reverse("unsubscribe", args=[queries.token(shop, person)])
    values = {
        "edition": content,
        "page": address + reverse("monthly_report", args=[shop.slug, content["month"]]),
        "unsubscribe": link,
    }
    with translation.override(content["language"]):
        subject = render_to_string("mails/monthly_subject.txt", values)
        text = render_to_string("mails/monthly.txt", values)
    found = EmailMultiAlternatives(
        " ".join(subject.split()),
        text.strip() + "\n",
        to=[person.email],
        headers={
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    found.attach_alternative(
        html(content, shop=shop, address=address, unsubscribe=link), "text/html"
    )
    return found


def hand_over(found: EmailMultiAlternatives) -> tuple[str, str]:
    """Give a message to the mail server; return what became of it, and the fault if there was one.

    Where the server could not be reached or said no, nothing went out. Where it broke off while it
    had the message, nobody knows.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        logger.error("The mail server could not be reached: %s", type(fault).__name__)
        return FAILED, "unreachable"
    try:
        found.connection = connection
        return (SENT, "") if found.send() else (FAILED, "refused")
    except REFUSED as fault:
        logger.error("A report was refused: %s", type(fault).__name__)
        return FAILED, "refused"
    except (OSError, smtplib.SMTPException) as fault:
        logger.error("What became of a report is not known: %s", type(fault).__name__)
        return UNKNOWN, ""
    finally:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            logger.info("The mail server had gone before it was taken leave of.")


def sign(found: EmailMultiAlternatives, delivery: Delivery) -> None:
    """Give a message an id by which every attempt to send it can be told from others."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    key = f"report-{delivery.edition_id}-{delivery.person_id}-{delivery.attempts}"
    found.extra_headers["Message-ID"] = f"<{key}@{host}>"

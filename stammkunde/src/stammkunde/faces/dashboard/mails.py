"""Messages that pages send at once: the link in them must not be kept for later."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.core.shops.services import INVITATION_DAYS

logger = logging.getLogger(__name__)


def send_invitation(email: str, *, shop: Shop, by: Person, link: str) -> bool:
    """Send the link of an invitation; return whether a server took it.

    It is written in the language of the shop, as that of the person is not known.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return False
    with translation.override(shop.language):
        values = {"shop": shop, "by": by, "link": link, "days": INVITATION_DAYS}
        subject = render_to_string("mails/invitation_subject.txt", values)
        text = render_to_string("mails/invitation.txt", values)
    message = EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[email])
    try:
        return bool(message.send())
    except OSError as fault:
        # The page says so and shows the link; the reason is for whoever runs the installation.
        logger.error("An invitation could not be sent: %s", type(fault).__name__)
        return False

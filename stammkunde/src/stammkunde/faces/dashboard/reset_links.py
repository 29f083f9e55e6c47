"""Links to choose a new password: written by a job, which makes the link itself and keeps it nowhere.

The page that asks for one does the same for every address, known or not: neither its words nor the time it
takes tell who has an account. A mail server that does not answer is asked again.
"""

from __future__ import annotations

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit.services import JOB
from stammkunde.core.jobs import services as jobs
from stammkunde.core.people.models import Person

WORK = "people.send_reset_link"
TEMPLATE = "account/email/password_reset_key"


def ask(person: Person | None, *, origin: str) -> None:
    """Have a link sent to a person; for nobody the same is written, and nothing sent.

    Parameters
    ----------
    origin
        Address of this installation as the browser that asked knows it.
    """
    jobs.enqueue(WORK, args={"person": person.pk if person else 0, "origin": origin}, actor=JOB)


@jobs.work(WORK, title=_("Send a link to choose a new password"))
def send(run: jobs.Running) -> None:
    """Send the link; it is made anew with every try."""
    person = Person.objects.filter(pk=run.args["person"], is_active=True).first()
    if person is None or settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return
    token = default_token_generator.make_token(person)
    given = {"uidb36": user_pk_to_url_str(person), "key": token}
    path = reverse("account_reset_password_from_key", kwargs=given)
    values = {"user": person, "password_reset_url": urljoin(run.args["origin"], path)}
    with translation.override(person.language):
        subject = render_to_string(f"{TEMPLATE}_subject.txt", values)
        text = render_to_string(f"{TEMPLATE}_message.txt", values)
    EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[person.email]).send()

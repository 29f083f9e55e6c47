"""The product behind the commands: loaded when one needs it, in the language of whoever asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stammkunde.faces.cli.words import Language

if TYPE_CHECKING:
    from stammkunde.core.people.models import Person
    from stammkunde.core.shops.models import Shop

SETTINGS = "stammkunde.config.settings"


def load(spoken: Language) -> None:
    """Load settings and tables, and let sentences be in a language from now on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.utils import translation

    django.setup()
    translation.activate(spoken)


def shop(slug: str) -> Shop:
    """Return a shop by its address."""
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import NotFound
    from stammkunde.core.shops.models import Shop

    found = Shop.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no such shop."), name="shop.unknown")
    return found


def person(email: str) -> Person:
    """Return a person by the address they sign in with."""
    from django.utils.translation import gettext_lazy as _

    from stammkunde.core.errors import NotFound
    from stammkunde.core.people.models import Person

    try:
        return Person.objects.get_by_natural_key(email)
    except Person.DoesNotExist:
        raise NotFound(_("Nobody signs in with this address."), name="person.unknown") from None

"""The tables of people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

LANGUAGES = (("de", "Deutsch"), ("en", "English"))


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their e-mail address, whatever its case."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return an address as it is kept: in small letters, as signing in compares it."""
        return super().normalize_email(email).strip().lower()

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person that signs in with an address."""
        return self.get(email__iexact=(username or "").strip())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Keep a new person; without a password one can only sign in by an invitation or a reset."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in with an e-mail address.

    What a person may do follows from the role in each shop (`shops.Membership`); an operator looks
    after the installation and may found shops.
    """

    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="de")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    # What a session rests on beside the password: a step further, and every one before it has ended.
    session_generation = models.PositiveIntegerField(default=1, editable=False)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="people_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what every session of this person must carry to go on."""
        return salted_hmac(
            "stammkunde.core.people.session",
            f"{self.session_generation} {self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

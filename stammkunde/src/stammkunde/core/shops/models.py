"""The tables of shops, roles, invitations and tokens."""

from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

LANGUAGES = (("de", "Deutsch"), ("en", "English"))
WEEKDAYS = ((1, _("Monday")), (6, _("Saturday")), (7, _("Sunday")))
TAX_VIEWS = (("gross", _("with taxes")), ("net", _("without taxes")))
ROLES = (
    ("owner", _("Owner")),
    ("marketer", _("Marketing")),
    ("analyst", _("Analysis")),
    ("support", _("Customer service")),
)


def known_zone(name: str) -> None:
    """Refuse a time zone that does not exist."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Choose one such as Europe/Berlin."),
            params={"name": name},
        )


class Shop(models.Model):
    """A shop with the decisions that its numbers rest on."""

    slug = models.SlugField(_("Address"), max_length=60, unique=True)
    name = models.CharField(_("Name of the shop"), max_length=120)
    zone = models.CharField(
        _("Time zone"), max_length=60, default="Europe/Berlin", validators=[known_zone]
    )
    currency = models.CharField(
        _("Currency"),
        max_length=3,
        default="EUR",
        validators=[validators.RegexValidator(r"^[A-Z]{3}$", _("Write three letters, as in EUR."))],
    )
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="de")
    week_start = models.PositiveSmallIntegerField(
        _("First day of the week"), choices=WEEKDAYS, default=1
    )
    tax_view = models.CharField(_("Revenue"), max_length=5, choices=TAX_VIEWS, default="gross")
    payment_days = models.PositiveSmallIntegerField(
        _("Days to pay"),
        default=30,
        validators=[validators.MaxValueValidator(365)],
        help_text=_("An order that is not paid by then no longer counts."),
    )
    window_days = models.PositiveSmallIntegerField(
        _("Active for"),
        default=365,
        validators=[validators.MinValueValidator(7), validators.MaxValueValidator(1825)],
        help_text=_("Days after an order during which its customer counts as active."),
    )
    brand_color = models.CharField(
        _("Color"),
        max_length=7,
        default="#0f766e",
        validators=[validators.RegexValidator(r"^#[0-9a-f]{6}$", _("Write it as #0f766e."))],
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    founded_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name


class ShopVersion(models.Model):
    """What a shop had decided from one change to the next; a number can name the version it used."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    decisions = models.JSONField()
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "number"], name="shops_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.number}"


class Membership(models.Model):
    """The role of a person in a shop."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("Role"), max_length=10, choices=ROLES)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "person"], name="shops_member_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role for role, _name in ROLES]),
                name="shops_member_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"


class Invitation(models.Model):
    """A link that lets somebody join a shop in a role; only its hash is kept."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail address"))
    role = models.CharField(_("Role"), max_length=10, choices=ROLES)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "shop",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="shops_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.role}"


class Token(models.Model):
    """A key for programs: shown once, kept as its hash, limited in what it may do and for how long."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=80)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

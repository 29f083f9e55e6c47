"""The tables of customers, the keys they are known by, and their merges."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock

KINDS = (("number", _("Customer number")), ("email", _("E-mail address")), ("phone", _("Phone")))
CERTAIN = 100


class Customer(models.Model):
    """Somebody who bought, with what pages show at once; the counters follow from the orders.

    A merged customer has no keys left and says which one it went into.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    number = models.TextField(_("Customer number"), blank=True, default="")
    email = models.TextField(_("E-mail address"), blank=True, default="")
    phone = models.TextField(_("Phone"), blank=True, default="")
    name = models.TextField(_("Name"), blank=True, default="")
    country = models.TextField(_("Country"), blank=True, default="")
    first_order_on = models.DateField(null=True)
    last_order_on = models.DateField(null=True)
    orders = models.IntegerField(default=0)
    revenue_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, db_index=False)
    erased_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "email"], name="customers_by_email"),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="customers_merged",
            ),
            models.Index(
                fields=["shop", "erased_at"],
                condition=models.Q(erased_at__isnull=False),
                name="customers_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.number or f"#{self.pk}"


class Standing(models.Model):
    """Where a customer stands, computed from the history of the shop; only living customers have one.

    It holds what does not drift with the days: who is overdue follows from `late_on`, `last_on` and
    the day that is asked about. Empty is what is not known.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    # As it stands with the customer: those chosen by standing are sorted by it without a look at others.
    last_order_on = models.DateField(null=True)
    # Scores from 1 to 5, and the place of the group in `kohorte`'s list of groups, from 1.
    recency = models.PositiveSmallIntegerField(null=True)
    frequency = models.PositiveSmallIntegerField(null=True)
    monetary = models.PositiveSmallIntegerField(null=True)
    rfm = models.PositiveSmallIntegerField(null=True)
    # Revenue of counted orders, each less what was refunded of it, and what the goods did not cost.
    value_minor = models.BigIntegerField(null=True)
    profit_minor = models.BigIntegerField(null=True)
    purchase_days = models.IntegerField(null=True)
    last_on = models.DateField(null=True)
    # By then half, and four of five, of those who come back after such a pause have come.
    due_on = models.DateField(null=True)
    late_on = models.DateField(null=True)
    # Whose pauses say so: the shop's or the customer's own.
    basis = models.CharField(max_length=4, blank=True, default="")
    # What a model foretells: percent, hundredths of orders, amounts with the range of four in five.
    alive_percent = models.PositiveSmallIntegerField(null=True)
    expected_orders = models.IntegerField(null=True)
    expected_value_minor = models.BigIntegerField(null=True)
    expected_low_minor = models.BigIntegerField(null=True)
    expected_high_minor = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["shop", field, "customer"],
                condition=models.Q((f"{field}__isnull", False)),
                name=f"customers_standing_{name}",
            )
            for field, name in (
                ("rfm", "rfm"),
                ("value_minor", "value"),
                ("due_on", "due"),
                ("alive_percent", "alive"),
                ("expected_orders", "orders"),
                ("expected_value_minor", "worth"),
            )
        ] + [
            # Those lost long ago are the most; whoever is overdue bought within the w days.
            models.Index(
                fields=["shop", "last_on", "late_on", "alive_percent"],
                condition=models.Q(late_on__isnull=False),
                name="customers_standing_late",
            ),
            models.Index(
                fields=[
                    "shop",
                    "last_order_on",
                    "customer",
                    "rfm",
                    "alive_percent",
                    "late_on",
                    "last_on",
                ],
                condition=models.Q(last_order_on__isnull=False),
                name="customers_standing_last",
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer_id)


class Basis(models.Model):
    """What the standings of a shop rest on: which data, how much of them, and which model foretold."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    # Of which columns, decisions and definitions they are; empty while they are being written.
    of = models.CharField(max_length=100, blank=True, default="")
    # The last day that the data hold, by which customers are overdue or not.
    as_of = models.DateField(null=True)
    made_at = models.DateTimeField(null=True)
    customers = models.BigIntegerField(default=0)
    # After so many purchase days the shop knows so many finished pauses; 0 stands for all together.
    pauses = models.JSONField(default=dict)
    model = models.CharField(max_length=20, blank=True, default="")
    # What the model is called in each language.
    model_name = models.JSONField(default=dict)
    foretold_on = models.DateField(null=True)
    foretold_at = models.DateTimeField(null=True)
    # Why nothing is foretold, in each language; empty where something is.
    withheld = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.shop_id)


class Key(models.Model):
    """A number, address or phone by which a customer is known.

    Orders say which key they came with, so that a merge only moves keys, and its undoing brings
    back exactly the orders that came with them. An address that is nobody's alone has no customer.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="keys")
    kind = models.CharField(max_length=6, choices=KINDS)
    # Numbers count within the channel that gave them; addresses and phones everywhere.
    source = models.CharField(max_length=40, blank=True, default="")
    value = models.TextField()
    written = models.TextField(blank=True, default="")
    # The value without what providers ignore; it only suggests that two customers are one.
    loose = models.TextField(blank=True, default="")
    is_shared = models.BooleanField(default=False)
    rule = models.CharField(max_length=20, default="own")
    confidence = models.PositiveSmallIntegerField(default=CERTAIN)
    since = models.DateTimeField(default=clock.now)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "kind", "source", "value"], name="customers_key_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _name in KINDS]),
                name="customers_key_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "loose"], name="customers_key_loose"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Tie(models.Model):
    """Two keys that were seen together: evidence that they are one person's."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE)
    one = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=20, default="same_row")
    # Somebody said that they are two people's after all.
    is_apart = models.BooleanField(default=False)
    since = models.DateTimeField(default=clock.now)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="customers_tie_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}–{self.other_id}"


class Merge(models.Model):
    """Two customers became one: by which rule, how sure, when, and whether it was undone."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE)
    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=20)
    confidence = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)
    # The keys that moved, as they were told apart before.
    keys = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class Tombstone(models.Model):
    """The salted hash of a key whose person was erased, so that an old file does not bring it back."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "digest"], name="customers_tombstone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d}"


class Retention(models.Model):
    """How long a shop keeps what is personal; an empty limit keeps it."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    # Uploaded files are dropped so many days after their import was published.
    files_days = models.PositiveIntegerField(_("Keep files for"), null=True, blank=True)
    # Customers are erased so many days after their last order.
    customers_days = models.PositiveIntegerField(_("Keep customers for"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.shop_id)

"""The tables of orders and of what is recorded beside them.

Each row knows where it came from and what made and last changed it; what it was before stands in
`Version`. Amounts are integers in minor units, instants are UTC.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kohorte.tables import STATES
from stammkunde.core import clock


class Recorded(models.Model):
    """A row of a source, found again by its natural key: shop, source and the number there."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    source = models.CharField(max_length=40)
    external_id = models.TextField()
    # Of what the source says; equal hashes mean that nothing changed.
    hash = models.CharField(max_length=32)
    # Where it stands in the source: an uploaded file and its line.
    file = models.BigIntegerField(null=True)
    line = models.BigIntegerField(null=True)
    # The imports that made it and that last changed it; None for a program or a person.
    made_by = models.BigIntegerField(null=True)
    changed_by = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "source", "external_id"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class OfPerson(Recorded):
    """A row that may belong to a customer, through the key that it came with."""

    key = models.ForeignKey("customers.Key", on_delete=models.SET_NULL, null=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True)

    class Meta(Recorded.Meta):
        abstract = True


class Order(OfPerson):
    """An order."""

    placed_at = models.DateTimeField()
    currency = models.CharField(max_length=3, null=True)
    amount_minor = models.BigIntegerField(null=True)
    units = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    state = models.CharField(max_length=12)
    original_currency = models.CharField(max_length=3, null=True)
    original_minor = models.BigIntegerField(null=True)
    channel = models.TextField(null=True)
    # When the source changed it last; an older word does not undo a newer one.
    said_at = models.DateTimeField(null=True)

    class Meta(OfPerson.Meta):
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="orders_order_state"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0) | models.Q(amount_minor=None),
                name="orders_order_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "placed_at"], name="orders_by_day"),
        ]


class OrderLine(models.Model):
    """A line of an order; the lines of an order are replaced together."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line_number = models.IntegerField()
    product_id = models.TextField(null=True)
    product = models.TextField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "line_number"], name="orders_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}.{self.line_number}"


class Refund(OfPerson):
    """Money given back; without an order where the source names none."""

    order_number = models.TextField(null=True)
    refunded_at = models.DateTimeField()
    amount_minor = models.BigIntegerField(null=True)

    class Meta(OfPerson.Meta):
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0) | models.Q(amount_minor=None),
                name="orders_refund_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "order_number"], name="orders_refund_order"),
        ]


class Product(Recorded):
    """A product with its cost."""

    product = models.TextField(null=True)
    category = models.TextField(null=True)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True)


class Spend(Recorded):
    """Money spent on acquiring, keeping, selling to or serving customers."""

    starts_on = models.DateField()
    ends_on = models.DateField()
    purpose = models.CharField(max_length=12)
    channel = models.TextField(null=True)
    amount_minor = models.BigIntegerField()


class Lead(OfPerson):
    """Somebody who showed interest."""

    created_at = models.DateTimeField()
    channel = models.TextField(null=True)
    qualified = models.BooleanField()


class Subscription(OfPerson):
    """A contract over one term at one monthly amount."""

    subscription_id = models.TextField()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    monthly_minor = models.BigIntegerField()
    reason = models.TextField(null=True)


class Response(OfPerson):
    """An answer to one question of a survey."""

    answered_at = models.DateTimeField()
    question = models.CharField(max_length=20)
    score = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    lowest = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    highest = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    weight = models.FloatField(null=True)
    answer = models.TextField(null=True)
    ticket_id = models.TextField(null=True)


class Ticket(OfPerson):
    """A request to customer service."""

    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    contacts = models.IntegerField(null=True)
    channel = models.TextField(null=True)
    reason = models.TextField(null=True)


class Referral(OfPerson):
    """An order that goes back to a referral; the person is who referred it."""

    order_number = models.TextField()


class Return(Recorded):
    """A product sent back, or an order cancelled, with the reason."""

    order_number = models.TextField()
    product_id = models.TextField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    returned_at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    reason = models.TextField(null=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [
            models.Index(fields=["shop", "order_number"], name="orders_return_order"),
        ]


class Delivery(Recorded):
    """A parcel of an order: when it left, when it arrived and when it was to arrive."""

    order_number = models.TextField()
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [
            models.Index(fields=["shop", "order_number"], name="orders_delivery_order"),
        ]


class Version(models.Model):
    """What a row was before it changed, and who changed it."""

    # A shop has versions of its own decisions; these are asked for by what they are of.
    shop = models.ForeignKey(
        "shops.Shop", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=14)
    row_id = models.BigIntegerField()
    import_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    before = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # An import changes a row once: trying again finds it changed.
            models.UniqueConstraint(
                fields=["import_id", "kind", "row_id"],
                condition=models.Q(import_id__isnull=False),
                name="orders_version_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "kind", "row_id", "-id"], name="orders_version_of_row"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class Request(models.Model):
    """What a program asked to record once: the same key with the same words is answered the same."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    order_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "key"], name="orders_request_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Mark(models.Model):
    """Counts the changes of a shop's records, so that what was made of them knows its age."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Change(models.Model):
    """What changed with a number of the mark, so that what was made of the records can follow.

    Parameters
    ----------
    what
        A kind of rows; an `import` that was published or `undone`; a `person` who was erased;
        `identity`, where only whose rows are whose changed; or `everything`.
    ids
        Which of them; for rows, none means all of the kind.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, db_index=False)
    number = models.BigIntegerField()
    what = models.CharField(max_length=14)
    ids = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "number"], name="orders_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

"""The tables of the ledger. What was booked is never changed: the database refuses it (see the migration).

Rows that every posting names (shop, unit, accounts of the system) are referred to without a constraint of the
database: checking one locks its row, which all postings would share. `audit` proves these references instead.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from stammkunde.ledger.closes import Close, CloseBalance

__all__ = [
    "Account", "Close", "CloseBalance", "Entry", "Giving", "Hold", "HoldLot", "Lot", "Proposal",
    "Taking", "Transaction", "Unit",
]  # fmt: skip
KINDS = ("points", "status", "money", "uses", "budget", "allowance")
OWNED = ("pending", "available", "held", "debt")
SYSTEM = (
    "issuance",
    "redemption",
    "breakage",
    "clawback",
    "donation",
    "adjustment",
    "conversion",
    "transfer",
)
OPEN, CAPTURED, RELEASED, LAPSED = "open", "captured", "released", "lapsed"
STATES = (OPEN, CAPTURED, RELEASED, LAPSED)


def _to(model: str | type[models.Model], **options: Any) -> Any:
    """Refer to a row that all postings share: no constraint, no index of its own."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, db_constraint=False, db_index=False, **options
    )


class Unit(models.Model):
    """What is counted: points, euros of credit, uses of a voucher.

    Corrections by hand above `four_eyes_above` need a second person; without it none does. `accounts` holds
    the ids of the system's accounts by role, written once.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    scale = models.PositiveSmallIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    name = models.CharField(max_length=80)
    four_eyes_above = models.PositiveBigIntegerField(null=True)
    accounts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "code"], name="ledger_unit_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="ledger_unit_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """An owner's account of a role with its balance, or one of the system without."""

    shop = _to("shops.Shop")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    owner_kind = models.CharField(max_length=20, blank=True)
    owner_id = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=12)
    balance = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "owner_kind", "owner_id", "role"], name="ledger_account_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=("pending", "available", "held"), balance__gte=0)
                | Q(role="debt", balance__lte=0)
                | Q(role__in=SYSTEM, balance=None),
                name="ledger_account_balance",
            ),
        ]
        indexes: ClassVar = [
            # Who has most: a page of it without sorting everybody.
            models.Index(
                fields=["unit", "balance", "id"],
                condition=Q(role="available"),
                name="ledger_account_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_id} {self.role}"


class Transaction(models.Model):
    """Something was booked, once under its key; `answer` is what was said, and is said again."""

    shop = _to("shops.Shop")
    scope = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    cause = models.CharField(max_length=200, blank=True)
    # What was spent on: the whole source, and its root, the order before the first stroke.
    source = models.CharField(max_length=200, blank=True)
    root = models.CharField(max_length=200, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "scope", "key"], name="ledger_key_once"),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="ledger_reversed_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "recorded_at"], name="ledger_recorded"),
            models.Index(fields=["shop", "root"], condition=~Q(root=""), name="ledger_spent_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Lot(models.Model):
    """What was given at once, with its expiry. Only the three open parts ever change."""

    shop = _to("shops.Shop")
    unit = _to(Unit)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.CharField(max_length=100)
    origin = models.ForeignKey(Transaction, on_delete=models.PROTECT, db_index=False)
    source = models.CharField(max_length=200)
    root = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    earned = models.PositiveBigIntegerField()
    pending = models.PositiveBigIntegerField(default=0)
    available = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)
    available_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    policy = models.CharField(max_length=80, blank=True)
    unit_value_minor = models.BigIntegerField(null=True)
    # The lot that this one stands for, where what was given back would have expired too soon.
    restores = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(earned__gt=0, quantity__gt=0), name="ledger_lot_earned"
            ),
            models.CheckConstraint(
                condition=Q(pending__gte=0, available__gte=0, held__gte=0)
                & Q(earned__gte=models.F("pending") + models.F("available") + models.F("held")),
                name="ledger_lot_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "owner_kind", "owner_id"], name="ledger_lot_owner"),
            models.Index(fields=["unit", "root"], name="ledger_lot_root"),
            models.Index(
                fields=["available_at"], condition=Q(pending__gt=0), name="ledger_lot_matures"
            ),
            models.Index(
                fields=["expires_at"],
                condition=(Q(pending__gt=0) | Q(available__gt=0)) & Q(expires_at__isnull=False),
                name="ledger_lot_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.earned}"


class Entry(models.Model):
    """One side of a booking; over a transaction, the entries of each unit sum to zero."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, db_index=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


class Taking(models.Model):
    """How much of a lot a line's return clawed back (of its own earning), for which pieces.

    A row of no pieces notes what went home from a lot that holds a part of another (`homing`).
    """

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT)
    quantity = models.IntegerField()
    amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.lot_id} {self.quantity}"


class Giving(models.Model):
    """How much of a spending was given back, by the lot that it had come from."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT)
    spending = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="givings")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, db_index=False)
    amount = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.spending_id} {self.amount}"


class Hold(models.Model):
    """What is put aside for a while. It ends once: a final state never changes."""

    shop = _to("shops.Shop")
    unit = _to(Unit)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.CharField(max_length=100)
    source = models.CharField(max_length=200)
    root = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default=OPEN)
    expires_at = models.DateTimeField()
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, db_index=False)
    ended = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, null=True, db_index=False, related_name="ends"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=OPEN, ended=None)
                | Q(state__in=(CAPTURED, RELEASED, LAPSED), ended__isnull=False),
                name="ledger_hold_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "owner_kind", "owner_id"], name="ledger_hold_owner"),
            models.Index(fields=["unit", "root"], name="ledger_hold_root"),
            models.Index(fields=["expires_at"], condition=Q(state=OPEN), name="ledger_hold_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.state}"


class HoldLot(models.Model):
    """How much of a lot a hold put aside."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, db_index=False)
    amount = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.hold_id} {self.amount}"


class Proposal(models.Model):
    """A correction that waits for a second person, or what that person decided."""

    shop = _to("shops.Shop")
    unit = _to(Unit)
    transaction = models.OneToOneField(Transaction, on_delete=models.PROTECT)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default=OPEN)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="approved", proposed_by=models.F("decided_by")),
                name="ledger_proposal_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_id} {self.amount}"

import django.db.models.deletion
import django.db.models.expressions
import stammkunde.core.clock
from django.db import migrations, models

from stammkunde.core.append_only import protect, protect_most
from stammkunde.core.references import prove_by_statement


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("shops", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_kind", models.CharField(blank=True, max_length=20)),
                ("owner_id", models.CharField(blank=True, max_length=100)),
                ("role", models.CharField(max_length=12)),
                ("balance", models.BigIntegerField(null=True)),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Close",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                ("count", models.PositiveBigIntegerField()),
                ("sums", models.JSONField(default=dict)),
                ("latest_at", models.DateTimeField(null=True)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("closed_at", models.DateTimeField(default=stammkunde.core.clock.now)),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="shops.shop"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CloseBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("balance", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.account",
                    ),
                ),
                (
                    "close",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.close"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_kind", models.CharField(max_length=20)),
                ("owner_id", models.CharField(max_length=100)),
                ("source", models.CharField(max_length=200)),
                ("root", models.CharField(max_length=200)),
                ("state", models.CharField(default="open", max_length=8)),
                ("expires_at", models.DateTimeField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_kind", models.CharField(max_length=20)),
                ("owner_id", models.CharField(max_length=100)),
                ("source", models.CharField(max_length=200)),
                ("root", models.CharField(max_length=200)),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("earned", models.PositiveBigIntegerField()),
                ("pending", models.PositiveBigIntegerField(default=0)),
                ("available", models.PositiveBigIntegerField(default=0)),
                ("held", models.PositiveBigIntegerField(default=0)),
                ("available_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("policy", models.CharField(blank=True, max_length=80)),
                ("unit_value_minor", models.BigIntegerField(null=True)),
                (
                    "restores",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.lot",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HoldLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.PositiveBigIntegerField()),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.hold"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.lot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=200)),
                ("body_hash", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=12)),
                ("cause", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("root", models.CharField(blank=True, max_length=200)),
                ("effective_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("answer", models.JSONField()),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.transaction",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Taking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                (
                    "lot",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.lot"),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="lot",
            name="origin",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="ended",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ends",
                to="ledger.transaction",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="transaction",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
            ),
        ),
        migrations.CreateModel(
            name="Giving",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.lot"
                    ),
                ),
                (
                    "spending",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="givings",
                        to="ledger.transaction",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.account",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.lot",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="close",
            name="last",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="ledger.transaction",
            ),
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=10)),
                ("scale", models.PositiveSmallIntegerField(default=0)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("name", models.CharField(max_length=80)),
                ("four_eyes_above", models.PositiveBigIntegerField(null=True)),
                ("accounts", models.JSONField(default=dict)),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="shops.shop"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner_kind", models.CharField(max_length=20)),
                ("owner_id", models.CharField(max_length=100)),
                ("amount", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("proposed_by", models.CharField(max_length=80)),
                ("expires_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="open", max_length=8)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="shops.shop",
                    ),
                ),
                (
                    "transaction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.transaction"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.unit",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="lot",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="ledger.unit",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="ledger.unit",
            ),
        ),
        migrations.AddField(
            model_name="close",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.unit"),
        ),
        migrations.AddField(
            model_name="account",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="ledger.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(fields=["shop", "recorded_at"], name="ledger_recorded"),
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                condition=models.Q(("root", ""), _negated=True),
                fields=["shop", "root"],
                name="ledger_spent_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.UniqueConstraint(
                fields=("shop", "scope", "key"), name="ledger_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("reverses",),
                name="ledger_reversed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="ledger_entry_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("shop", "code"), name="ledger_unit_once"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("points", "status", "money", "uses", "budget", "allowance"))
                ),
                name="ledger_unit_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by", models.F("decided_by")), ("state", "approved"), _negated=True
                ),
                name="ledger_proposal_two",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["unit", "owner_kind", "owner_id"], name="ledger_lot_owner"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["unit", "root"], name="ledger_lot_root"),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("pending__gt", 0)),
                fields=["available_at"],
                name="ledger_lot_matures",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(
                    models.Q(("pending__gt", 0), ("available__gt", 0), _connector="OR"),
                    ("expires_at__isnull", False),
                ),
                fields=["expires_at"],
                name="ledger_lot_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("earned__gt", 0), ("quantity__gt", 0)), name="ledger_lot_earned"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("available__gte", 0),
                    ("held__gte", 0),
                    ("pending__gte", 0),
                    (
                        "earned__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("pending"), "+", models.F("available")
                            ),
                            "+",
                            models.F("held"),
                        ),
                    ),
                ),
                name="ledger_lot_open",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["unit", "owner_kind", "owner_id"], name="ledger_hold_owner"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["unit", "root"], name="ledger_hold_root"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["expires_at"],
                name="ledger_hold_lapses",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", None), ("state", "open")),
                    models.Q(
                        ("ended__isnull", False), ("state__in", ("captured", "released", "lapsed"))
                    ),
                    _connector="OR",
                ),
                name="ledger_hold_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="close",
            constraint=models.UniqueConstraint(fields=("unit", "until"), name="ledger_close_once"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("role", "available")),
                fields=["unit", "balance", "id"],
                name="ledger_account_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("unit", "owner_kind", "owner_id", "role"), name="ledger_account_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("balance__gte", 0), ("role__in", ("pending", "available", "held"))),
                    models.Q(("balance__lte", 0), ("role", "debt")),
                    models.Q(
                        ("balance", None),
                        (
                            "role__in",
                            (
                                "issuance",
                                "redemption",
                                "breakage",
                                "clawback",
                                "donation",
                                "adjustment",
                                "conversion",
                                "transfer",
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="ledger_account_balance",
            ),
        ),
        # What is named is never deleted: one look for all rows of a statement proves it.
        prove_by_statement(
            "ledger_entry", {"transaction_id": "ledger_transaction", "lot_id": "ledger_lot"}
        ),
        prove_by_statement("ledger_lot", {"origin_id": "ledger_transaction"}),
        # What was booked stays as it was booked.
        protect("ledger_transaction"),
        protect("ledger_entry"),
        protect("ledger_taking"),
        protect("ledger_giving"),
        protect("ledger_holdlot"),
        protect("ledger_close"),
        protect("ledger_closebalance"),
        protect_most("ledger_unit", fixed=("id", "shop_id", "code", "kind", "scale", "currency")),
        protect_most(
            "ledger_account", fixed=("id", "shop_id", "unit_id", "owner_kind", "owner_id", "role")
        ),
        protect_most(
            "ledger_lot",
            fixed=(
                "id",
                "shop_id",
                "unit_id",
                "owner_kind",
                "owner_id",
                "origin_id",
                "source",
                "root",
                "quantity",
                "earned",
                "available_at",
                "expires_at",
                "policy",
                "unit_value_minor",
                "restores_id",
            ),
        ),
        protect_most(
            "ledger_hold",
            fixed=(
                "id",
                "shop_id",
                "unit_id",
                "owner_kind",
                "owner_id",
                "source",
                "root",
                "expires_at",
                "transaction_id",
            ),
            unless="OLD.state = 'open'",
        ),
        protect_most(
            "ledger_proposal",
            fixed=(
                "id",
                "shop_id",
                "unit_id",
                "transaction_id",
                "owner_kind",
                "owner_id",
                "amount",
                "reason",
                "proposed_by",
                "expires_at",
            ),
            unless="OLD.state = 'open'",
        ),
    ]

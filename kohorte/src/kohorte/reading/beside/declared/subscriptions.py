"""Contracts: the shop's own list, and the exports of Stripe and of WooCommerce Subscriptions.

Traps: amounts are per week, month, quarter or year; a trial is not paid; a contract that was
cancelled runs on to the end of its period; one that never was paid is none.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import CUSTOMER, EMAIL, Field, FileKind, choices, said

# Months in a day and in a week of the mean year of 365.25 days.
_PER_MONTH = (
    "CASE every WHEN 'day' THEN 365.25 / 12 WHEN 'week' THEN 365.25 / 84 "
    "WHEN 'quarter' THEN 1.0 / 3 WHEN 'half-year' THEN 1.0 / 6 WHEN 'year' THEN 1.0 / 12 ELSE 1 END"
)
KIND = FileKind(
    table=tables.BESIDE["subscriptions"],
    name=Text(de="Verträge", en="Contracts"),
    row=Sentence("a contract"),
    needs=(("customer_id", "email"), ("starts_at",), ("monthly", "amount", "monthly_minor")),
    named=frozenset(
        [
            "subscriptions",
            "subscription",
            "abos",
            "abo",
            "abonnements",
            "vertraege",
            "vertrag",
            "contracts",
            "mitgliedschaften",
            "memberships",
        ]
    ),
    without=("order_id", "product_id", "unit_price"),
    fields=(
        Field(
            name="subscription_id",
            reads="id",
            telling=said(
                "subscription_id, Vertragsnummer, Vertrags-Nr, Vertragsnr, Vertrag, Abonummer, Abo-Nr, "
                "Abo-ID, Abonnementnummer, Subscription, Subscription ID, Subscription number, "
                "Contract number, Contract ID, Contract, Mitgliedsnummer, Membership ID"
            ),
            usual=said("ID, Nr, Nummer"),
        ),
        CUSTOMER,
        EMAIL,
        Field(
            name="starts_at",
            reads="instant",
            required=True,
            telling=said(
                "starts_at, Vertragsbeginn, Abobeginn, Laufzeitbeginn, Beginn der Laufzeit, Abo seit, "
                "Vertrag seit, Contract start, Subscription start, Term start"
            ),
            usual=said(
                "Start (UTC), Start, Start date, Startdatum, Beginn, Started at, Created, Created at, "
                "Erstellt am, Seit, Ab, Von"
            ),
        ),
        Field(
            name="due_at",
            reads="instant",
            telling=said(
                "due_at, Laufzeitende, Ende der Laufzeit, Vertragsende, Mindestlaufzeit bis, "
                "Current period end, Term end, Contract end, Läuft bis, Renewal date, Verlängerung am, "
                "Next payment date, Nächste Verlängerung, Next renewal"
            ),
        ),
        Field(
            name="ends_at",
            reads="instant",
            telling=said(
                "ends_at, Ended at, Beendet am, Gekündigt zum, Kündigung zum, Tatsächliches Ende, "
                "Ended, Endete am, Cancelled effective"
            ),
            usual=said("End date, Enddatum, Ende, End, Bis"),
        ),
        Field(
            name="cancelled_at",
            reads="instant",
            telling=said(
                "Canceled at, Cancelled at, Gekündigt am, Kündigungsdatum, Cancelled date, "
                "Cancellation date"
            ),
        ),
        Field(
            name="trial_ends_at",
            reads="instant",
            telling=said(
                "Trial end, Trial end date, Probezeit bis, Ende der Probezeit, Trial ends at"
            ),
        ),
        Field(
            name="monthly",
            reads="money",
            required=True,
            telling=said(
                "Monatsbetrag, Monatsbeitrag, Betrag je Monat, Betrag pro Monat, Monatlicher Betrag, "
                "Monthly amount, Amount per month, Monthly price, Monthly charges, MRR, Monatspreis, "
                "Monatliche Gebühr, Monthly fee"
            ),
        ),
        Field(
            name="amount",
            reads="money",
            required=True,
            usual=said(
                "Amount, Betrag, Preis, Price, Beitrag, Order total, Recurring total, Plan amount, "
                "Jahresbetrag, Jahresbeitrag, Yearly amount, Quartalsbetrag"
            ),
        ),
        Field(name="monthly_minor", reads="whole", required=True, usual=said("monthly_minor")),
        Field(
            name="every",
            reads="choice",
            otherwise="month",
            telling=said(
                "Interval, Billing period, Intervall, Zahlungsintervall, Abrechnungszeitraum, "
                "Zahlweise, Turnus, Billing interval unit, Billing cycle, Plan interval"
            ),
            choices=choices(
                **{
                    "day": "Tag, täglich, daily, days",
                    "week": "Woche, wöchentlich, weekly, weeks",
                    "month": "Monat, monatlich, monthly, months, Monate",
                    "quarter": "Quartal, vierteljährlich, quarterly, quartalsweise, 3 Monate, 3 months",
                    "half-year": "Halbjahr, halbjährlich, half-yearly, 6 Monate, 6 months, semiannual",
                    "year": "Jahr, jährlich, yearly, annual, annually, years, 12 Monate, 12 months",
                }
            ),
        ),
        Field(
            name="every_count",
            reads="number",
            telling=said("Interval count, Billing interval, Anzahl Intervalle"),
        ),
        Field(name="quantity", reads="number", usual=said("Quantity, Menge, Anzahl")),
        Field(
            name="state",
            reads="choice",
            usual=said("Status, State, Subscription status, Zustand, Vertragsstatus, Abostatus"),
            choices=choices(
                never="Incomplete, Incomplete expired, Trash, Draft, Entwurf, Pending, Auto draft",
            ),
        ),
        Field(
            name="reason",
            reads="text",
            telling=said("Kündigungsgrund, Cancellation reason, Cancel reason, Churn reason"),
            usual=said("reason, Grund"),
        ),
        Field(name="currency", reads="code", usual=said("currency, Währung, Currency code")),
    ),
    made={
        "starts_at": "greatest(starts_at, coalesce(trial_ends_at, starts_at))",
        "ends_at": "coalesce(ends_at, CASE WHEN cancelled_at IS NOT NULL "
        "THEN greatest(cancelled_at, coalesce(due_at, cancelled_at)) END)",
        "monthly_minor": "coalesce(monthly_minor, monthly, round(amount * coalesce(quantity, 1) "
        f"/ greatest(coalesce(every_count, 1), 1) * {_PER_MONTH}))",
    },
    left_out={
        "state = 'never'": Sentence(
            "Contracts that never began, as their status says, were left out: {count}."
        ),
        "coalesce(ends_at, cancelled_at) <= trial_ends_at": Sentence(
            "Contracts that ended within their trial, before anything was paid, were left out: {count}."
        ),
    },
    same=("subscription_id", "starts_at"),
    assumed={"every": "month"},
    day="starts_at",
)

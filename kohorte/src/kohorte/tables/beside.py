"""The tables beside the orders: costs, contracts, answers, spend, leads, tickets, referrals, returns,
deliveries.

Each may be missing; what needs it then says which file would fill it.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.tables.table import Table, column

PRODUCTS = Table(
    "products",
    Text(de="Eine Zeile je Artikel mit seinen Kosten.", en="One row per product with its cost."),
    (
        column("product_id", "VARCHAR", "Artikelnummer", "product number", nullable=False),
        column("product", "VARCHAR", "Artikelname", "product name"),
        column("category", "VARCHAR", "Warengruppe", "category"),
        column(
            "unit_cost",
            "DECIMAL(18,6)",
            "Einstandskosten je Stück, in Hauptwährung (Euro)",
            "cost per unit in major units (euros)",
        ),
    ),
    unique="product_id",
)
SUBSCRIPTIONS = Table(
    "subscriptions",
    Text(
        de="Eine Zeile je Vertrag und Laufzeit mit gleichem Monatsbetrag; eine Verlängerung oder "
        "Änderung ist eine neue Zeile desselben Vertrags.",
        en="One row per contract and term at one monthly amount; a renewal or a change is a new row "
        "of the same contract.",
    ),
    (
        column("subscription_id", "VARCHAR", "Vertragsnummer", "contract number", nullable=False),
        column("customer_id", "VARCHAR", "Kundennummer", "customer number", nullable=False),
        column("starts_at", "TIMESTAMP", "Beginn in UTC", "start in UTC", nullable=False),
        column(
            "due_at",
            "TIMESTAMP",
            "Ende der vereinbarten Laufzeit in UTC; leer ohne feste Laufzeit",
            "end of the agreed term in UTC; empty without a fixed term",
        ),
        column(
            "ends_at",
            "TIMESTAMP",
            "tatsächliches Ende in UTC, ab dem nichts mehr bezahlt wird; leer, solange sie läuft",
            "actual end in UTC, from which on nothing is paid; empty while it runs",
        ),
        column(
            "monthly_minor",
            "BIGINT",
            "Betrag je Monat in kleinster Einheit (Cent)",
            "amount per month in minor units (cents)",
            nullable=False,
        ),
        column(
            "reason",
            "VARCHAR",
            "warum sie endete, etwa gekündigt oder Zahlung fehlgeschlagen",
            "why it ended, such as cancelled or payment failed",
        ),
    ),
)
RESPONSES = Table(
    "responses",
    Text(
        de="Eine Zeile je Antwort auf eine Frage einer Umfrage.",
        en="One row per answer to one question of a survey.",
    ),
    (
        column(
            "response_id", "VARCHAR", "Nummer der Antwort", "number of the answer", nullable=False
        ),
        column("customer_id", "VARCHAR", "Kundennummer", "customer number"),
        column("answered_at", "TIMESTAMP", "Zeitpunkt in UTC", "instant in UTC", nullable=False),
        column(
            "question",
            "VARCHAR",
            "Art der Frage: `nps`, `csat`, `ces` oder `leaving`",
            "kind of question: `nps`, `csat`, `ces` or `leaving`",
            nullable=False,
        ),
        column("score", "DECIMAL(9,3)", "angekreuzter Wert", "score given"),
        column("lowest", "DECIMAL(9,3)", "kleinster möglicher Wert", "lowest score there is"),
        column("highest", "DECIMAL(9,3)", "größter möglicher Wert", "highest score there is"),
        column(
            "weight",
            "DOUBLE",
            "Gewicht der Antwort; leer heißt 1",
            "weight of the answer; empty means 1",
        ),
        column("answer", "VARCHAR", "Antwort in Worten", "answer in words"),
        column("ticket_id", "VARCHAR", "Nummer des Gesprächs", "number of the conversation"),
    ),
    unique="response_id",
)
SPEND = Table(
    "spend",
    Text(
        de="Eine Zeile je Ausgabe mit Kanal und Zweck.",
        en="One row per expense with its channel and purpose.",
    ),
    (
        column(
            "starts_on",
            "DATE",
            "erster Tag, für den sie gilt",
            "first day it is for",
            nullable=False,
        ),
        column(
            "ends_on",
            "DATE",
            "letzter Tag, für den sie gilt; sie verteilt sich gleichmäßig auf die Tage",
            "last day it is for; it spreads evenly over the days",
            nullable=False,
        ),
        column(
            "purpose",
            "VARCHAR",
            "Zweck: `acquisition`, `retention`, `sales` oder `service`",
            "purpose: `acquisition`, `retention`, `sales` or `service`",
            nullable=False,
        ),
        column("channel", "VARCHAR", "Kanal, etwa Suchanzeigen", "channel, such as search ads"),
        column(
            "amount_minor",
            "BIGINT",
            "Betrag in kleinster Einheit (Cent)",
            "amount in minor units (cents)",
            nullable=False,
        ),
    ),
)
LEADS = Table(
    "leads",
    Text(de="Eine Zeile je Interessent.", en="One row per lead."),
    (
        column(
            "lead_id", "VARCHAR", "Nummer des Interessenten", "number of the lead", nullable=False
        ),
        column("created_at", "TIMESTAMP", "Zeitpunkt in UTC", "instant in UTC", nullable=False),
        column("channel", "VARCHAR", "Kanal", "channel"),
        column(
            "qualified",
            "BOOLEAN",
            "ob er qualifiziert ist",
            "whether it is qualified",
            nullable=False,
        ),
        column(
            "customer_id",
            "VARCHAR",
            "Kundennummer, sobald er gekauft hat",
            "customer number once it has bought",
        ),
    ),
    unique="lead_id",
)
TICKETS = Table(
    "tickets",
    Text(
        de="Eine Zeile je Anfrage an den Kundenservice.",
        en="One row per request to customer service.",
    ),
    (
        column(
            "ticket_id", "VARCHAR", "Nummer der Anfrage", "number of the request", nullable=False
        ),
        column("customer_id", "VARCHAR", "Kundennummer", "customer number"),
        column("opened_at", "TIMESTAMP", "Eingang in UTC", "opened, in UTC", nullable=False),
        column("answered_at", "TIMESTAMP", "erste Antwort in UTC", "first answer, in UTC"),
        column("solved_at", "TIMESTAMP", "gelöst in UTC", "solved, in UTC"),
        column(
            "contacts",
            "INTEGER",
            "wie oft der Kunde sich melden musste; 1 heißt beim ersten Kontakt gelöst",
            "how often the customer had to get in touch; 1 means solved at first contact",
        ),
        column("channel", "VARCHAR", "Kanal", "channel"),
        column("reason", "VARCHAR", "Grund", "reason"),
    ),
    unique="ticket_id",
)
REFERRALS = Table(
    "referrals",
    Text(
        de="Eine Zeile je Bestellung, die auf eine Empfehlung zurückgeht.",
        en="One row per order that goes back to a referral.",
    ),
    (
        column("order_id", "VARCHAR", "empfohlene Bestellung", "referred order", nullable=False),
        column(
            "referrer_id",
            "VARCHAR",
            "Kundennummer dessen, der empfohlen hat",
            "customer number of who referred it",
        ),
    ),
    unique="order_id",
)
RETURNS = Table(
    "returns",
    Text(
        de="Eine Zeile je zurückgesandtem Artikel oder stornierter Bestellung mit dem Grund.",
        en="One row per returned product or cancelled order with its reason.",
    ),
    (
        column(
            "return_id", "VARCHAR", "Nummer der Retoure", "number of the return", nullable=False
        ),
        column("order_id", "VARCHAR", "Bestellnummer", "order number", nullable=False),
        column("product_id", "VARCHAR", "Artikelnummer", "product number"),
        column("quantity", "DECIMAL(18,3)", "Menge", "quantity"),
        column("returned_at", "TIMESTAMP", "Zeitpunkt in UTC", "instant in UTC", nullable=False),
        column(
            "kind",
            "VARCHAR",
            "`return` für eine Retoure, `cancellation` für eine Stornierung",
            "`return` or `cancellation`",
            nullable=False,
        ),
        column("reason", "VARCHAR", "Grund", "reason"),
    ),
    unique="return_id",
)
DELIVERIES = Table(
    "deliveries",
    Text(
        de="Eine Zeile je Sendung einer Bestellung: wann sie abging, ankam und ankommen sollte.",
        en="One row per parcel of an order: when it left, when it arrived and when it was to arrive.",
    ),
    (
        column(
            "delivery_id", "VARCHAR", "Nummer der Sendung", "number of the parcel", nullable=False
        ),
        column("order_id", "VARCHAR", "Bestellnummer", "order number", nullable=False),
        column("shipped_at", "TIMESTAMP", "versandt in UTC", "sent, in UTC"),
        column("delivered_at", "TIMESTAMP", "angekommen in UTC", "arrived, in UTC"),
        column("promised_at", "TIMESTAMP", "zugesagt für, in UTC", "promised for, in UTC"),
    ),
    unique="delivery_id",
)
BESIDE = {
    table.name: table
    for table in (
        PRODUCTS, SUBSCRIPTIONS, RESPONSES, SPEND, LEADS, TICKETS, REFERRALS, RETURNS, DELIVERIES,
    )
}  # fmt: skip

"""What was left out, by reason, and the words for each reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kohorte.engine import Engine
from kohorte.errors import UnknownNameError
from kohorte.language import Text
from kohorte.results import Exclusion, Listing

REASONS: dict[str, tuple[Text, Text]] = {
    "seen_in_another_file": (
        Text(de="Doppelt in einer anderen Datei", en="Seen in another file"),
        Text(
            de="Dieselbe Bestellung oder Erstattung steht in mehreren Dateien; sie zählt einmal, "
            "aus der Datei, die weiter reicht.",
            en="The same order or refund is in several files; it counts once, from the file that "
            "runs further.",
        ),
    ),
    "seen_twice": (
        Text(de="Zeile doppelt", en="Row repeated"),
        Text(
            de="Dieselbe Bestellung, Erstattung oder nummerierte Zeile steht mehrfach da; sie zählt einmal.",
            en="The same order, refund or numbered row stands there more than once; it counts once.",
        ),
    ),
    "cancellation": (
        Text(de="Storno-Beleg", en="Cancellation"),
        Text(
            de="Belege, die frühere Bestellungen zurücknehmen, ohne sie zu nennen; sie stehen bei "
            "den Erstattungen.",
            en="Documents that take back earlier orders without naming them; they are among the "
            "refunds.",
        ),
    ),
    "refund": (
        Text(de="Erstattung ohne Bestellung", en="Refund without an order"),
        Text(
            de="Die Summe des Belegs ist negativ; er steht bei den Erstattungen.",
            en="Its total is negative; it is shown with the refunds.",
        ),
    ),
    "adjustment": (
        Text(de="Buchhalterische Korrektur", en="Accounting adjustment"),
        Text(
            de="Zum Beispiel ausgebuchte Forderungen; keine Käufe.",
            en="Bad debt written off, for example; no purchases.",
        ),
    ),
    "quantity_not_positive": (
        Text(de="Menge null oder negativ", en="Quantity zero or negative"),
        Text(
            de="Lagerbuchungen und Rücknahmen ohne Storno-Beleg.",
            en="Stock bookings and take-backs without a cancellation.",
        ),
    ),
    "price_not_positive": (
        Text(de="Preis null oder negativ", en="Price zero or negative"),
        Text(
            de="Muster, Beigaben und Korrekturen ohne Preis.",
            en="Samples, gifts and corrections without a price.",
        ),
    ),
    "no_customer": (
        Text(de="Ohne Kunden", en="No customer"),
        Text(
            de="Zählt zu Bestellungen und Umsatz als „ohne Kunden“, in keiner Kundenkennzahl.",
            en="Counts as “unidentified” in orders and revenue, in no customer metric.",
        ),
    ),
    "marketplace": (
        Text(de="Käufer eines Marktplatzes", en="Buyer of a marketplace"),
        Text(
            de="Die Adressen der Käufer wechseln; zählt zu Bestellungen und Umsatz, in keiner "
            "Kundenkennzahl.",
            en="Buyers' addresses are aliases; counts in orders and revenue, in no customer metric.",
        ),
    ),
    "not_goods": (
        Text(de="Keine Ware", en="Not goods"),
        Text(
            de="Porto, Gebühren, Gutscheine und Ähnliches; auf Wunsch ausgelassen.",
            en="Postage, fees, vouchers and the like; left out on request.",
        ),
    ),
    "unreadable_row": (
        Text(de="Zeile nicht lesbar", en="Row unreadable"),
        Text(
            de="Datum oder Betrag ließ sich nicht lesen; auf Wunsch ausgelassen.",
            en="Its date or amount could not be read; left out on request.",
        ),
    ),
    "cancelled": (
        Text(de="Storniert", en="Cancelled"),
        Text(de="Der Status der Bestellung sagt es.", en="The status of the order says so."),
    ),
    "test": (
        Text(de="Testbestellung", en="Test order"),
        Text(de="Der Status der Bestellung sagt es.", en="The status of the order says so."),
    ),
    "unpaid": (
        Text(de="Nicht bezahlt", en="Not paid"),
        Text(
            de="Der Status der Bestellung sagt es, oder die Zahlungsfrist ist vorbei.",
            en="The status of the order says so, or the time to pay is over.",
        ),
    ),
    "open": (
        Text(de="Noch nicht bezahlt", en="Not paid yet"),
        Text(
            de="Auf Rechnung oder Vorkasse bestellt; auf Wunsch ausgelassen.",
            en="Ordered on invoice or prepayment; left out on request.",
        ),
    ),
    "exchange": (
        Text(de="Umtausch oder Ersatz", en="Exchange or replacement"),
        Text(
            de="Ersatz für eine frühere Bestellung, kein neuer Kauf.",
            en="Takes the place of an earlier order; no new purchase.",
        ),
    ),
    "staff": (
        Text(de="Personal", en="Staff"),
        Text(de="Ihre Regel sagt es.", en="Your rule says so."),
    ),
    "business": (
        Text(de="Geschäftskunde", en="Business customer"),
        Text(de="Ihre Regel sagt es.", en="Your rule says so."),
    ),
    "by_rule": (
        Text(de="Nach einer Regel", en="By a rule"),
        Text(
            de="Ihre Regel sagt es, oder ein Wort in einer Spalte wie „Typ“: kein Verkauf.",
            en="Your rule says so, or a word in a column such as “Type”: no sale.",
        ),
    ),
    "zero_value": (
        Text(de="Ohne Wert", en="Worth nothing"),
        Text(
            de="Der Betrag der Bestellung ist null; auf Wunsch ausgelassen.",
            en="The amount of the order is zero; left out on request.",
        ),
    ),
    "gift_card": (
        Text(de="Verkaufter Geschenkgutschein", en="Gift card sold"),
        Text(
            de="Sein Verkauf ist kein Umsatz; Umsatz ist, was später damit gekauft wird. Die "
            "Bestellung zählt.",
            en="Selling it is no revenue; what it buys later is. The order itself counts.",
        ),
    ),
    "fully_refunded": (
        Text(de="Voll erstattet", en="Fully refunded"),
        Text(
            de="Die Erstattungen erreichen den Betrag der Bestellung.",
            en="Its refunds reach the amount of the order.",
        ),
    ),
    "outside_range": (
        Text(de="Außerhalb des Zeitraums", en="Outside the range"),
        Text(
            de="Vor dem gewählten ersten oder nach dem gewählten letzten Tag.",
            en="Before the chosen first day or after the chosen last day.",
        ),
    ),
}

_ROWS = """
SELECT
  reason, scope, COUNT(*) AS rows, COUNT(DISTINCT order_id) AS orders,
  SUM(amount_minor) AS amount_minor
FROM excluded_rows
GROUP BY reason, scope
"""
_ORDERS = """
SELECT
  reason, 'everything' AS scope, COUNT(*) AS rows, COUNT(*) AS orders,
  SUM(amount_minor) AS amount_minor
FROM uncounted_orders
GROUP BY reason
"""

_EACH = """
SELECT reason, scope, file, line, order_id, customer_id, amount_minor
FROM (
  SELECT reason, scope, file, line, order_id, customer_id, amount_minor FROM excluded_rows
  UNION ALL
  SELECT reason, 'everything', NULL, NULL, order_id, customer_id, amount_minor
  FROM uncounted_orders
) AS every_row
WHERE $reason = '' OR reason = $reason
ORDER BY file NULLS LAST, line, order_id
"""


def each(engine: Engine, *, exponent: int, reason: str | None = None) -> Listing:
    """Return every row that was left out with its reason and its amount in major units.

    An order that its state or its refunds leave out has no file and line: it may be made of many.

    Raises
    ------
    UnknownNameError
        There is no such reason.
    """
    if reason is not None and reason not in REASONS:
        raise UnknownNameError(
            "There is no reason “{name}”. There are: {names}.",
            name=reason,
            names=", ".join(REASONS),
        )
    columns = ("reason", "scope", "file", "line", "order", "customer", "amount")
    found = engine.cursor(_EACH, {"reason": reason or ""}).fetchall()
    return Listing(columns, tuple((*row[:-1], _major(row[-1], exponent)) for row in found))


def _major(minor: int | None, exponent: int) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-exponent)


def by_reason(engine: Engine, *, exponent: int) -> tuple[Exclusion, ...]:
    """Return what was left out, most rows first: rows by the reader, orders by their state."""
    found = [_exclusion(row, exponent) for row in engine.rows(_ROWS) + engine.rows(_ORDERS)]
    return tuple(sorted(found, key=lambda exclusion: (-exclusion.rows, exclusion.reason)))


def _exclusion(row: Mapping[str, Any], exponent: int) -> Exclusion:
    unknown = Text(de=row["reason"], en=row["reason"])
    name, meaning = REASONS.get(row["reason"], (unknown, unknown))
    amount = row["amount_minor"]
    return Exclusion(
        reason=row["reason"],
        name=name,
        meaning=meaning,
        scope=row["scope"],
        rows=int(row["rows"]),
        orders=int(row["orders"]),
        amount=None if amount is None else float(amount) / 10**exponent,
    )

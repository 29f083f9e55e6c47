"""What the words of a status column say about an order: German, English, and neighbors' usual ones.

Words are written as `words.normal` writes them. A word that says that an order was placed and is
not paid yet makes it `open`; one that says that it never was, or failed to be, makes it `unpaid`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


_STATES: Mapping[str, tuple[str, ...]] = {
    "cancelled": _phrases(
        "cancelled, canceled, cancellation, voided, void, storniert, storno, abgebrochen, "
        "annulliert, widerrufen, rejected, abgelehnt, declined, deleted, geloescht, draft, entwurf, "
        "cancelled by customer, canceled by customer, vom kunden storniert, denied, cancel, annule, "
        "annulee, annullato, annullata, cancelado, cancelada, anulado, anulada, geannuleerd"
    ),
    "test": _phrases("test, test order, testbestellung, testauftrag, testkauf"),
    "staff": _phrases(
        "staff, staff order, employee, employee order, mitarbeiter, mitarbeiterbestellung, "
        "mitarbeiterkauf, personalkauf"
    ),
    "exchange": _phrases(
        "exchange, replacement, replacement order, umtausch, ersatz, ersatzlieferung, "
        "ersatzbestellung, ersatzauftrag"
    ),
    "unpaid": _phrases(
        "unpaid, unbezahlt, nicht bezahlt, not paid, failed, fehlgeschlagen, expired, abgelaufen, "
        "payment failed, zahlung fehlgeschlagen, abandoned, zahlungsausfall, payment error, "
        "zahlungsfehler, uncollectible, written off, ausgebucht"
    ),
    "open": _phrases(
        "open, offen, pending, awaiting payment, pending payment, payment pending, payment due, "
        "payment review, zahlung ausstehend, zahlung offen, zahlung in pruefung, offene zahlung, "
        "offene rechnung, rechnung offen, on hold, onhold, holded, in wartestellung, wartestellung, "
        "authorized, authorised, autorisiert, ausstehend, outstanding, reminded, gemahnt, mahnung, "
        "in mahnung, ueberfaellig, overdue, past due"
    ),
    "refunded": _phrases(
        "refunded, fully refunded, erstattet, rueckerstattet, voll erstattet, "
        "vollstaendig erstattet, returned, retourniert, zurueckgegeben, chargeback, rembourse, "
        "remboursee, rimborsato, rimborsata, reembolsado, reembolsada, terugbetaald"
    ),
}
PARTLY = "partly_refunded"
_PARTLY_REFUNDED = _phrases(
    "partially refunded, partly refunded, teilweise erstattet, teilerstattet, partial refund"
)
# “Waiting for payment by bank transfer”, in as many words as shops have for it.
_WAITS = re.compile(
    r"(?:awaiting|waiting for|wartet? auf|warten auf)\b.*"
    r"(?:payment|zahlung|ueberweisung|scheck|vorkasse|geldeingang)"
)
# Of a payment they say that it is due, of an order perhaps only that it was not sent yet.
DOUBTFUL = _phrases("open, offen, pending, ausstehend")
OF_PAYMENT = re.compile(r"zahl|pay|financ|rechnung|invoice|billing")
# Words of orders that surely count. Others count as well, but are asked about.
_COUNTED = frozenset(
    _phrases(
        "paid, bezahlt, fully paid, vollstaendig bezahlt, komplett bezahlt, partially paid, "
        "teilweise bezahlt, teilbezahlt, payment accepted, payment received, payment complete, "
        "remote payment accepted, zahlung eingegangen, zahlung erhalten, zahlung akzeptiert, "
        "zahlung bestaetigt, captured, settled, succeeded, success, successful, erfolgreich, "
        "completed, complete, abgeschlossen, erfolgreich abgeschlossen, vollstaendig, erledigt, "
        "done, finished, fertig, ok, "
        "shipped, partially shipped, unshipped, versendet, versandt, verschickt, teilversendet, "
        "teilweise versendet, teilversandt, teillieferung, teilgeliefert, teilweise geliefert, "
        "delivered, geliefert, ausgeliefert, zugestellt, in transit, unterwegs, out for delivery, "
        "in zustellung, versand, in versand, im versand, shipping, dispatched, ready to ship, "
        "versandbereit, versandfertig, versand vorbereitet, wird versendet, ready for pickup, "
        "abholbereit, picked up, abgeholt, fulfilled, partially fulfilled, unfulfilled, "
        "awaiting fulfillment, awaiting shipment, awaiting pickup, warten auf versand, packed, "
        "gepackt, verpackt, kommissioniert, processing, processed, in progress, in process, "
        "in bearbeitung, wird bearbeitet, bearbeitung, bearbeitet, preparation in progress, "
        "processing in progress, in vorbereitung, in production, in produktion, on backorder paid, "
        "confirmed, bestaetigt, accepted, angenommen, approved, genehmigt, freigegeben, released, "
        "placed, ordered, bestellt, received, eingegangen, new, neu, neue bestellung, invoiced, "
        "fakturiert, berechnet, in rechnung gestellt, rechnung erstellt, exported, exportiert, "
        "uebertragen, importiert, verbucht, gebucht, active, aktiv, valid, gueltig, counted, "
        "warenausgang gebucht, freigabe versand, sale, sales order, paid out, paidout, paye, payee, livre, livree, expedie, expediee, termine, "
        "terminee, pagado, pagada, entregado, enviado, completado, pagato, spedito, consegnato, "
        "completato, betaald, verzonden, geleverd, afgerond, pago, entregue, autorizada, aprovado, "
        "concluido"
    )
)


# “[8] Storniert”, “7.1 Versendet”: systems write the number of a state before its name.
_NUMBER = re.compile(r"(?:\d+ )+(?=\D)")


def state(text: str) -> str | None:
    """Return the state that a word is known to speak of, None if nobody knows it.

    >>> state("8 storniert"), state("completed shipped"), state("processing awaiting payment")
    ('cancelled', 'counted', 'open')
    """
    text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    return _state(text) or _of_parts(text.split())


def _of_parts(words: list[str]) -> str | None:
    """Return what two states in one word say: both count, or the second waits for the payment."""
    for place in range(1, len(words)):
        first, rest = _state(" ".join(words[:place])), " ".join(words[place:])
        if first == "counted" and (_state(rest) == "counted" or _WAITS.match(rest)):
            return _state(rest)
    return None


def _state(text: str) -> str | None:
    if text in _PARTLY_REFUNDED:
        return PARTLY
    for name, phrases in _STATES.items():
        if text in phrases:
            return name
    if text in _COUNTED:
        return "counted"
    return "open" if _WAITS.match(text) else None

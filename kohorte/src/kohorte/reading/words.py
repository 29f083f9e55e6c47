"""The words by which columns and states are known, in German and English.

Headers are compared after `normal`: lower case, umlauts written out, one blank between words. A
header equal to a phrase scores the phrase's weight, one that contains it a little less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kohorte.reading.options import Meaning

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"})
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def normal(header: str) -> str:
    """Write a header the way phrases are written here.

    >>> normal("Kunden-Nr."), normal("InvoiceDate"), normal("Stückpreis (€)")
    ('kunden nr', 'invoice date', 'stueckpreis')
    """
    spread = _HUMP.sub(" ", header).lower().translate(_UMLAUTS)
    return " ".join(re.findall(r"[a-z0-9]+", spread))


def compact(header: str) -> str:
    """Write a header without anything between its words: `Customer ID` is `customerid`."""
    return normal(header).replace(" ", "")


def _weigh(weight: float, phrases: str) -> dict[str, float]:
    return {phrase.strip(): weight for phrase in phrases.split(",")}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PHRASES: Mapping[Meaning, Mapping[str, float]] = {
    "order_id": _weigh(
        1.0,
        "order id, order number, order no, order nr, order, orderid, ordernumber, invoice, "
        "invoice no, invoice number, invoice id, bestellnummer, bestellnr, bestell nr, bestell id, "
        "bestellung, auftragsnummer, auftragsnr, auftrags nr, auftrag, rechnungsnummer, "
        "rechnungsnr, rechnungs nr, rechnung, transaction id, transaktionsnummer, "
        "transaktions id, purchase id, order ref, order reference, increment id",
    )
    | _weigh(
        0.8,
        "belegnummer, belegnr, beleg nr, beleg, vorgangsnummer, vorgang, receipt, "
        "receipt no, receipt number, bonnummer, bon nr, basket id, sale id, transaction",
    )
    | _weigh(0.6, "id, nr, nummer, number, no, reference, referenz"),
    "customer_id": _weigh(
        1.0,
        "customer id, customer number, customer no, customer nr, customerid, customer, cust id, "
        "client id, client number, kundennummer, kundennr, kunden nr, kundenid, kunden id, kunde, "
        "kd nr, kdnr, kundenkennung, kundenschluessel, buyer id, user id, member id, debitor, "
        "debitorennummer, debitor nr, debitoren nr, account id, shopper id, household key",
    )
    | _weigh(
        0.8,
        "client, buyer, user, userid, kaeufer, kaeufernummer, mitglied, "
        "mitgliedsnummer, account, customer key, customer code, kundencode, besteller",
    ),
    "email": _weigh(
        1.0,
        "email, e mail, mail, email address, e mail address, customer email, customer e mail, "
        "email adresse, e mail adresse, mailadresse, kunden email, kunden e mail, kundenmail, "
        "billing email, contact email, buyer email, emailadresse",
    ),
    "date": _weigh(
        1.0,
        "order date, date, invoice date, order datetime, order time, datetime, bestelldatum, "
        "datum, auftragsdatum, rechnungsdatum, kaufdatum, bestellzeitpunkt, bestellt am, "
        "placed at, placed on, ordered at, ordered on, purchase date, purchased at, purchased on, "
        "created at, order created at, transaction date, date of purchase, order timestamp, "
        "order placed, order placed at, date created",
    )
    | _weigh(
        0.8,
        "timestamp, created, erstellt am, erstellt, angelegt am, erstelldatum, "
        "created on, eingangsdatum, belegdatum, zeitpunkt, zeitstempel, date added, "
        "creation date, buchungsdatum, transaction time, verkaufsdatum, sale date, time, zeit",
    )
    | _weigh(0.6, "day, tag"),
    "amount": _weigh(
        1.0,
        "amount, total, order total, grand total, total amount, order amount, order value, "
        "revenue, sales, total price, betrag, gesamtbetrag, gesamtsumme, summe, umsatz, "
        "bestellwert, bestellsumme, warenwert, rechnungsbetrag, gesamtpreis, gesamt, "
        "total paid, amount total, purchase amount, order sum, invoice amount, order revenue, "
        "auftragswert, auftragssumme, einkaufswert",
    )
    | _weigh(
        0.9,
        "line total, line amount, item total, zeilensumme, positionswert, "
        "positionssumme, zeilenbetrag, positionsbetrag, extended price",
    )
    | _weigh(
        0.8,
        "subtotal, sub total, zwischensumme, value, wert, net amount, gross amount, "
        "net sales, nettobetrag, bruttobetrag, netto, brutto, net, gross, nettoumsatz, "
        "bruttoumsatz, spend, spent, dollar value, turnover, payment amount, endbetrag",
    ),
    "amount_minor": _weigh(
        1.0,
        "amount minor, total minor, amount cents, total cents, amount in cents, betrag cent, "
        "betrag in cent, price cents, total in cents, summe cent",
    ),
    "quantity": _weigh(
        1.0,
        "quantity, qty, units, menge, anzahl, stueck, stueckzahl, item quantity, order quantity, "
        "lineitem quantity, qty ordered, quantity ordered, bestellmenge, artikelmenge, "
        "quantity sold, units sold",
    )
    | _weigh(
        0.8,
        "pieces, pcs, count, items, item count, number of items, positionsmenge, "
        "anzahl artikel, artikelanzahl, number of cds, cds, total items, total quantity",
    ),
    "unit_price": _weigh(
        1.0,
        "unit price, unitprice, price per unit, price each, item price, lineitem price, "
        "einzelpreis, stueckpreis, artikelpreis, preis pro stueck, preis je stueck, unit cost, "
        "selling price, verkaufspreis, vk preis, product price",
    )
    | _weigh(0.8, "price, preis, ep, vk"),
    "product_id": _weigh(
        1.0,
        "product id, product code, product no, product number, sku, stock code, stockcode, "
        "article number, article no, article id, item id, item number, item code, lineitem sku, "
        "artikelnummer, artikelnr, artikel nr, art nr, artnr, artikel id, artikelcode, "
        "produktnummer, produkt id, produktnr, ean, gtin, asin, product sku, variant id",
    ),
    "product": _weigh(
        1.0,
        "product, product name, product title, item name, item, lineitem name, description, "
        "product description, article, artikel, artikelname, artikelbezeichnung, produkt, "
        "produktname, produktbezeichnung, bezeichnung, beschreibung, artikelbeschreibung, "
        "item description, title",
    ),
    "country": _weigh(
        1.0,
        "country, country code, land, laendercode, laenderkuerzel, billing country, "
        "customer country, rechnungsland, kundenland, country name, land rechnungsadresse",
    )
    | _weigh(0.8, "shipping country, lieferland, ship country, delivery country"),
    "currency": _weigh(
        1.0,
        "currency, currency code, waehrung, waehrungscode, order currency, waehrungskuerzel, "
        "presentment currency, currency iso, iso waehrung",
    ),
    "status": _weigh(
        1.0,
        "status, order status, bestellstatus, auftragsstatus, state, order state, zustand, "
        "orderstatus",
    )
    | _weigh(0.8, "financial status, payment status, zahlungsstatus, bezahlstatus"),
    "refund": _weigh(
        1.0,
        "refund, refund amount, refunded amount, refunded, total refunded, amount refunded, "
        "erstattung, erstattet, erstattungsbetrag, rueckerstattung, rueckzahlung, gutschrift, "
        "gutschriftbetrag, erstatteter betrag, refund total, retourenwert",
    ),
    "paid_at": _weigh(
        1.0,
        "paid at, paid on, date paid, payment date, paid date, zahlungsdatum, bezahlt am, "
        "zahlungseingang, gezahlt am, zahldatum",
    ),
    "tax": _weigh(
        1.0,
        "tax, taxes, tax amount, total tax, tax total, vat, vat amount, sales tax, order tax, "
        "steuer, steuerbetrag, steuern, mwst, mwst betrag, ust, ust betrag, umsatzsteuer, "
        "mehrwertsteuer, mehrwertsteuerbetrag",
    ),
    "postage": _weigh(
        1.0,
        "shipping, shipping cost, shipping costs, shipping amount, shipping total, shipping price, "
        "shipping fee, postage, delivery cost, delivery fee, freight, versand, versandkosten, "
        "porto, portokosten, lieferkosten, frachtkosten",
    ),
}

# Words that tell a header apart from the meaning which its other words suggest.
FOREIGN_WORDS: Mapping[Meaning, frozenset[str]] = {
    "customer_id": _words(
        "name vorname nachname firstname lastname first last group gruppe country land email mail "
        "phone telefon street strasse city ort zip plz note notes notiz type typ art since seit "
        "segment age alter gender address adresse company firma comment kommentar agent service "
        "ip birthday geburtsdatum tags tag total orders number_of"
    ),
    "date": _words(
        "ship shipped shipping delivery delivered liefer lieferung lieferdatum versand birth "
        "geburt due faellig update updated geaendert modified cancelled storno refunded last "
        "letzte first erste fulfilled delivered expiry"
    ),
    "amount": _words(
        "tax taxes steuer mwst ust vat shipping versand versandkosten discount rabatt refund "
        "refunded erstattet erstattung fee gebuehr cost costs kosten items orders quantity menge "
        "weight gewicht points punkte due paid outstanding"
    ),
    "unit_price": _words("compare original old uvp rrp msrp total gesamt tax"),
    "order_id": _words(
        "date datum status total value wert quantity menge customer kunde item line position "
        "zeile row currency priority time count amount source type channel note name"
    ),
    "quantity": _words("refunded returned cancelled shipped price value"),
    "status": _words("fulfillment fulfilment shipping delivery versand versandstatus code"),
    "refund": _words("date datum id reason grund status"),
    "product": _words(
        "category kategorie id type typ group gruppe line brand marke payment zahlungsart shipping "
        "versandart method customer kunde job"
    ),
    "product_id": _words(""),
    "country": _words("id"),
    "currency": _words("rate kurs"),
    "email": _words("marketing optin newsletter accepts"),
    "amount_minor": _words(""),
    "paid_at": _words("amount betrag status"),
    "tax": _words("rate satz class klasse id percent prozent number nummer name shipping versand"),
    "postage": _words(
        "method art status address adresse date datum tax steuer mwst discount rabatt name country "
        "land city ort zip plz id nummer number company phone"
    ),
}

GERMAN = _words(
    "datum kunde kundennummer kundennr kunden bestellung bestellnummer bestellnr betrag menge "
    "anzahl preis einzelpreis waehrung land artikel artikelnummer umsatz summe gesamt auftrag "
    "auftragsnummer rechnung rechnungsnummer rechnungsdatum bestelldatum kaufdatum nr tag wert "
    "bestellwert warenwert zahlungsstatus bestellstatus bezeichnung stueck"
)

# What the words of a status column say about an order. Everything else is counted.
STATES: Mapping[str, tuple[str, ...]] = {
    "cancelled": (
        "cancelled",
        "canceled",
        "cancellation",
        "voided",
        "void",
        "storniert",
        "storno",
        "abgebrochen",
        "annulliert",
        "widerrufen",
        "rejected",
        "abgelehnt",
        "declined",
        "deleted",
        "geloescht",
        "draft",
        "entwurf",
    ),
    "test": ("test", "test order", "testbestellung", "testauftrag"),
    "unpaid": (
        "unpaid",
        "unbezahlt",
        "nicht bezahlt",
        "not paid",
        "failed",
        "fehlgeschlagen",
        "expired",
        "abgelaufen",
        "payment failed",
        "zahlung fehlgeschlagen",
        "abandoned",
        "zahlungsausfall",
        "payment error",
        "uncollectible",
        "written off",
        "ausgebucht",
    ),
    "refunded": (
        "refunded",
        "fully refunded",
        "erstattet",
        "rueckerstattet",
        "voll erstattet",
        "vollstaendig erstattet",
        "returned",
        "retourniert",
        "zurueckgegeben",
        "chargeback",
    ),
}
PARTLY_REFUNDED = ("partially refunded", "teilweise erstattet", "teilerstattet", "partial refund")

# Texts that stand for an empty cell.
MISSING = ("", "nan", "null", "none", "n/a", "na", "#n/a", "nat", "-", "<na>", "\\n")

"""The phrases by which headers name meanings, in German and English, with their weights.

Phrases are written as `words.normal` writes headers. A header equal to a phrase scores its weight.
Where several columns of one file may mean the same, the likelier one has the higher weight: what
a customer paid before what is left without taxes, the order's number before the payment's.
"""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.reading.meaning.words import words_of
from kohorte.reading.options import Meaning


def weigh(weight: float, phrases: str) -> dict[str, float]:
    """Give each of the phrases, which commas part, the same weight."""
    return {phrase.strip(): weight for phrase in phrases.split(",")}


PHRASES: Mapping[Meaning, Mapping[str, float]] = {
    "order_id": weigh(
        1.0,
        "order id, order number, order no, order nr, order, orderid, ordernumber, bestellnummer, "
        "bestellnr, bestell nr, bestell id, bestellung, auftragsnummer, auftragsnr, auftrags nr, "
        "auftrag, purchase id, order ref, order reference, increment id, order key, order name, "
        "sales order, sales order number, sales order id, id order",
    )
    | weigh(
        0.95,
        "invoice, invoice no, invoice number, invoice id, rechnungsnummer, rechnungsnr, "
        "rechnungs nr, rechnung, rechnungs id",
    )
    | weigh(
        0.9,
        "transaction id, transaktionsnummer, transaktions id, transaktionscode, transaction code, "
        "transaction number",
    )
    | weigh(
        0.8,
        "belegnummer, belegnr, beleg nr, beleg, vorgangsnummer, vorgang, receipt, payment id, "
        "receipt no, receipt number, bonnummer, bon nr, basket id, sale id, transaction, txn id, "
        "document number, document no, belege id, beleg id, voucher no, checkout id, "
        "sales document, tid",
    )
    | weigh(0.6, "id, nr, nummer, number, no, reference, referenz"),
    "customer_id": weigh(
        1.0,
        "customer id, customer number, customer no, customer nr, customerid, customer, cust id, "
        "client id, client number, kundennummer, kundennr, kunden nr, kundenid, kunden id, kunde, "
        "kd nr, kdnr, kundenkennung, kundenschluessel, buyer id, user id, member id, debitor, "
        "debitorennummer, debitor nr, debitoren nr, account id, shopper id, household key, "
        "buyer user id, kundenkonto, kundenkontonummer, kunden konto, customer key, shopper, "
        "id customer, sold to party, sold to, sell to customer no, bill to customer no",
    )
    | weigh(
        0.8,
        "client, buyer, user, userid, kaeufer, kaeufernummer, mitglied, "
        "mitgliedsnummer, account, customer code, kundencode, besteller, partner id, "
        "geschaeftspartner, adressnummer, adress nr, adressnr, adress id, adressen id, address id, "
        "buyer username, user name, username, contact id, retailer id, partner, cid, cust",
    ),
    "email": weigh(
        1.0,
        "email, e mail, mail, email address, e mail address, customer email, customer e mail, "
        "email adresse, e mail adresse, mailadresse, kunden email, kunden e mail, kundenmail, "
        "billing email, contact email, buyer email, emailadresse, purchase email, user email, "
        "from email address, absender e mail adresse, payer email",
    ),
    "date": weigh(
        1.0,
        "order date, date, invoice date, order datetime, order time, datetime, bestelldatum, "
        "datum, auftragsdatum, rechnungsdatum, kaufdatum, bestellzeitpunkt, bestellt am, "
        "placed at, placed on, ordered at, ordered on, purchase date, purchased at, purchased on, "
        "created at, order created at, transaction date, date of purchase, order timestamp, "
        "order placed, order placed at, date created, order purchase timestamp, date order, "
        "date time, order created time",
    )
    | weigh(
        0.8,
        "timestamp, created, erstellt am, erstellt, angelegt am, erstelldatum, event time, "
        "created on, eingangsdatum, belegdatum, zeitpunkt, zeitstempel, date added, tran date, "
        "creation date, buchungsdatum, transaction time, verkaufsdatum, sale date, sales date, "
        "time, zeit",
    )
    | weigh(0.6, "day, tag"),
    "amount": weigh(
        1.0,
        "amount, total, order total, grand total, total amount, order amount, "
        "revenue, sales, total price, betrag, gesamtbetrag, gesamtsumme, summe, umsatz, "
        "bestellsumme, rechnungsbetrag, rechnungssumme, gesamtpreis, gesamt, "
        "total paid, amount total, purchase amount, order sum, invoice amount, order revenue, "
        "auftragssumme, invoice total, total sales, sales amount",
    )
    | weigh(0.95, "order value, bestellwert, warenwert, auftragswert, einkaufswert")
    | weigh(
        0.9,
        "line total, line amount, item total, zeilensumme, positionswert, total collected, "
        "amount including vat, amount incl vat, total incl tax, total inc tax, total incl vat, "
        "total including tax, betrag inkl mwst, gesamt inkl mwst, summe inkl mwst, "
        "positionssumme, zeilenbetrag, positionsbetrag, extended price, sales value",
    )
    | weigh(
        0.85,
        "gross amount, bruttobetrag, brutto, gross, bruttoumsatz, gross sales, gross total, "
        "endbetrag, payment amount, payment value, gross value",
    )
    | weigh(0.82, "sale price, sales price")
    | weigh(
        0.8,
        "subtotal, sub total, zwischensumme, value, wert, net amount, net sales, nettobetrag, "
        "netto, net, nettoumsatz, net total, net value, spend, spent, dollar value, turnover, received",
    ),
    "amount_minor": weigh(
        1.0,
        "amount minor, total minor, amount cents, total cents, amount in cents, betrag cent, "
        "betrag in cent, price cents, total in cents, summe cent",
    ),
    "quantity": weigh(
        1.0,
        "quantity, qty, units, menge, anzahl, stueck, stueckzahl, item quantity, order quantity, "
        "lineitem quantity, qty ordered, quantity ordered, bestellmenge, artikelmenge, "
        "quantity sold, units sold, transaction qty",
    )
    | weigh(
        0.8,
        "pieces, pcs, count, items, item count, number of items, positionsmenge, stk, "
        "anzahl artikel, artikelanzahl, number of cds, cds, total items, total quantity",
    ),
    "unit_price": weigh(
        1.0,
        "unit price, unitprice, price per unit, price each, item price, lineitem price, "
        "einzelpreis, stueckpreis, artikelpreis, preis pro stueck, preis je stueck, unit cost, "
        "selling price, verkaufspreis, vk preis, product price",
    )
    | weigh(0.9, "wholesale price")
    | weigh(0.8, "price, preis, ep, vk")
    | weigh(0.7, "sale price, sales price"),
    "product_id": weigh(
        1.0,
        "product id, product code, product no, product number, sku, stock code, stockcode, "
        "article number, article no, article id, item id, item number, item code, lineitem sku, "
        "artikelnummer, artikelnr, artikel nr, art nr, artnr, artikel id, artikelcode, "
        "produktnummer, produkt id, produktnr, ean, gtin, asin, product sku, variant id, "
        "product key",
    )
    | weigh(0.8, "listing id, product card id"),
    "product": weigh(
        1.0,
        "product, product name, product title, item name, item, lineitem name, description, "
        "product description, article, artikel, artikelname, artikelbezeichnung, produkt, "
        "produktname, produktbezeichnung, bezeichnung, beschreibung, artikelbeschreibung, "
        "item description, title, product detail, item title",
    )
    | weigh(0.7, "lines product"),
    "country": weigh(
        1.0,
        "country, country code, land, laendercode, laenderkuerzel, billing country, "
        "customer country, rechnungsland, kundenland, country name, land rechnungsadresse",
    )
    | weigh(0.8, "shipping country, lieferland, ship country, delivery country"),
    "currency": weigh(
        1.0,
        "currency, currency code, waehrung, waehrungscode, order currency, waehrungskuerzel, "
        "presentment currency, currency iso, iso waehrung",
    ),
    "status": weigh(
        1.0,
        "status, order status, bestellstatus, auftragsstatus, state, order state, zustand, "
        "orderstatus",
    )
    | weigh(0.8, "financial status, payment status, zahlungsstatus, bezahlstatus")
    | weigh(0.7, "bezahlt, paid, zahlung, erledigt"),
    "refund": weigh(
        1.0,
        "refund, refund amount, refunded amount, refunded, total refunded, amount refunded, "
        "erstattung, erstattet, erstattungsbetrag, rueckerstattung, rueckzahlung, gutschrift, "
        "gutschriftbetrag, erstatteter betrag, refund total, retourenwert",
    ),
    "paid_at": weigh(
        1.0,
        "paid at, paid on, date paid, payment date, paid date, zahlungsdatum, bezahlt am, "
        "zahlungseingang, gezahlt am, zahldatum",
    ),
    "tax": weigh(
        1.0,
        "tax, taxes, tax amount, total tax, tax total, vat, vat amount, sales tax, order tax, "
        "steuer, steuerbetrag, steuern, mwst, mwst betrag, ust, ust betrag, umsatzsteuer, "
        "mehrwertsteuer, mehrwertsteuerbetrag, order sales tax",
    ),
    "refund_id": {},
    "channel": weigh(
        1.0,
        "sales channel, order channel, marketing channel, acquisition channel, channel name, "
        "utm source, traffic source, order source, lead source, vertriebskanal, verkaufskanal, "
        "bestellkanal, absatzkanal, marketingkanal, werbekanal, herkunftskanal, bestellherkunft, "
        "auftragsherkunft",
    )
    | weigh(
        0.9,
        "channel, kanal, referring site, source name, referral source, attribution, "
        "how did you hear about us, wie haben sie von uns erfahren, wie sind sie auf uns aufmerksam "
        "geworden",
    )
    | weigh(0.8, "source, herkunft, plattform, utm medium, utm campaign"),
    "postage": weigh(
        1.0,
        "shipping, shipping cost, shipping costs, shipping amount, shipping total, shipping price, "
        "shipping fee, postage, delivery cost, delivery fee, freight, versand, versandkosten, "
        "porto, portokosten, lieferkosten, frachtkosten, order shipping, freight value",
    ),
}

# Phrases that name a meaning only alone: an order is an order's number, an order's type is not.
ALONE: Mapping[Meaning, frozenset[str]] = {
    "order_id": words_of(
        "order invoice bestellung auftrag rechnung transaction receipt beleg vorgang reference "
        "referenz number nummer sales order"
    ),
    "customer_id": words_of(
        "customer client buyer user member account kunde kaeufer mitglied besteller debitor "
        "shopper partner"
    ),
    "product": words_of("product item article artikel produkt title description"),
    "amount": words_of("value wert spend spent net netto gross brutto received"),
    "quantity": words_of("count items"),
    "date": words_of("day tag time zeit"),
    "email": words_of("mail"),
    "status": words_of("state zustand"),
    "channel": words_of("source herkunft plattform channel kanal attribution"),
}
# Words that may be left out of a header.
SPARE = words_of("unique main external extern ext internal intern shop store web our my full")
# Words that change nothing beside others.
NEUTRAL = SPARE | words_of(
    "the online eur euro "
    "usd gbp chf in of der des die das utc gmt local lokal cet no nr ca d de du della dello do da el "
    "la le l il"
)

# Names tell customers apart where nothing better does.
NAMES: Mapping[str, float] = (
    weigh(
        0.65,
        "customer name, customer full name, customername, kundenname, kunden name, name des kunden, "
        "client name, buyer name, buyer full name, kaeufername, kaeufer name, consumer name, "
        "retailer name, retailer, nom du client, nom client, nombre del cliente, nombre cliente, "
        "nome do cliente, nome cliente, klantnaam",
    )
    | weigh(0.6, "billing name, bill to name, full name, rechnungsname, besteller name")
    | weigh(
        0.55,
        "company, company name, firma, firmenname, entreprise, azienda, empresa, bedrijf, kontakt, "
        "kontaktname, rechnungsempfaenger",
    )
)

"""Words that tell a header apart from the meaning which its other words suggest."""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.reading.meaning.words import words_of
from kohorte.reading.options import Meaning

_PLACES = words_of("city ort stadt region street strasse zip plz zipcode postal postcode province")
_SHIPPING = words_of(
    "ship shipped shipping shipment delivery delivered liefer lieferung versand versendet envio "
    "livraison spedizione verzending"
)

FOREIGN_WORDS: Mapping[Meaning, frozenset[str]] = {
    "customer_id": _PLACES
    | words_of(
        "name vorname nachname firstname lastname first last fname lname group gruppe country land "
        "email mail phone telefon note notes notiz type typ art since seit segment age alter gender "
        "address adresse company firma comment kommentar agent service ip birthday geburtsdatum tags "
        "tag total orders number_of state password vat uid ust tax currency status date datum nombre "
        "nom nome per po order bestell item price"
    ),
    "date": _SHIPPING
    | words_of(
        "lieferdatum birth geburt due faellig faelligkeit faelligkeits update updated geaendert "
        "modified cancelled storno refunded last letzte first erste fulfilled expiry expires "
        "estimated approved required limit payout settled settle available valid ends end days "
        "leistung leistungs vencimiento scadenza echeance birthday"
    ),
    "amount": _SHIPPING
    | words_of(
        "tax taxes steuer mwst ust vat iva tva btw versandkosten discount discounts rabatt refund "
        "refunded erstattet erstattung reembolso fee fees gebuehr cost costs kosten item items orders "
        "quantity menge weight gewicht points punkte due paid outstanding offen line row number "
        "nummer nr no id channel rate satz percent prozent per average avg profit margin income "
        "earnings commission person manager rep rank tip tips gift card saldo guthaben balance "
        "handling insurance settlement payout voucher gutschein coupon status date datum type typ "
        "art currency waehrung code name region country year month quarter jahr monat adjusted "
        "reward listing unit each days document party lieferanten einkauf purchase_cost frete wkz"
    ),
    "unit_price": words_of(
        "compare original old uvp rrp msrp total gesamt tax line row sum summe retail list discount "
        "rate steuer mwst shipping range category currency name type tier per_order einkauf ek point"
    ),
    "order_id": _PLACES
    | _SHIPPING
    | words_of(
        "date datum status total value wert quantity menge customer kunde item line position "
        "zeile row currency priority time count amount source type typ art channel note name country "
        "state profit discount net gross tax fee via method rate hour dow cliente client klant vat "
        "line_number reward seller product sku linked zugehoeriger related parent category "
        "multiloja store"
    ),
    "quantity": words_of(
        "refunded returned cancelled shipped price value stock lager minimum min max days discount "
        "per total_price customer kunden orders bestellungen amount rate"
    ),
    "status": _SHIPPING
    | words_of(
        "fulfillment fulfilment versandstatus code address billing product customer id payout "
        "courier item lineitem"
    )
    | _PLACES,
    "refund": words_of(
        "date datum id reason grund status policy number nummer nr at am by count quantity yes"
    ),
    "product": words_of(
        "category kategorie id type typ group gruppe line brand marke payment zahlungsart shipping "
        "versandart method customer kunde job subclass class klasse discount price total quantity "
        "profit ratio status subtotal tax count image url weight variant sku code number nummer"
    ),
    "product_id": words_of("category subclass class group line seller order shipping"),
    "country": words_of("id phone prefix"),
    "currency": words_of("rate kurs settlement payout listing presentment"),
    "email": words_of(
        "marketing optin newsletter accepts to recipient empfaenger seller merchant shop haendler "
        "status verified subject"
    ),
    "amount_minor": words_of(""),
    "paid_at": words_of("amount betrag status"),
    "refund_id": words_of(""),
    "channel": _SHIPPING
    | words_of(
        "id nr number nummer payment pay zahlung zahlungs fulfillment fulfilment support service "
        "contact kontakt communication type typ email fee fees gebuehr cost costs kosten amount "
        "betrag date datum status income data file account card transaction braintree allocated"
    ),
    "tax": words_of(
        "rate satz class klasse id percent prozent number nummer name shipping versand code exempt "
        "type country included nr including incl inkl excluding excl exkl ohne paid gross total_incl"
    ),
    "postage": _PLACES
    | words_of(
        "method art status address adresse date datum tax steuer mwst discount rabatt name country "
        "land id nummer number company phone days mode real scheduled limit state type dienst label "
        "carrier provider line time service weight level text empfang"
    ),
}

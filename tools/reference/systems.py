"""The section about shop systems whose exports are known, with what is easily misread in each."""

from __future__ import annotations

from kohorte.language import Language, Text
from kohorte.reading import LAYOUTS
from tools.reference import markdown

TITLE = Text(de="Bekannte Exporte", en="Known exports")
INTRODUCTION = Text(
    de="Diese Exporte werden an ihren Überschriften erkannt, und was sich an ihnen leicht falsch liest, ist bedacht. Ein "
    "Sternchen heißt: Das Format ist aus der Dokumentation des Systems bekannt, nicht aus einer Datei; der Bericht bittet "
    "dann um Prüfung.",
    en="These exports are recognized by their headers, and what is easily misread in them has been seen to. An asterisk "
    "means that the layout is known from the documentation of the system, not from a file; the report then asks to check.",
)
HEAD = {"de": ("Export", "Was bedacht ist"), "en": ("export", "what has been seen to")}

TRAPS = {
    "online_retail": Text(
        de="Rechnungen mit C sind Stornos, solche mit A Korrekturen; Porto und Gebühren stehen als Artikel darin.",
        en="Invoices with C are cancellations, those with A adjustments; postage and fees stand among the products.",
    ),
    "online_retail_ii": Text(
        de="Wie Online Retail; die ersten neun Tage im Dezember 2010 stehen in beiden Jahren und zählen einmal.",
        en="Like Online Retail; the first nine days of December 2010 stand in both years and count once.",
    ),
    "cdnow": Text(
        de="Keine Bestellnummer: Käufe eines Kunden von einem Tag sind eine Bestellung.",
        en="No order number: a customer's purchases of one day are one order.",
    ),
    "shopify": Text(
        de="Angaben zur Bestellung stehen nur in ihrer ersten Zeile; Zellen beginnen mit einem Apostroph; stornierte "
        "Bestellungen behalten ihren Zahlungsstatus; Bestellungen des Test-Zahlungsdienstes zählen nicht, offene auf Rechnung "
        "oder Vorkasse zählen, bis die Zahlungsfrist vorbei ist.",
        en="What belongs to the order stands in its first row only; cells begin with an apostrophe; cancelled orders keep "
        "their financial status; orders of the test gateway do not count, pending ones on invoice or prepayment "
        "count until the time to pay is over.",
    ),
    "shopify_customers": Text(
        de="Keine Bestellungen: Neben einer Bestelldatei ergänzt die Liste das Land der Kunden.",
        en="No orders: beside a file of orders the list adds the customers' countries.",
    ),
    "shopware": Text(
        de="Keine Währung, keine Angabe zu Steuern, Status und Land nur als Kennung; Zeiten in UTC. Was fehlt, wird mit der "
        "passenden Angabe genannt.",
        en="No currency, nothing on taxes, status and country as ids only; times in UTC. What is missing is told, with the "
        "option that settles it.",
    ),
    "woocommerce": Text(
        de="Kunden nur als Name; Beträge ohne Steuern und Versand; Erstattungen als eigene Zeilen.",
        en="Customers as names only; amounts without taxes and postage; refunds as rows of their own.",
    ),
    "woocommerce_webtoffee": Text(
        de="Kundennummer 0 heißt Gast; Erstattungen stehen mitten in einem Text.",
        en="Customer number 0 means a guest; refunds stand inside a text.",
    ),
    "magento": Text(
        de="Summen in der Währung des Shops und des Käufers nebeneinander: Es gilt die des Shops. Keine Positionen; "
        "`Closed` heißt voll erstattet.",
        en="Totals in the shop's and in the buyer's currency side by side: the shop's is taken. No lines; `Closed` means "
        "fully refunded.",
    ),
    "prestashop": Text(
        de="Mehrere Bestellungen können sich eine Referenz teilen; Kunden nur mit Initiale und Nachname.",
        en="Several orders may share a reference; customers by initial and surname only.",
    ),
    "bigcommerce": Text(
        de="Kundennummer 0 heißt Gast; Beträge mit und ohne Steuern nebeneinander; `Incomplete` wurde nie bezahlt.",
        en="Customer number 0 means a guest; amounts with and without taxes side by side; `Incomplete` was never paid.",
    ),
    "amazon": Text(
        de="Adressen der Käufer sind Decknamen: Die Bestellungen zählen, in keiner Kundenkennzahl. Der Preis gilt für die "
        "ganze Zeile.",
        en="Buyers' addresses are aliases: the orders count, but in no customer metric. The price is that of the whole line.",
    ),
    "ebay": Text(
        de="Adressen der Käufer sind Decknamen; Zeilen über und unter der Tabelle; bei mehreren Artikeln steht die Summe in "
        "einer Zeile davor; Monate als deutsche Wörter.",
        en="Buyers' addresses are aliases; lines above and below the table; with several articles the total stands in a row "
        "before them; months as words.",
    ),
    "stripe_subscriptions": Text(
        de="Verträge neben den Bestellungen: Beträge je Monat, Jahr oder Woche werden monatlich; was nie begann oder in der "
        "Probezeit endete, zählt nicht.",
        en="Contracts beside the orders: amounts per month, year or week become monthly; what never began or ended within "
        "its trial does not count.",
    ),
    "stripe_charges": Text(
        de="Gescheiterte, nicht eingezogene und Testzahlungen zählen nicht; es gilt der umgerechnete Betrag; Zeiten in UTC.",
        en="Payments that failed, were not captured or were tests do not count; the converted amount is taken; times in UTC.",
    ),
    "oxid": Text(
        de="Storniert steht in einer eigenen Spalte; am Bezahldienst verlassene Warenkörbe haben keine Nummer.",
        en="Cancelled orders are marked in a column of its own; baskets left at the gateway have no number.",
    ),
    "gambio": Text(
        de="Kundennummer 0 heißt Gast; Status 99 heißt storniert.",
        en="Customer number 0 means a guest; the status 99 means cancelled.",
    ),
    "plentyone": Text(
        de="Lieferaufträge, Retouren, Gutschriften und Angebote sind keine Verkäufe; Status 8 heißt storniert, 3 noch nicht "
        "bezahlt.",
        en="Deliveries, returns, credit notes and offers are no sales; the status 8 means cancelled, 3 not paid yet.",
    ),
    "jtl": Text(
        de="Netto- und Bruttopreise nebeneinander: Es gelten die mit Steuern. Storniert steht in einer eigenen Spalte.",
        en="Prices with and without taxes side by side: those with taxes are taken. Cancelled is a column of its own.",
    ),
}


def section(language: Language) -> tuple[str, str, str]:
    """Return title, introduction and table of the section in one language."""
    rows = [
        (
            layout.name.render(language) + ("" if layout.seen else " \\*"),
            TRAPS[layout.slug].render(language),
        )
        for layout in LAYOUTS
    ]
    return (
        f"## {TITLE.render(language)} {{ #exports }}",
        INTRODUCTION.render(language),
        markdown.table(HEAD[language], rows),
    )

"""Expenses: the shop's own list, and the cost reports of Google Ads, Meta, Microsoft and others.

Traps: reports of campaigns have no purpose, totals at the end, and a row for each campaign; a month
stands as a word, as 2026-01 or as its first day.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import Field, FileKind, choices, said

_LAST_DAY = "greatest(coalesce(ends_on_last, starts_on_last), starts_on)"
KIND = FileKind(
    table=tables.BESIDE["spend"],
    name=Text(de="Ausgaben", en="Expenses"),
    row=Sentence("an expense"),
    needs=(("starts_on",), ("amount", "amount_minor")),
    named=frozenset(
        [
            "spend",
            "spends",
            "spending",
            "expenses",
            "costs",
            "ausgaben",
            "kosten",
            "werbekosten",
            "marketingkosten",
            "marketingausgaben",
            "werbeausgaben",
            "budget",
            "adspend",
            "ads",
            "googleads",
            "metaads",
            "facebookads",
            "adwords",
            "kampagnen",
            "campaigns",
            "campaign",
            "kampagne",
        ]
    ),
    without=("customer_id", "email", "order_id", "product_id"),
    fields=(
        Field(
            name="starts_on",
            reads="span",
            required=True,
            telling=said(
                "starts_on, Reporting starts, Berichtsstart, Auswertungsbeginn, Beginn der "
                "Auswertung, Auswertungsstart"
            ),
            usual=said(
                "Monat, Month, Woche, Week, Quartal, Quarter, Tag, Day, Datum, Date, Zeitraum, "
                "Period, Von, From, Ab, Beginn, Start, Startdatum, Start date, Erster Tag, First day, "
                "Time period, Gregorian date, Datum von, Jahr, Year, Buchungsdatum, Rechnungsdatum"
            ),
        ),
        Field(
            name="ends_on",
            reads="span",
            telling=said(
                "ends_on, Reporting ends, Berichtsende, Auswertungsende, Ende der Auswertung"
            ),
            usual=said("Bis, To, Until, Ende, End, Enddatum, End date, Letzter Tag, Last day"),
        ),
        Field(
            name="purpose",
            reads="choice",
            otherwise="other",
            telling=said("purpose, Zweck, Verwendungszweck, Ausgabenzweck"),
            usual=said("Kostenart, Cost type, Kategorie, Category, Art, Type, Bereich, Ziel"),
            choices=choices(
                acquisition="Neukunden, Neukundengewinnung, Kundengewinnung, Gewinnung, Akquise, "
                "Akquisition, Werbung, Ads, Anzeigen, Advertising, Prospecting, New customers, "
                "Customer acquisition, Marketing, Performance Marketing, Onlinewerbung",
                retention="Bestandskunden, Kundenbindung, Bindung, Loyalty, Treueprogramm, Newsletter, "
                "CRM, E-Mail-Marketing, Email marketing, Existing customers, Stammkunden, "
                "Customer retention, Gutscheine, Bonusprogramm",
                sales="Vertrieb, Verkauf, Außendienst, Provision, Provisionen, Sales team",
                service="Kundenservice, Kundendienst, Support, Customer service, Customer support, "
                "Hotline, Kundenbetreuung, Helpdesk",
            ),
        ),
        Field(
            name="channel",
            reads="text",
            usual=said(
                "channel, Kanal, Werbekanal, Marketingkanal, Plattform, Platform, Netzwerk, Network, "
                "Campaign type, Kampagnentyp, Advertising channel, Quelle, Source, Medium, "
                "Campaign, Campaign name, Kampagne, Kampagnenname, Name der Kampagne, Anbieter, "
                "Lieferant, Vendor, Ad set name, Anzeigengruppe, Ad group, Account name, Kontoname"
            ),
        ),
        Field(
            name="amount",
            reads="money",
            required=True,
            telling=said(
                "Amount spent, Ausgegebener Betrag, Ausgaben, Werbekosten, Marketingkosten, "
                "Werbeausgaben, Ad spend, Spend, Spent, Expense, Expenses, Gesamtkosten, Mediakosten, "
                "Gesamtausgaben, Total spend, Marketingausgaben, Mediabudget"
            ),
            usual=said(
                "Kosten, Cost, Costs, Betrag, Amount, Summe, Betrag netto, Netto, Total cost"
            ),
        ),
        Field(name="amount_minor", reads="whole", required=True, usual=said("amount_minor")),
        Field(
            name="currency",
            reads="code",
            usual=said("currency, Währung, Currency code, Währungscode, Account currency"),
        ),
        Field(
            name="told_by_ads",
            reads="text",
            telling=said(
                "Impressions, Impressionen, Impr, Clicks, Klicks, CTR, CPC, Avg CPC, "
                "Durchschn CPC, CPM, Reach, Reichweite, Link clicks, Linkklicks, Conversions, "
                "Cost per result, Kosten pro Ergebnis, Results, Ergebnisse, ROAS"
            ),
        ),
    ),
    left_out={
        "purpose = 'other'": Sentence(
            "Expenses for anything but customers, as their purpose says, were left out: {count}."
        ),
    },
    made={
        "amount_minor": "coalesce(amount_minor, amount)",
        "ends_on": _LAST_DAY,
    },
    assumed={"purpose": "acquisition"},
    day="starts_on",
    last_day=_LAST_DAY,
)

"""The words by which lists of refunds and of customers are told from files of orders.

A header is compared whole, written as `words.compact` writes it: “Gutschrift-Nr.” is
`gutschriftnr`. What merely contains such a word means nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise, product
from typing import Literal

from kohorte.reading.meaning.words import compact, normal

Said = Literal["number", "date", "amount", "document"]


def _all(beginnings: str, ends: str) -> frozenset[str]:
    return frozenset("".join(pair) for pair in product(beginnings.split(), ends.split()))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The document of a refund, as the beginning of compound words.
_GERMAN = (
    "erstattung erstattungs rueckerstattung rueckerstattungs gutschrift gutschrifts gutschriften "
    "retoure retouren retour rueckgabe rueckgaben ruecksendung ruecksende ruecksendungs "
    "rueckzahlung rueckzahlungs rechnungskorrektur korrekturrechnung korrekturrechnungs "
    "stornorechnung stornorechnungs"
)
_ENGLISH = "refund creditnote creditmemo creditslip return rma"
_DOCUMENTS = _set(
    "erstattung rueckerstattung gutschrift retoure rechnungskorrektur korrekturrechnung "
    "stornorechnung refund creditnote creditmemo creditslip rma"
)
_NUMBERS = (
    _all(_GERMAN, "nummer nr id kennung belegnummer belegnr")
    | _all(_ENGLISH, "id number no nr num reference ref code key incrementid")
    | _set("idorderslip orderslipid")
)
_DATES = (
    _all(_GERMAN, "datum tag zeitpunkt zeit am vom")
    | _all("datumder datum tagder", "erstattung rueckerstattung gutschrift retoure rueckgabe")
    | _all(
        "erstattet rueckerstattet gutgeschrieben retourniert zurueckgegeben zurueckgezahlt", "am"
    )
    | _all(_ENGLISH, "date day datetime time timestamp at on created createdat createdon issuedat")
    | _all("refunded returned credited reimbursed", "at on date")
    | _all("dateof dateofthe date", "refund return credit refunded returned creditnote creditmemo")
)
_AMOUNTS = (
    _all(_GERMAN, "betrag summe wert hoehe gesamt gesamtbetrag")
    | _set(
        "erstattet rueckerstattet gutgeschrieben erstatteterbetrag rueckerstatteterbetrag "
        "gutgeschriebenerbetrag betragerstattet betraggutgeschrieben"
    )
    | _all(_ENGLISH, "amount total value sum grandtotal")
    | _all("refunded credited returned", "amount total value")
    | _all("total amount value", "refund refunded refunds credited returned")
    | _set("refunded credited creditamount")
)
# What may stand behind the name of an amount without changing it.
_WITH = re.compile(r" (incl|inkl|inklusive|including|excl|exkl|exklusive|excluding|zzgl)\b.*")
_BESIDE = _set("eur euro usd dollar gbp chf in brutto gross netto net")

_ORDERED = re.compile(r"order|bestell|auftrag|kauf|rechnung|invoice|purchase|placed|sale|sold")
_CREATED = _set(
    "createdat createdon created creationdate datecreated dateadded erstelltam erstellt "
    "erstelldatum angelegtam angelegt anlagedatum anlage"
)

# Columns that only a list of customers has, and those that files of orders have as well.
_PEOPLE = (
    _all("registered registriert registration registrierung", "at on am date datum")
    | _all("last letzte letzter letzteam first erste ersterkauf", "order purchase bestellung kauf")
    | _all("last", "active login seen orderdate")
    | _all("number numberof total anzahl anzahlder", "orders bestellungen purchases kaeufe")
    | _all("total lifetime", "spent spend spending revenue value")
    | _set(
        "registered registriert registration registrierung registrierungsdatum signup signupdate "
        "memberage membersince customersince kundeseit mitgliedseit birthday birthdate dateofbirth "
        "dob geburtsdatum geburtstag geboren newsletter acceptsmarketing acceptsemailmarketing "
        "emailmarketing optin anrede salutation orderscount orders bestellungen letztebestellungam "
        "gesamtumsatz umsatzgesamt customertags taxexempt aov"
    )
)
_NAMES = _set(
    "vorname nachname name firstname lastname fullname customername kundenname firma company "
    "telefon phone mobile handy strasse street address adresse address1 plz zip postcode "
    "postalcode ort city stadt gender geschlecht title titel username"
)
GROUPS = _set(
    "kundengruppe kundengruppen kundengruppenname kundentyp kundenart kundenklasse kundenkategorie "
    "kundensegment kundentags gruppe preisgruppe customergroup customergroups customergroupname "
    "customertype customerclass customercategory customersegment customertags customerrole "
    "pricegroup usergroup userrole group groups role tags"
)

# Names of files and tables.
_REFUND_NAMES = _set(
    "refund refunds return returns creditnote creditnotes creditmemo creditmemos creditslip "
    "creditslips orderslip erstattung erstattungen rueckerstattung rueckerstattungen gutschrift "
    "gutschriften retoure retouren rueckgaben ruecksendungen rueckzahlungen "
    "rechnungskorrekturen"
)
_CUSTOMER_NAMES = _set(
    "customer customers kunde kunden kundenliste kundenstamm kundendaten kundenexport "
    "clients customerlist"
)
_ORDER_NAMES = _set(
    "orders bestellung bestellungen auftrag auftraege rechnungen invoices purchases"
)


def of_refund(header: str) -> Said | None:
    """Return what a header says about a refund, None if it says nothing.

    `document` is the bare word, which may stand above its number or its amount.

    Examples
    --------
    >>> [of_refund(each) for each in ("Gutschrift-Nr.", "refunded_at", "Erstattungsbetrag (EUR)")]
    ['number', 'date', 'amount']
    >>> of_refund("Credit Memo"), of_refund("Erstattungsgrund"), of_refund("Returning customer")
    ('document', None, None)
    """
    words = _WITH.sub("", normal(header)).split()
    kept = "".join(word for word in words if word not in _BESIDE or word == words[0])
    for meaning, known in (("number", _NUMBERS), ("date", _DATES), ("amount", _AMOUNTS)):
        if kept in known:
            return meaning  # type: ignore[return-value]  # the three are of `Said`
    return "document" if kept in _DOCUMENTS else None


def of_an_order(header: str) -> bool:
    """Return whether a header of a date says that it is the order's."""
    return _ORDERED.search(normal(header)) is not None


def of_creation(header: str) -> bool:
    """Return whether a date may be that of an account as well as that of an order."""
    return compact(header) in _CREATED


def of_people(headers: Iterable[str]) -> tuple[int, int]:
    """Return how many headers only a list of customers has, and how many are of people.

    >>> of_people(["Vorname", "Nachname", "Kunde seit", "Betrag"])
    (1, 2)
    """
    written = {compact(header) for header in headers}
    return len(written & (_PEOPLE | GROUPS - {"tags", "group", "groups"})), len(written & _NAMES)


def is_of_people(header: str) -> bool:
    """Return whether a header is that of a fact about a person, such as the last order."""
    return compact(header) in _PEOPLE


def named(name: str) -> Literal["refunds", "customers"] | None:
    """Return what the name of a file or table says that it holds.

    >>> named("Retouren-2025.xlsx"), named("public.order_refunds"), named("orders_refunds.csv")
    ('refunds', 'refunds', None)
    """
    words = normal(name).split()
    spoken = {*words, *("".join(pair) for pair in pairwise(words))}
    if spoken & _ORDER_NAMES:
        return None
    if spoken & _REFUND_NAMES:
        return "refunds"
    return "customers" if spoken & _CUSTOMER_NAMES else None

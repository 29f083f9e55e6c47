"""PlentyONE (plentymarkets): orders of its data export, whose columns the shop chooses.

Known from its documentation. Traps: deliveries, returns, credit notes, repairs and offers are
“orders” of another type and would count twice; states are numbers, of which 8 and its parts are
cancelled and 3 waits for payment; orders of marketplaces stand among the shop's own.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

# Types that are no sale: delivery, return, credit note, warranty, repair, offer, and their kin.
_NO_SALES = {
    **dict.fromkeys(("2", "3", "4", "5", "6", "7", "10", "11", "13", "14", "15"), "cancelled"),
    **dict.fromkeys(("delivery", "return", "credit note", "warranty", "repair"), "cancelled"),
    **dict.fromkeys(("lieferauftrag", "retoure", "gutschrift", "gewährleistung"), "cancelled"),
    **dict.fromkeys(("reparatur", "angebot", "offer"), "cancelled"),
}

LAYOUT = Layout(
    slug="plentyone",
    name=Text(de="PlentyONE-Aufträge", en="PlentyONE orders"),
    seen=False,
    signs=(
        signs("Order ID, Type ID, Status ID"),
        signs("Order ID, Order type, Plenty ID"),
        signs("Auftrags-ID, Auftragstyp"),
    ),
    columns=headers(
        order_id="Order ID, Auftrags-ID",
        customer_id="Contact ID, Kontakt-ID",
        date="Entry date, Created at, Order date, Auftragsdatum, Eingangsdatum",
        amount="Invoice total, Gross total, Rechnungsbetrag, Rechnungsbetrag brutto, Gesamt brutto",
        status="Status ID, Order status, Auftragsstatus, Status",
        channel="Herkunft, Origin, Referrer",
    ),
    without=("amount_minor",),
    states={
        **dict.fromkeys(("8", "8 0", "8 00", "8 1", "8 10"), "cancelled"),
        **dict.fromkeys(("9", "9 0", "9 00", "9 1"), "refunded"),
        **dict.fromkeys(("3", "3 0", "3 00"), "open"),
        **dict.fromkeys((f"{n}{part}" for n in "4567" for part in ("", " 0", " 00")), "counted"),
    },
    flags={
        "Type ID": _NO_SALES,
        "Order type": _NO_SALES,
        "Auftragstyp": _NO_SALES,
    },
    remarks=(
        Sentence(
            "Deliveries, returns, credit notes, repairs and offers are no sales and count as "
            "cancelled; what a credit note gives back is not subtracted."
        ),
    ),
)

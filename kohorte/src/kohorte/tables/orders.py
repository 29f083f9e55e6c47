"""The tables of orders and customers, which every reader delivers."""

from __future__ import annotations

from kohorte.language import Text
from kohorte.tables.table import Column, Table

ORDERS = Table(
    "orders",
    Text(de="Eine Zeile je Bestellung.", en="One row per order."),
    (
        Column("order_id", "VARCHAR", False, Text(de="Bestellnummer", en="order number")),
        Column(
            "customer_id",
            "VARCHAR",
            True,
            Text(de="Kundennummer; leer, wenn unbekannt", en="customer number; empty if unknown"),
        ),
        Column(
            "placed_at",
            "TIMESTAMP",
            False,
            Text(
                de="Zeitpunkt der Bestellung in UTC, ohne Zone",
                en="instant of the order in UTC, without zone",
            ),
        ),
        Column(
            "currency",
            "VARCHAR",
            True,
            Text(
                de="Währung nach ISO 4217; eine je Auswertung",
                en="currency by ISO 4217; one per evaluation",
            ),
        ),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Warenwert vor Erstattungen in kleinster Einheit (Cent)",
                en="value of the goods before refunds in minor units (cents)",
            ),
        ),
        Column("units", "DECIMAL(18,3)", True, Text(de="Stückzahl", en="number of units")),
        Column(
            "state",
            "VARCHAR",
            False,
            Text(
                de="`counted`, `open` (zählt, solange die Zahlungsfrist läuft) oder der Grund, aus "
                "dem sie nicht zählt, etwa `cancelled`",
                en="`counted`, `open` (counts until the time to pay is over), or the reason why it "
                "does not count, such as `cancelled`",
            ),
        ),
        Column(
            "original_currency",
            "VARCHAR",
            True,
            Text(
                de="Währung, in der bestellt wurde, wenn der Betrag umgerechnet ist",
                en="currency of the order, if its amount was converted",
            ),
        ),
        Column(
            "original_minor",
            "BIGINT",
            True,
            Text(
                de="Betrag vor der Umrechnung in kleinster Einheit dieser Währung",
                en="amount before the conversion in minor units of that currency",
            ),
        ),
        Column(
            "channel",
            "VARCHAR",
            True,
            Text(
                de="Kanal, über den sie kam, etwa Newsletter, Suchanzeigen oder ein Marktplatz",
                en="channel it came through, such as newsletter, search ads or a marketplace",
            ),
        ),
    ),
    unique="order_id",
)
ORDER_LINES = Table(
    "order_lines",
    Text(
        de="Eine Zeile je Position einer Bestellung; darf leer sein.",
        en="One row per line of an order; may be empty.",
    ),
    (
        Column("order_id", "VARCHAR", False, Text(de="Bestellnummer", en="order number")),
        Column("line_number", "INTEGER", False, Text(de="Position ab 1", en="line, from 1")),
        Column("product_id", "VARCHAR", True, Text(de="Artikelnummer", en="product number")),
        Column("product", "VARCHAR", True, Text(de="Artikelname", en="product name")),
        Column("quantity", "DECIMAL(18,3)", True, Text(de="Menge", en="quantity")),
        Column("unit_price", "DECIMAL(18,6)", True, Text(de="Stückpreis", en="unit price")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Menge × Stückpreis, je Position auf die kleinste Einheit gerundet",
                en="quantity × unit price, rounded to minor units per line",
            ),
        ),
    ),
)
REFUNDS = Table(
    "refunds",
    Text(
        de="Eine Zeile je Erstattung oder Storno-Beleg; darf leer sein.",
        en="One row per refund or credit note; may be empty.",
    ),
    (
        Column("refund_id", "VARCHAR", False, Text(de="Belegnummer", en="document number")),
        Column(
            "order_id",
            "VARCHAR",
            True,
            Text(
                de="Bestellung, zu der sie gehört; leer, wenn die Quelle keine nennt",
                en="order it belongs to; empty if the source names none",
            ),
        ),
        Column("customer_id", "VARCHAR", True, Text(de="Kundennummer", en="customer number")),
        Column("refunded_at", "TIMESTAMP", False, Text(de="Zeitpunkt in UTC", en="instant in UTC")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="erstatteter Betrag, positiv, in kleinster Einheit",
                en="refunded amount, positive, in minor units",
            ),
        ),
    ),
    unique="refund_id",
)
CUSTOMERS = Table(
    "customers",
    Text(de="Eine Zeile je bekanntem Kunden.", en="One row per known customer."),
    (
        Column("customer_id", "VARCHAR", False, Text(de="Kundennummer", en="customer number")),
        Column("country", "VARCHAR", True, Text(de="Land", en="country")),
    ),
    unique="customer_id",
)
EXCLUDED_ROWS = Table(
    "excluded_rows",
    Text(
        de="Eine Zeile je Zeile der Quelle, die nicht oder nicht überall zählt.",
        en="One row per row of the source that does not count, or not everywhere.",
    ),
    (
        Column("reason", "VARCHAR", False, Text(de="Grund", en="reason")),
        Column(
            "scope",
            "VARCHAR",
            False,
            Text(
                de="wovon ausgeschlossen: `everything`, `customer metrics` oder `revenue`",
                en="left out of what: `everything`, `customer metrics` or `revenue`",
            ),
        ),
        Column("file", "VARCHAR", True, Text(de="Datei", en="file")),
        Column("line", "BIGINT", True, Text(de="Zeile der Datei", en="line of the file")),
        Column("order_id", "VARCHAR", True, Text(de="Bestellnummer", en="order number")),
        Column("customer_id", "VARCHAR", True, Text(de="Kundennummer", en="customer number")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Betrag mit dem Vorzeichen der Quelle, in kleinster Einheit",
                en="amount with the sign of the source, in minor units",
            ),
        ),
    ),
)
IDENTITIES = Table(
    "identities",
    Text(
        de="Eine Zeile je Nummer und Adresse eines zusammengeführten Kunden; darf leer sein.",
        en="One row per number and address of a joined customer; may be empty.",
    ),
    (
        Column(
            "customer_id",
            "VARCHAR",
            False,
            Text(
                de="Kundennummer, unter der alle Bestellungen dieses Kunden zählen",
                en="customer number under which all orders of this customer count",
            ),
        ),
        Column(
            "key",
            "VARCHAR",
            False,
            Text(
                de="Kundennummer oder E-Mail-Adresse, wie sie in der Datei steht",
                en="customer number or e-mail address, as the file says it",
            ),
        ),
        Column(
            "rule",
            "VARCHAR",
            False,
            Text(
                de="weshalb sie dazugehört: `customer number` (eigene Nummer, oder eine Adresse, "
                "die bei ihr steht) oder `same address` (über dieselbe Adresse verbunden)",
                en="why it belongs there: `customer number` (the customer's own, or an address "
                "beside it) or `same address` (connected by the same address)",
            ),
        ),
    ),
)

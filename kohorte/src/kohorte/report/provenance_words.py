"""Names of columns, settings and scopes in both languages."""

from kohorte.language import Text

MEANINGS = {
    "order_id": Text(de="Bestellnummer", en="Order number"),
    "customer_id": Text(de="Kundennummer", en="Customer number"),
    "email": Text(de="E-Mail-Adresse", en="E-mail address"),
    "date": Text(de="Zeitpunkt der Bestellung", en="Time of the order"),
    "amount": Text(de="Betrag", en="Amount"),
    "amount_minor": Text(de="Betrag in kleinster Einheit", en="Amount in the smallest unit"),
    "quantity": Text(de="Menge", en="Quantity"),
    "unit_price": Text(de="Einzelpreis", en="Unit price"),
    "product_id": Text(de="Artikelnummer", en="Product number"),
    "product": Text(de="Artikel", en="Product"),
    "country": Text(de="Land", en="Country"),
    "currency": Text(de="Währung", en="Currency"),
    "status": Text(de="Zustand", en="Status"),
    "refund": Text(de="Erstattung", en="Refund"),
    "paid_at": Text(de="Zeitpunkt der Zahlung", en="Time of payment"),
    "tax": Text(de="Steuer", en="Tax"),
    "postage": Text(de="Versandkosten", en="Postage"),
    "channel": Text(de="Vertriebskanal", en="Sales channel"),
    "refund_id": Text(de="Nummer der Erstattung", en="Refund number"),
    "refunded_at": Text(de="Zeitpunkt der Erstattung", en="Time of the refund"),
}
SETTINGS = {
    "timezone": Text(de="Zeitzone der Kalendertage", en="Time zone of calendar days"),
    "active_days": Text(
        de="Aktiv ist, wer in so vielen Tagen bestellt hat",
        en="Active: ordered within so many days",
    ),
    "retention_days": Text(de="Zeitraum der Kundenbindung in Tagen", en="Retention period in days"),
    "repeat_days": Text(
        de="Frist für die zweite Bestellung in Tagen", en="Days allowed for the second order"
    ),
    "cohort_days": Text(
        de="Altersschritt gleitender Kohorten in Tagen", en="Age step of rolling cohorts in days"
    ),
    "week_start": Text(
        de="Erster Tag der Woche (1 = Montag)", en="First day of the week (1 = Monday)"
    ),
    "since": Text(de="Erster gezählter Tag", en="First day counted"),
    "until": Text(de="Letzter gezählter Tag", en="Last day counted"),
    "margin_percent": Text(de="Deckungsbeitrag in Prozent", en="Contribution margin in percent"),
    "confidence_percent": Text(
        de="Sicherheit der Spannen in Prozent", en="Confidence of intervals in percent"
    ),
    "payment_days": Text(de="Zahlungsfrist in Tagen", en="Time to pay in days"),
    "renewal_days": Text(
        de="Frist zur Verlängerung von Verträgen in Tagen", en="Time to renew a contract in days"
    ),
    "lead_days": Text(
        de="Frist bis zum Kauf eines Interessenten in Tagen", en="Time for a lead to buy in days"
    ),
    "return_days": Text(de="Rückgabefrist in Tagen", en="Time to return an order in days"),
    "count": Text(de="Zählt hier, sonst nicht", en="Counts here, though usually left out"),
    "leave_out": Text(de="Zählt hier nicht, sonst schon", en="Left out here, though it counts"),
}
SCOPES = {
    "everything": Text(de="alle Kennzahlen", en="all metrics"),
    "customer metrics": Text(de="Kennzahlen über Kunden", en="metrics about customers"),
    "revenue": Text(de="den Umsatz", en="revenue"),
}

"""The examples of expenses, leads and referrals."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.examples.words import BESIDE, IF_KNOWN, NUMBER, WHO
from kohorte.templates.fields import Field, Template, each, same

_SPEND, _LEADS, _REFERRALS = (tables.BESIDE[name] for name in ("spend", "leads", "referrals"))
_CHANNEL = Text(de="Kanal", en="Channel")

SPEND = Template(
    _SPEND,
    Text(
        de=f"{BESIDE.de} Nötig sind nur der Tag und der Betrag; statt der Tage genügt ein Monat wie 2026-01.",
        en=f"{BESIDE.en} Only the day and the amount are needed; a month such as 2026-01 does instead of days.",
    ),
    (
        Field(
            _SPEND,
            "starts_on",
            Text(de="Von", en="From"),
            each(
                ("01.01.2026", "01.01.2026", "15.02.2026"),
                ("2026-01-01", "2026-01-01", "2026-02-15"),
            ),
        ),
        Field(
            _SPEND,
            "ends_on",
            Text(de="Bis", en="Until"),
            each(
                ("31.01.2026", "31.03.2026", "15.02.2026"),
                ("2026-01-31", "2026-03-31", "2026-02-15"),
            ),
        ),
        Field(
            _SPEND,
            "purpose",
            Text(de="Zweck", en="Purpose"),
            each(
                ("Neukunden", "Bestandskunden", "Service"), ("acquisition", "retention", "service")
            ),
            Text(
                de="Neukunden, Bestandskunden, Vertrieb oder Service",
                en="acquisition, retention, sales or service",
            ),
        ),
        Field(
            _SPEND,
            "channel",
            _CHANNEL,
            each(("Suchanzeigen", "Newsletter", ""), ("search ads", "newsletter", "")),
        ),
        Field(
            _SPEND,
            "amount_minor",
            Text(de="Ausgaben", en="Spend"),
            each(("1250,50", "90,00", "400,00"), ("1250.50", "90.00", "400.00")),
            Text(
                de="Betrag mit zwei Nachkommastellen in der Währung der Bestellungen",
                en="amount with two decimals in the currency of the orders",
            ),
        ),
    ),
)
LEADS = Template(
    _LEADS,
    Text(
        de=f"{BESIDE.de} Nötig ist nur der Zeitpunkt.",
        en=f"{BESIDE.en} Only the instant is needed.",
    ),
    (
        Field(
            _LEADS,
            "lead_id",
            Text(de="Interessentennummer", en="Lead number"),
            same("L-1", "L-2", "L-3"),
        ),
        Field(
            _LEADS,
            "created_at",
            Text(de="Erstellt am", en="Created at"),
            each(
                ("10.01.2026 08:15", "11.01.2026 19:40", "02.02.2026 13:00"),
                ("2026-01-10 08:15", "2026-01-11 19:40", "2026-02-02 13:00"),
            ),
            Text(
                de="Tag und Uhrzeit in der Zeitzone des Shops; der Tag genügt",
                en="day and time in the shop's time zone; the day is enough",
            ),
        ),
        Field(
            _LEADS,
            "channel",
            _CHANNEL,
            each(
                ("Messe", "Suchanzeigen", "Suchanzeigen"),
                ("trade fair", "search ads", "search ads"),
            ),
        ),
        Field(
            _LEADS,
            "qualified",
            Text(de="Qualifiziert", en="Qualified"),
            each(("ja", "nein", "ja"), ("yes", "no", "yes")),
        ),
        Field(
            _LEADS,
            "customer_id",
            WHO,
            same("anna@example.com", "", "cleo@example.com"),
            Text(
                de="E-Mail-Adresse oder Kundennummer; daran wird erkannt, ob er gekauft hat",
                en="e-mail address or customer number; by it the orders tell whether it bought",
            ),
        ),
    ),
)
REFERRALS = Template(
    _REFERRALS,
    BESIDE,
    (
        Field(
            _REFERRALS,
            "order_id",
            NUMBER,
            same("B-1001", "B-1002", "B-1003"),
            Text(de="die empfohlene Bestellung", en="the referred order"),
        ),
        Field(
            _REFERRALS,
            "referrer_id",
            Text(de="Empfohlen von", en="Referred by"),
            same("ben@example.com", "anna@example.com", "ben@example.com"),
            Text(
                de=f"E-Mail-Adresse oder Kundennummer dessen, der empfohlen hat; {IF_KNOWN.de}",
                en=f"e-mail address or customer number of who referred it; {IF_KNOWN.en}",
            ),
        ),
    ),
)

"""The examples of answers to surveys and of requests to customer service."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.examples.words import BESIDE, CUSTOMER, IF_KNOWN, WHO
from kohorte.templates.fields import Field, Template, each, same

_RESPONSES, _TICKETS = tables.BESIDE["responses"], tables.BESIDE["tickets"]
_TICKET = Text(de="Ticketnummer", en="Ticket number")

RESPONSES = Template(
    _RESPONSES,
    Text(
        de=f"{BESIDE.de} Eine Spalte je Frage geht auch, etwa NPS und CSAT nebeneinander.",
        en=f"{BESIDE.en} A column for each question does as well, such as NPS beside CSAT.",
    ),
    (
        Field(
            _RESPONSES,
            "response_id",
            Text(de="Antwortnummer", en="Response number"),
            same("A-1", "A-2", "A-3"),
            Text(
                de="Nummer der Antwort; ohne sie zählt jede Zeile",
                en="number of the answer; without it every row counts",
            ),
        ),
        Field(
            _RESPONSES,
            "customer_id",
            WHO,
            same("anna@example.com", "ben@example.com", ""),
            CUSTOMER,
        ),
        Field(
            _RESPONSES,
            "answered_at",
            Text(de="Beantwortet am", en="Answered at"),
            each(
                ("25.01.2026 10:00", "02.02.2026 21:30", "03.03.2026 07:45"),
                ("2026-01-25 10:00", "2026-02-02 21:30", "2026-03-03 07:45"),
            ),
            Text(
                de="Tag und Uhrzeit in der Zeitzone des Shops; der Tag genügt",
                en="day and time in the shop's time zone; the day is enough",
            ),
        ),
        Field(
            _RESPONSES,
            "question",
            Text(de="Frage", en="Question"),
            each(("NPS", "CSAT", "Kündigungsgrund"), ("NPS", "CSAT", "leaving")),
            Text(
                de="NPS (Weiterempfehlung), CSAT (Zufriedenheit), CES (Mühe) oder Kündigungsgrund",
                en="NPS (recommendation), CSAT (satisfaction), CES (effort) or leaving",
            ),
        ),
        Field(_RESPONSES, "score", Text(de="Wert", en="Score"), same("9", "4", "")),
        Field(_RESPONSES, "lowest", Text(de="Skala von", en="Scale from"), same("0", "1", "")),
        Field(_RESPONSES, "highest", Text(de="Skala bis", en="Scale to"), same("10", "5", "")),
        Field(
            _RESPONSES,
            "answer",
            Text(de="Antwort in Worten", en="Answer in words"),
            each(("", "Schnell geliefert", "Zu teuer"), ("", "Quick delivery", "Too expensive")),
        ),
        Field(
            _RESPONSES,
            "ticket_id",
            _TICKET,
            same("", "T-2", ""),
            Text(
                de="Anfrage, um die es ging; sonst leer",
                en="request that it was about; otherwise empty",
            ),
        ),
    ),
)
TICKETS = Template(
    _TICKETS,
    Text(
        de=f"{BESIDE.de} Nötig ist nur der Eingang.",
        en=f"{BESIDE.en} Only the time at which it was opened is needed.",
    ),
    (
        Field(_TICKETS, "ticket_id", _TICKET, same("T-1", "T-2", "T-3")),
        Field(
            _TICKETS,
            "customer_id",
            WHO,
            same("anna@example.com", "ben@example.com", "dora@example.com"),
            CUSTOMER,
        ),
        Field(
            _TICKETS,
            "opened_at",
            Text(de="Eingang", en="Opened at"),
            each(
                ("16.01.2026 09:00", "30.01.2026 14:10", "21.02.2026 18:55"),
                ("2026-01-16 09:00", "2026-01-30 14:10", "2026-02-21 18:55"),
            ),
            Text(
                de="Tag und Uhrzeit in der Zeitzone des Shops",
                en="day and time in the shop's time zone",
            ),
        ),
        Field(
            _TICKETS,
            "answered_at",
            Text(de="Erste Antwort", en="First response"),
            each(
                ("16.01.2026 09:40", "31.01.2026 08:05", ""),
                ("2026-01-16 09:40", "2026-01-31 08:05", ""),
            ),
            Text(de="Tag und Uhrzeit der ersten Antwort", en="day and time of the first answer"),
        ),
        Field(
            _TICKETS,
            "solved_at",
            Text(de="Gelöst am", en="Solved at"),
            each(
                ("16.01.2026 09:40", "02.02.2026 16:20", ""),
                ("2026-01-16 09:40", "2026-02-02 16:20", ""),
            ),
            Text(
                de="Tag und Uhrzeit der Lösung; leer, solange sie offen ist",
                en="day and time of the solution; empty while it is open",
            ),
        ),
        Field(_TICKETS, "contacts", Text(de="Kontakte", en="Contacts"), same("1", "2", "")),
        Field(
            _TICKETS,
            "channel",
            Text(de="Kanal", en="Channel"),
            each(("E-Mail", "Telefon", "Chat"), ("e-mail", "telephone", "chat")),
        ),
        Field(
            _TICKETS,
            "reason",
            Text(de="Grund", en="Reason"),
            each(("Lieferung", "Rechnung", "Lieferung"), ("delivery", "invoice", "delivery")),
            Text(de=f"worum es ging; {IF_KNOWN.de}", en=f"what it was about; {IF_KNOWN.en}"),
        ),
    ),
)

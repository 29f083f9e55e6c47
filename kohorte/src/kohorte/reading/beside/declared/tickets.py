"""Requests to customer service, as Zendesk, Freshdesk, OTRS, Znuny, Zammad and Gorgias export them.

Traps: systems tell how long the first answer took and not when it came; “Requester ID” is the
help desk's number and not the shop's; spam and merged requests stand among the others.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import CUSTOMER, EMAIL, Field, FileKind, choices, said

KIND = FileKind(
    table=tables.BESIDE["tickets"],
    name=Text(de="Anfragen an den Kundenservice", en="Requests to customer service"),
    row=Sentence("a request to customer service"),
    needs=(("opened_at",),),
    named=frozenset(
        [
            "tickets",
            "ticket",
            "anfragen",
            "kundenanfragen",
            "supportanfragen",
            "kundenservice",
            "zendesk",
            "freshdesk",
            "otrs",
            "zammad",
            "znuny",
            "gorgias",
            "conversations",
            "helpdesk",
            "support",
            "cases",
            "vorgaenge",
        ]
    ),
    without=("amount", "quantity", "unit_price"),
    fields=(
        Field(
            name="ticket_id",
            reads="id",
            telling=said(
                "ticket_id, Ticket, Ticket ID, Ticket number, Ticket no, Ticket-Nr, Ticketnummer, "
                "Ticketnr, Vorgangsnummer, Anfragenummer, Anfrage-Nr, Nummer der Anfrage, "
                "Conversation ID, Case number, Case ID, Fallnummer, Request number, Gesprächsnummer"
            ),
            usual=said("ID, Nr, Nummer, Number, Key"),
        ),
        CUSTOMER,
        EMAIL,
        Field(
            name="opened_at",
            reads="instant",
            required=True,
            telling=said(
                "opened_at, Eingang, Eingegangen, Eingegangen am, Eingangsdatum, Eingangszeit, "
                "Eröffnet, Eröffnet am, Opened, Opened at, Ticket created, Ticket created at, "
                "Ticket erstellt, Angefragt am, Received at, Date opened"
            ),
            usual=said(
                "Created at, Created, Created time, Created date, Creation date, Erstellt, "
                "Erstellt am, Erstelldatum, Erstellungsdatum, Date created, Create time, Datum, Date, "
                "Angelegt am, Start"
            ),
        ),
        Field(
            name="answered_at",
            reads="instant",
            telling=said(
                "answered_at, Erste Antwort, Erste Antwort am, Erstantwort, Erstantwort am, First "
                "response, First response at, First response date, First reply, First reply at, "
                "Initial response time, Beantwortet, Beantwortet am, First response time stamp, "
                "First answer, Answered at, Date first response"
            ),
        ),
        Field(
            name="answered_after",
            reads="duration",
            telling=said(
                "First response time, First reply time, First reply time in minutes, "
                "First response time in hrs, First response in min, Erstantwortzeit, "
                "Erstreaktionszeit, Zeit bis zur ersten Antwort, Zeit bis erste Antwort, Reaktionszeit, "
                "Time to first response, First response time in minutes, First reply time in hours"
            ),
        ),
        Field(
            name="solved_at",
            reads="instant",
            telling=said(
                "solved_at, Gelöst, Gelöst am, Solved, Solved at, Resolved, Resolved at, Resolved time, "
                "Resolved date, Erledigt am, Gelöst um, Lösungsdatum, Date resolved, Abgeschlossen am"
            ),
            usual=said(
                "Closed, Closed at, Closed time, Closed date, Geschlossen, Geschlossen am, Close time, "
                "Close date, Ende"
            ),
        ),
        Field(
            name="solved_after",
            reads="duration",
            telling=said(
                "Resolution time, Full resolution time, Full resolution time in minutes, "
                "Resolution time in hrs, Solution in min, Lösungszeit, Bearbeitungszeit, Zeit bis zur "
                "Lösung, Time to resolution, Full resolution time in hours"
            ),
        ),
        Field(
            name="contacts",
            reads="whole",
            telling=said(
                "contacts, Kontakte, Anzahl Kontakte, Customer interactions, Number of contacts, "
                "Kundenkontakte, Customer messages, Nachrichten des Kunden"
            ),
        ),
        Field(
            name="reopens",
            reads="whole",
            telling=said(
                "Reopens, Reopened, Wieder geöffnet, Wiedereröffnungen, Number of reopens"
            ),
        ),
        Field(
            name="solved_first",
            reads="flag",
            otherwise="no",
            telling=said(
                "First contact resolution, Resolved on first contact, Beim ersten Kontakt gelöst, "
                "Erstlösung, FCR, One touch"
            ),
        ),
        Field(
            name="channel",
            reads="text",
            usual=said("channel, Via, Kanal, Channel type, Source, Quelle, Eingangskanal"),
        ),
        Field(
            name="reason",
            reads="text",
            usual=said(
                "reason, Grund, Anfragegrund, Kategorie, Category, Thema, Topic, Contact reason, "
                "Kontaktgrund, Ticket type, Type, Typ, Queue, Bereich, Anliegen"
            ),
        ),
        Field(
            name="state",
            reads="choice",
            usual=said("Status, State, Ticket status, Zustand"),
            choices=choices(
                none="Spam, Deleted, Gelöscht, Merged, Zusammengeführt, Zusammengefasst, Removed",
            ),
        ),
        Field(
            name="told_by_desk",
            reads="text",
            telling=said(
                "Assignee, Requester, Agent, Agent interactions, First response status, "
                "Resolution status, Bearbeiter, Zugewiesen an, Ticket subject, Solution diff in min, "
                "Accounted time, Satisfaction score, Survey results"
            ),
        ),
    ),
    made={
        "answered_at": "coalesce(answered_at, opened_at + answered_after)",
        "solved_at": "coalesce(solved_at, opened_at + solved_after)",
        "contacts": "coalesce(nullif(contacts, 0), reopens + 1, "
        "CASE WHEN solved_first = 'yes' THEN 1 WHEN solved_first = 'no' THEN 2 END)",
    },
    left_out={
        "state = 'none'": Sentence(
            "Requests that were spam, deleted or merged with others were left out: {count}."
        ),
    },
    same=("ticket_id",),
)

"""Leads: the shop's own list, and exports of HubSpot, Salesforce, Pipedrive and forms.

Traps: whether a lead is qualified is hidden in its stage; contacts that are customers already stand
among the others.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import CUSTOMER, EMAIL, Field, FileKind, choices, said

KIND = FileKind(
    table=tables.BESIDE["leads"],
    name=Text(de="Interessenten", en="Leads"),
    row=Sentence("a lead"),
    needs=(("created_at",),),
    named=frozenset(
        [
            "leads",
            "lead",
            "interessenten",
            "interessent",
            "anfragen",
            "hubspot",
            "pipedrive",
            "contacts",
            "kontakte",
            "mql",
        ]
    ),
    without=("amount", "quantity", "unit_price"),
    fields=(
        Field(
            name="lead_id",
            reads="id",
            telling=said(
                "lead_id, Lead, Lead ID, Lead number, Lead-Nr, Leadnummer, Interessentennummer, "
                "Interessenten-Nr, Nummer des Interessenten, Interessent"
            ),
            usual=said("Record ID, Contact ID, Kontakt-ID, ID, Nr, Nummer"),
        ),
        CUSTOMER,
        EMAIL,
        Field(
            name="created_at",
            reads="instant",
            required=True,
            telling=said("Lead created, Lead created at, Lead creation date, Lead erstellt am"),
            usual=said(
                "created_at, Create date, Created date, Created, Created on, Erstellt am, Erstelldatum, "
                "Erstellungsdatum, Angelegt am, Datum, Date, Anfragedatum, Date added, Became a lead "
                "date, Submitted at, Eingang, Add time"
            ),
        ),
        Field(
            name="channel",
            reads="text",
            telling=said("Lead source, Leadquelle, Lead-Quelle, Lead source name"),
            usual=said(
                "channel, Kanal, Original source, Original source type, Originalquelle, Quelle, Source, "
                "Herkunft, UTM source, Latest source, Marketingkanal, Campaign, Kampagne"
            ),
        ),
        Field(
            name="qualified",
            reads="flag",
            otherwise="no",
            telling=said(
                "qualified, Qualifiziert, Ist qualifiziert, Is qualified, MQL, SQL, "
                "Marketing qualified, Sales qualified, Lead qualified, Lifecycle stage, "
                "Lifecycle-Phase, Lebenszyklusphase, Lead status, Leadstatus, Lead-Status, "
                "Lead stage, Qualification"
            ),
            usual=said("Status, Stage, Phase"),
            choices=choices(
                yes="Marketing qualified lead, Sales qualified lead, MQL, SQL, Opportunity, Customer, "
                "Evangelist, Qualifiziert, Qualified, Kunde, Chance, Closed converted, Converted, "
                "Gewonnen, Won, Open deal, Connected, Angebot, Proposal, Verkaufschance, "
                "Marketing-qualifizierter Lead, Vertriebsqualifizierter Lead",
                no="Lead, Subscriber, Abonnent, Unqualified, Nicht qualifiziert, Unqualifiziert, New, "
                "Neu, Open, Offen, Attempted to contact, Other, Sonstige, Disqualified, Bad timing, "
                "Open not contacted, Working contacted, Closed not converted, Lost, Verloren, Junk, "
                "Kalt, In progress, In Bearbeitung, Contacted, Kontaktiert, Spam",
            ),
        ),
    ),
    made={"qualified": "coalesce(qualified = 'yes', false)"},
    same=("lead_id",),
    assumed={"qualified": "yes"},
)

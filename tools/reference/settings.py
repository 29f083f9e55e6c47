"""The page about the settings of `kohorte`: what a shop decides about its numbers."""

from __future__ import annotations

from dataclasses import fields

from kohorte.language import Language, Text
from kohorte.settings import Settings
from tools.reference import commands, markdown

TITLE = Text(de="Einstellungen", en="Settings")
INTRODUCTION = Text(
    de="Diese Entscheidungen ändern Zahlen. Jeder Bericht nennt die Werte, mit denen er gerechnet wurde. In Python "
    "stehen sie in `kohorte.Settings`, auf der Befehlszeile als Option, wo es eine gibt.",
    en="These decisions change numbers. Every report names the values that it was computed with. In Python they stand in "
    "`kohorte.Settings`, on the command line in an option where there is one.",
)
HEAD = {
    "de": ("Einstellung", "Bedeutung", "Vorgabe", "Option"),
    "en": ("setting", "meaning", "default", "option"),
}
NONE = Text(de="keine", en="none")

MEANINGS = {
    "timezone": Text(
        de="Zeitzone des Shops mit ihrem IANA-Namen. Tage, Wochen und Monate sind die des Shops, nicht die der Weltzeit.",
        en="Time zone of the shop by its IANA name. Days, weeks and months are the shop's, not those of universal time.",
    ),
    "active_days": Text(
        de="w: Aktiv ist, wer in den letzten so vielen Tagen mindestens eine gezählte Bestellung hat.",
        en="w: a customer is active with at least one counted order in the last so many days.",
    ),
    "retention_days": Text(
        de="Länge des Zeitraums, über den Bindung und Abwanderung gemessen werden; ohne Angabe gleich `active_days` "
        "und nie länger.",
        en="Length of the period over which retention and churn are measured; `active_days` unless set, and never longer.",
    ),
    "repeat_days": Text(
        de="Fenster der Wiederholungskaufrate neuer Kunden: eine zweite Bestellung binnen so vieler Tage nach der ersten.",
        en="Window of the repeat rate of new customers: a second order within so many days of the first.",
    ),
    "cohort_days": Text(
        de="Länge einer Altersstufe rollierender Kohorten in Tagen.",
        en="Length of one age step of rolling cohorts, in days.",
    ),
    "week_start": Text(
        de="Erster Tag der Woche: 1 ist Montag (ISO), 7 ist Sonntag.",
        en="First day of the week: 1 is Monday (ISO), 7 is Sunday.",
    ),
    "since": Text(
        de="Erster Tag des Shops, der gezählt wird; ohne Angabe der erste, der gelesen wurde.",
        en="First local day to be counted; unless set, the first that was read.",
    ),
    "until": Text(
        de="Letzter Tag des Shops, der gezählt wird; ohne Angabe der letzte, der gelesen wurde.",
        en="Last local day to be counted; unless set, the last that was read.",
    ),
    "margin_percent": Text(
        de="Deckungsbeitrag in Prozent des Umsatzes. Ohne ihn wird der Kundenwert nur als Umsatz gezeigt.",
        en="Contribution margin in percent of revenue. Without it the value of customers is shown as revenue only.",
    ),
    "confidence_percent": Text(
        de="Wie oft die Spannen um die Zahlen den wahren Wert enthalten sollen, in Prozent.",
        en="How often the ranges around numbers are to contain the true value, in percent.",
    ),
    "payment_days": Text(
        de="Zahlungsfrist: So viele Tage zählt eine Bestellung auf Rechnung oder Vorkasse, auch wenn sie noch offen ist.",
        en="Time to pay: for so many days an order on invoice or prepayment counts while it is not paid yet.",
    ),
    "renewal_days": Text(
        de="Ein Vertrag gilt als verlängert, wenn binnen so vieler Tage eine neue Laufzeit beginnt.",
        en="A contract counts as renewed if a new term begins within so many days.",
    ),
    "lead_days": Text(
        de="So viele Tage hat ein Interessent, um Kunde zu werden.",
        en="So many days a lead has to become a customer.",
    ),
    "return_days": Text(
        de="In so vielen Tagen kann eine Bestellung zurückkommen.",
        en="Within so many days an order may come back.",
    ),
    "count": Text(
        de="Gründe, aus denen sonst nichts zählt, hier aber doch, etwa `fully_refunded`.",
        en="Reasons for which something usually does not count, but does here, such as `fully_refunded`.",
    ),
    "leave_out": Text(
        de="Was sonst zählt, hier aber nicht: `zero_value` (Bestellungen ohne Wert) oder `open` (noch nicht bezahlt).",
        en="What usually counts, but not here: `zero_value` (orders worth nothing) or `open` (not paid yet).",
    ),
}


def page(language: Language) -> str:
    """Return the page in one language."""
    rows = [
        (
            markdown.code(name),
            MEANINGS[name].render(language),
            default(name, language),
            option(name),
        )
        for name in Settings.names()
    ]
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        markdown.table(HEAD[language], rows),
    )


def default(name: str, language: Language) -> str:
    if name == "retention_days":
        return markdown.code("active_days")
    value = next(field.default for field in fields(Settings) if field.name == name)
    return NONE.render(language) if value in (None, ()) else markdown.code(f"{value}")


def option(name: str) -> str:
    """Return the option of `kohorte report` that sets it; units are left out on the command line."""
    names = {name, name.removesuffix("_percent")}
    found = [p.opts[0] for p in commands.commands()["report"].params if p.name in names]
    return ", ".join(markdown.code(each) for each in found)

"""The page about reading files: what may be said about a file, and what a column can mean."""

from __future__ import annotations

from dataclasses import fields

from kohorte.language import Language, Text
from kohorte.reading import options
from kohorte.reading.beside import understanding
from kohorte.reading.beside.declared import EVERY
from tools.reference import markdown, systems

TITLE = Text(de="Dateien lesen", en="Reading files")
INTRODUCTION = Text(
    de="Was eine Datei enthält, wird erkannt und im Bericht genannt. Was davon nicht stimmt, sagen Sie selbst: in Python "
    "mit `kohorte.ReadOptions`, sonst in einer Zuordnungsdatei (TOML), deren Schlüssel hier stehen.",
    en="What a file holds is recognized and named in the report. Where that is wrong, say it yourself: in Python with "
    "`kohorte.ReadOptions`, otherwise in a mapping file (TOML) whose keys stand here.",
)
OPTIONS_TITLE = Text(de="Angaben zur Datei", en="Options")
MEANINGS_TITLE = Text(de="Bedeutungen von Spalten", en="Meanings of columns")
OPTIONS_HEAD = {"de": ("Angabe", "Bedeutung"), "en": ("option", "meaning")}
MEANINGS_HEAD = {"de": ("Name", "Was die Spalte enthält"), "en": ("name", "what the column holds")}

OPTIONS = {
    "columns": Text(
        de="Welche Spalte was enthält: Bedeutung links, Überschrift rechts. Neben den Bestellungen steht die Tabelle "
        "davor, etwa `spend.channel`.",
        en="Which column holds what: the meaning on the left, the header on the right. Beside the orders the table "
        "stands in front of it, as in `spend.channel`.",
    ),
    "rows": Text(
        de="Was eine Zeile ist: `orders` (eine Bestellung) oder `lines` (eine Position einer Bestellung).",
        en="What a row is: `orders` (an order) or `lines` (one line of an order).",
    ),
    "date_format": Text(
        de="Wie ein Datum geschrieben ist, etwa `TT.MM.JJJJ HH:MM` oder `d. mmmm yyyy`; mehrere werden durch `|` getrennt. "
        "`iso` steht für 2024-12-31, `excel` für 45657, `unix` für 1735653780.",
        en="How a date is written, such as `dd.mm.yyyy HH:MM` or `d mmmm yyyy`; several are parted by `|`. `iso` stands for "
        "2024-12-31, `excel` for 45657, `unix` for 1735653780.",
    ),
    "decimal": Text(de="Das Dezimalzeichen: `,` oder `.`", en="The decimal mark: `,` or `.`"),
    "delimiter": Text(
        de="Das Zeichen zwischen den Zellen einer Textdatei.",
        en="The character between the cells of a text file.",
    ),
    "encoding": Text(
        de="Die Zeichenkodierung einer Textdatei, etwa `cp1252`.",
        en="The encoding of a text file, such as `cp1252`.",
    ),
    "currency": Text(
        de="ISO-Kürzel der Währung aller Beträge, etwa `EUR`.",
        en="ISO code of the currency of all amounts, such as `EUR`.",
    ),
    "skip_bad_rows": Text(
        de="Unlesbare Zeilen auslassen und auflisten, statt die Datei abzulehnen.",
        en="Leave out rows that cannot be read, and list them, instead of refusing the file.",
    ),
    "states": Text(
        de="Was Wörter der Statusspalte heißen: das Wort links, rechts zum Beispiel `counted`, `open`, `cancelled`, "
        "`test`, `unpaid` oder `refunded`.",
        en="What words of the status column say: the word on the left, on the right for example `counted`, `open`, "
        "`cancelled`, `test`, `unpaid` or `refunded`.",
    ),
    "goods_only": Text(
        de="Zeilen für Porto, Gebühren, Gutscheine und Ähnliches auslassen, wo das Dateiformat sie kennt.",
        en="Leave out lines for postage, fees, vouchers and the like, where the layout knows them.",
    ),
    "sheet": Text(
        de="Das Blatt, das aus jeder Arbeitsmappe (Excel, ODS) gelesen wird.",
        en="The sheet that is read of every workbook (Excel, ODS).",
    ),
    "sheets": Text(
        de="Das Blatt, das aus einer bestimmten Arbeitsmappe gelesen wird: links die Datei, rechts das Blatt.",
        en="The sheet that is read of one workbook: the file on the left, the sheet on the right.",
    ),
    "taxes": Text(
        de="Ob die Beträge die Steuern enthalten: `inside` (brutto) oder `outside` (netto).",
        en="Whether the amounts hold the taxes: `inside` (gross) or `outside` (net).",
    ),
    "postage": Text(
        de="Ob die Beträge den Versand enthalten: `inside` oder `outside`.",
        en="Whether the amounts hold the postage: `inside` or `outside`.",
    ),
    "tax_rate": Text(
        de="Steuersatz in Prozent, etwa `19` oder `7`, oder `oss` für den des Käuferlandes.",
        en="Rate of the taxes in percent, such as `19` or `7`, or `oss` for that of the buyer's country.",
    ),
    "net": Text(de="Umsatz ohne Steuern zählen.", en="Count revenue without taxes."),
    "without_postage": Text(
        de="Umsatz ohne Versandkosten zählen.", en="Count revenue without postage."
    ),
    "rates": Text(
        de="Eine Datei mit Tageskursen, nach denen andere Währungen in `currency` umgerechnet werden.",
        en="A file with daily rates by which other currencies are converted to `currency`.",
    ),
    "separate_accounts": Text(
        de="Kundennummern mit derselben E-Mail-Adresse nicht zusammenführen.",
        en="Leave customer numbers apart although they share an e-mail address.",
    ),
    "accounts_per_address": Text(
        de="Bis zu so vielen Kundennummern führt eine E-Mail-Adresse sie zusammen; 5, wenn nichts anderes gesagt ist.",
        en="With so many customer numbers an e-mail address still joins them; 5 unless said otherwise.",
    ),
    "exclude": Text(
        de="Regeln, nach denen Bestellungen nicht zählen: Grund, Spalte und Muster, etwa `staff`, `E-Mail`, "
        "`*@example.com`.",
        en="Rules by which orders do not count: reason, column and pattern, such as `staff`, `E-Mail`, "
        "`*@example.com`.",
    ),
    "kinds": Text(
        de="Was eine Datei enthält, wenn es falsch erkannt wird: der Dateiname links, `orders`, `order_lines`, "
        "`refunds`, `customers` oder eine der Tabellen neben den Bestellungen rechts.",
        en="What a file holds if it is not recognized: the name of the file on the left, `orders`, `order_lines`, "
        "`refunds`, `customers` or one of the tables beside the orders on the right.",
    ),
    "words": Text(
        de="Was Wörter in Dateien neben den Bestellungen heißen: Feld und Wort links, rechts etwa `acquisition`. Sagt es "
        "keine Spalte, steht der Dateiname für das Wort.",
        en="What words in files beside the orders mean: field and word on the left, on the right for example "
        "`acquisition`. Where no column tells it, the name of the file stands for the word.",
    ),
    "scales": Text(
        de="Die Skala einer Umfragefrage: `csat` links, `1-5` rechts. Werte außerhalb zählen nicht.",
        en="The scale of a survey question: `csat` on the left, `1-5` on the right. Scores outside it do not count.",
    ),
}
MEANINGS = {
    "order_id": Text(
        de="Nummer der Bestellung; fehlt sie, gelten Kunde und Tag als eine Bestellung",
        en="number of the order; without it customer and day make one order",
    ),
    "customer_id": Text(de="Nummer des Kunden", en="number of the customer"),
    "email": Text(
        de="E-Mail-Adresse des Kunden; dient als Nummer, wenn keine da ist, und steht nie im Bericht",
        en="e-mail address of the customer; serves as number where there is none, and never shows in a report",
    ),
    "date": Text(de="Wann bestellt wurde", en="when the order was placed"),
    "amount": Text(de="Betrag in Euro, Pfund …", en="amount in euros, pounds …"),
    "amount_minor": Text(de="Betrag in Cent, Pence …", en="amount in cents, pence …"),
    "quantity": Text(de="Stückzahl", en="number of pieces"),
    "unit_price": Text(de="Preis eines Stücks", en="price of one piece"),
    "product_id": Text(de="Nummer des Artikels", en="number of the product"),
    "product": Text(de="Bezeichnung des Artikels", en="name of the product"),
    "country": Text(de="Land des Kunden", en="country of the customer"),
    "currency": Text(de="Währung des Betrags", en="currency of the amount"),
    "status": Text(
        de="Zustand der Bestellung: bezahlt, storniert, Test …",
        en="state of the order: paid, cancelled, test …",
    ),
    "refund": Text(de="Erstatteter Betrag", en="amount refunded"),
    "paid_at": Text(
        de="Wann bezahlt wurde; leer heißt: noch nicht", en="when it was paid; empty means not yet"
    ),
    "tax": Text(de="Steuerbetrag", en="amount of the taxes"),
    "postage": Text(de="Versandkosten", en="cost of the postage"),
    "refund_id": Text(
        de="Nummer der Erstattung, in einer Liste von Erstattungen",
        en="number of the refund, in a list of refunds",
    ),
    "channel": Text(
        de="Kanal, über den die Bestellung kam, etwa Newsletter oder Marktplatz",
        en="channel that the order came through, such as newsletter or marketplace",
    ),
}


BESIDE_TITLE = Text(de="Spalten neben den Bestellungen", en="Columns beside the orders")
BESIDE_INTRODUCTION = Text(
    de="So heißen die Felder der Dateien neben den Bestellungen, und so dürfen ihre Überschriften heißen; Groß- und "
    "Kleinschreibung, Satzzeichen und Einheiten in Klammern spielen keine Rolle. Fett steht, was eine solche Datei "
    "verrät.",
    en="These are the fields of files beside the orders, and what their headers may be; case, punctuation and units in "
    "brackets do not matter. Bold is what gives such a file away.",
)
BESIDE_HEAD = {
    "de": ("Feld", "Inhalt", "Überschriften"),
    "en": ("field", "what it holds", "headers"),
}
_SHOWN = 8


def beside(language: Language) -> list[str]:
    """Return the section about the fields of each table beside the orders."""
    parts = [
        f"## {BESIDE_TITLE.render(language)} {{ #beside }}",
        BESIDE_INTRODUCTION.render(language),
    ]
    for table, kind in EVERY.items():
        rows = [
            (
                markdown.code(f"{table}.{field.name}"),
                understanding.meaning_of(kind, field.name).render(language),
                ", ".join(
                    [
                        *(f"**{markdown.code(header)}**" for header in field.telling[:_SHOWN]),
                        *map(markdown.code, field.usual[: max(0, _SHOWN - len(field.telling))]),
                    ]
                ),
            )
            for field in kind.fields
            if not field.name.startswith("told_by")
        ]
        parts += [f"### {kind.name.render(language)}", markdown.table(BESIDE_HEAD[language], rows)]
    return parts


def page(language: Language) -> str:
    """Return the page in one language."""
    given = [
        (markdown.code(option.name), OPTIONS[option.name].render(language))
        for option in fields(options.ReadOptions)
    ]
    meant = [(markdown.code(name), MEANINGS[name].render(language)) for name in options.MEANINGS]
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        f"## {OPTIONS_TITLE.render(language)}",
        markdown.table(OPTIONS_HEAD[language], given),
        f"## {MEANINGS_TITLE.render(language)} {{ #meanings }}",
        markdown.table(MEANINGS_HEAD[language], meant),
        *beside(language),
        *systems.section(language),
    )

"""Files that DATEV Accounting imports: EXTF, header 700, category 21 (Buchungsstapel), version 13.

Written after the format description on developer.datev.de (pages “Einstieg”, “Header” and
“Buchungsstapel”): semicolons, CR LF, Windows-1252, decimal comma, texts in quotation marks and
everything else without them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kohorte.spreadsheets import harmless

# A batch may hold so many rows, and a text so many letters.
ROWS_MAX, TEXT_MAX, NAME_MAX = 99_999, 60, 30
AMOUNT_MAX_MINOR = 10**12 - 1
_FIRST = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz",
    "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum",
    "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext", "Postensperre",
    "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink",
)  # fmt: skip
_MIDDLE = (
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart",
    "Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp",
    "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung",
)  # fmt: skip
_LAST = (
    "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr",
    "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID",
    "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername",
    "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer", "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung",
    "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)",
    "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip


def _pairs(first: str, second: str, count: int) -> tuple[str, ...]:
    return tuple(name for at in range(1, count + 1) for name in (f"{first} {at}", f"{second} {at}"))


COLUMNS: tuple[str, ...] = (
    *_FIRST,
    *_pairs("Beleginfo - Art", "Beleginfo - Inhalt", 8),
    *_MIDDLE,
    # The blank that is missing before the dash is missing in the format as well.
    *_pairs("Zusatzinformation - Art", "Zusatzinformation- Inhalt", 20),
    *_LAST,
)
# Columns of text, counted from 1: they are quoted even when nothing stands in them.
_TEXTS = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, *range(20, 39), 40, 42, *range(48, 88), 91, 95, 96, 98, 102, 103}
    | {105, 107, 109, 110, 112, 118, 120, 121, 123}
)
_LOCKED = COLUMNS.index("Festschreibung")


@dataclass(frozen=True)
class Client:
    """Whose books they are: the numbers that the tax adviser knows.

    Parameters
    ----------
    adviser
        Beraternummer, 1001 to 9999999.
    number
        Mandantennummer, 1 to 99999.
    year_begins
        First day of the fiscal year.
    account_digits
        Length of general ledger accounts, 4 to 8.
    """

    adviser: int
    number: int
    year_begins: dt.date
    account_digits: int = 4


@dataclass(frozen=True)
class Posting:
    """One row: an amount, on which side of which account, against which other.

    Parameters
    ----------
    side
        Of `account`: S for debit (Soll), H for credit (Haben).
    reference
        Stands in Belegfeld 1: letters, digits and $ % & * + - / only.
    """

    amount_minor: int
    side: Literal["S", "H"]
    account: str
    contra: str
    on: dt.date
    reference: str
    text: str


def batch(
    client: Client,
    postings: Sequence[Posting],
    *,
    since: dt.date,
    until: dt.date,
    name: str,
    currency: str,
    exponent: int,
    made_at: dt.datetime,
) -> bytes:
    r"""Return the file.

    Nothing is locked (Festschreibung 0): whoever keeps the books looks at it first.

    Parameters
    ----------
    postings
        All within one fiscal year, for a row names day and month only.
    since, until
        First and last day.
    name
        Of the batch.
    exponent
        Digits of the currency's minor unit.
    made_at
        In the zone of the shop.

    Raises
    ------
    ValueError
        A number, an account or a day that DATEV would not take, or too many rows.

    Examples
    --------
    >>> day = dt.date(2026, 12, 31)
    >>> row = Posting(61_250, "H", "0970", "6300", day, "PUNKTE-2026", "Rückstellung Punkte")
    >>> found = batch(
    ...     Client(1001, 1, dt.date(2026, 1, 1)), [row], since=day, until=day, name="Punkte",
    ...     currency="EUR", exponent=2, made_at=dt.datetime(2027, 1, 4, 9, 30),
    ... ).decode("cp1252").split("\r\n")
    >>> found[0]
    '"EXTF";700;21;"Buchungsstapel";13;20270104093000000;;"RE";"";"";1001;1;20260101;4;20261231;20261231;"Punkte";"";1;0;0;"EUR";;"";;;"";;;"";""'
    >>> found[2][:77]
    '612,50;"H";"EUR";;;"";970;6300;"";3112;"PUNKTE-2026";"";;"Rückstellung Punkte'
    """
    _require(client, postings, since, until)
    lines = [
        _header(client, since, until, name, currency, made_at),
        ";".join(COLUMNS),
        *(_row(posting, currency, exponent) for posting in postings),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252", "replace")


def _require(client: Client, postings: Sequence[Posting], since: dt.date, until: dt.date) -> None:
    """Refuse what DATEV would."""
    year_ends = client.year_begins.replace(year=client.year_begins.year + 1)
    checks = [
        (1001 <= client.adviser <= 9_999_999, "Beraternummer: 1001 to 9999999."),
        (1 <= client.number <= 99_999, "Mandantennummer: 1 to 99999."),
        (4 <= client.account_digits <= 8, "Accounts have 4 to 8 digits."),
        (client.year_begins <= since <= until < year_ends, "The days lie in one fiscal year."),
        (len(postings) <= ROWS_MAX, "A batch has 99,999 rows at most."),
        (all(since <= each.on <= until for each in postings), "A row lies outside of the days."),
        (
            all(0 < each.amount_minor <= AMOUNT_MAX_MINOR for each in postings),
            "Amounts are above zero.",
        ),
        (
            all(
                re.fullmatch(rf"\d{{1,{client.account_digits + 1}}}", account) and int(account)
                for each in postings
                for account in (each.account, each.contra)
            ),
            "An account is a number of the length that was said.",
        ),
    ]
    for holds, sentence in checks:
        if not holds:
            raise ValueError(sentence)


def _header(
    client: Client,
    since: dt.date,
    until: dt.date,
    name: str,
    currency: str,
    made_at: dt.datetime,
) -> str:
    """Return the first line: 31 fields."""
    fields: list[object] = [
        _text("EXTF"), 700, 21, _text("Buchungsstapel"), 13,
        f"{made_at:%Y%m%d%H%M%S}{made_at.microsecond // 1000:03}", "", _text("RE"), _text(""),
        _text(""), client.adviser, client.number, f"{client.year_begins:%Y%m%d}",
        client.account_digits, f"{since:%Y%m%d}", f"{until:%Y%m%d}",
        _text(_plain(name)[:NAME_MAX]), _text(""), 1, 0, 0, _text(currency), "", _text(""), "", "",
        _text(""), "", "", _text(""), _text(""),
    ]  # fmt: skip
    return ";".join(str(field) for field in fields)


def _row(posting: Posting, currency: str, exponent: int) -> str:
    """Return one row of 125 fields."""
    fields = ['""' if at in _TEXTS else "" for at in range(1, len(COLUMNS) + 1)]
    fields[:3] = [_amount(posting.amount_minor, exponent), _text(posting.side), _text(currency)]
    # Leading zeros are no part of an account's number there.
    fields[6:8] = [str(int(posting.account)), str(int(posting.contra))]
    fields[9] = f"{posting.on:%d%m}"
    fields[10] = _text(re.sub(r"[^\w$%&*+\-/]", "-", posting.reference, flags=re.ASCII)[:36])
    fields[13] = _text(_plain(posting.text)[:TEXT_MAX])
    fields[_LOCKED] = "0"
    return ";".join(fields)


def _amount(amount_minor: int, exponent: int) -> str:
    """Return an amount with a decimal comma and two digits, as the format demands.

    >>> _amount(123456, 2), _amount(500, 0), _amount(1234, 3)
    ('1234,56', '500,00', '1,23')
    """
    hundredths = amount_minor * 100 // 10**exponent
    return f"{hundredths // 100},{hundredths % 100:02}"


def _plain(text: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return str(harmless(found))


def _text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def total_minor(postings: Iterable[Posting], account: str) -> int:
    """Return by how much an account grows on its credit side.

    >>> day = dt.date(2026, 1, 31)
    >>> rows = [Posting(500, "H", "970", "6300", day, "", ""), Posting(200, "S", "970", "4830", day, "", "")]
    >>> total_minor(rows, "970"), total_minor(rows, "6300")
    (300, -500)
    """
    found = 0
    for each in postings:
        sign = 1 if each.side == "H" else -1
        found += sign * each.amount_minor * ((each.account == account) - (each.contra == account))
    return found

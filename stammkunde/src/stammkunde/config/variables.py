"""Every variable that the product reads from its environment; the reference pages are made from this list."""

from __future__ import annotations

from typing import Any

from kohorte.language import Text
from stammkunde.config import database, environment
from stammkunde.config.environment import Variable

DEBUG = Variable(
    name="STAMMKUNDE_DEBUG",
    parse=environment.switch,
    default="0",
    meaning=Text(
        de="Entwicklermodus: ausführliche Fehlerseiten, kein Geheimnis nötig. "
        "Nie auf einem Rechner einschalten, den andere erreichen.",
        en="Developer mode: detailed error pages, no secret needed. "
        "Never switch it on where others can reach the machine.",
    ),
)
SECRET_KEY = Variable(
    name="STAMMKUNDE_SECRET_KEY",
    parse=environment.secret,
    default=None,
    meaning=Text(
        de="Signiert Sitzungen und Links; mindestens 50 Zeichen. Wer den Schlüssel kennt, "
        "kann sich als jede Person anmelden.",
        en="Signs sessions and links; at least 50 characters. Whoever knows the key can sign in as anybody.",
    ),
    without=Text(
        de="Pflicht; im Entwicklermodus bei jedem Start ein neuer Schlüssel",
        en="required; in developer mode a new key at every start",
    ),
)
ALLOWED_HOSTS = Variable(
    name="STAMMKUNDE_ALLOWED_HOSTS",
    parse=environment.names,
    default="localhost,127.0.0.1,[::1]",
    meaning=Text(
        de="Namen, unter denen die Anwendung antwortet, durch Kommas getrennt.",
        en="Names under which the application answers, parted by commas.",
    ),
)
DATABASE_URL = Variable(
    name="DATABASE_URL",
    parse=database.parse,
    default="sqlite:///stammkunde.sqlite3",
    meaning=Text(
        de="Adresse der Datenbank: `sqlite:///datei` oder `postgresql://person:passwort@host:5432/name`. "
        "Ohne Vorsilbe, weil viele Anbieter die Variable unter diesem Namen setzen.",
        en="Address of the database: `sqlite:///file` or `postgresql://person:password@host:5432/name`. "
        "Without our prefix, because many hosts set the variable under this name.",
    ),
)
DATA = Variable(
    name="STAMMKUNDE_DATA",
    parse=environment.folder,
    default="data",
    meaning=Text(
        de="Ordner für hochgeladene Dateien und Auswertungen. Er gehört in die Sicherung.",
        en="Folder for uploaded files and analyses. It belongs into the backup.",
    ),
)
HTTPS = Variable(
    name="STAMMKUNDE_HTTPS",
    parse=environment.switch,
    default=None,
    meaning=Text(
        de="Cookies nur verschlüsselt senden, auf HTTPS umleiten und Browser darauf verpflichten.",
        en="Send cookies encrypted only, redirect to HTTPS and hold browsers to it.",
    ),
    without=Text(de="an, im Entwicklermodus aus", en="on, in developer mode off"),
)
BEHIND_PROXY = Variable(
    name="STAMMKUNDE_BEHIND_PROXY",
    parse=environment.switch,
    default="0",
    meaning=Text(
        de="Ein vorgeschalteter Server beendet HTTPS und setzt den Kopf `X-Forwarded-Proto` selbst. "
        "Nur einschalten, wenn das stimmt: Sonst könnte ihn jeder fälschen.",
        en="A server in front ends HTTPS and sets the header `X-Forwarded-Proto` itself. "
        "Switch it on only if that is so: otherwise anybody could forge it.",
    ),
)
LANGUAGE = Variable(
    name="STAMMKUNDE_LANGUAGE",
    parse=environment.one_of("de", "en"),
    default="de",
    meaning=Text(
        de="Sprache, wenn der Browser weder Deutsch noch Englisch wünscht: `de` oder `en`.",
        en="Language where the browser asks for neither German nor English: `de` or `en`.",
    ),
)
TIMEZONE = Variable(
    name="STAMMKUNDE_TIMEZONE",
    parse=environment.zone,
    default="Europe/Berlin",
    meaning=Text(
        de="Zeitzone, in der Seiten Uhrzeiten zeigen, solange ein Shop keine eigene hat.",
        en="Time zone in which pages show times as long as a shop has none of its own.",
    ),
)

VARIABLES: tuple[Variable[Any], ...] = (
    DEBUG,
    SECRET_KEY,
    ALLOWED_HOSTS,
    DATABASE_URL,
    DATA,
    HTTPS,
    BEHIND_PROXY,
    LANGUAGE,
    TIMEZONE,
)

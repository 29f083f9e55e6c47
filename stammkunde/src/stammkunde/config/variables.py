"""Every variable that the product reads from its environment; the reference pages are made from this list."""

from __future__ import annotations

from typing import Any

from kohorte.language import Text
from stammkunde.config import database, environment, mail
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
UPLOAD_MB = Variable(
    name="STAMMKUNDE_UPLOAD_MB",
    parse=environment.megabytes,
    default="4000",
    meaning=Text(
        de="Wie viel ein Hochladen im Browser höchstens wiegt, in Megabyte. Ein vorgeschalteter Server "
        "muss so viel durchlassen.",
        en="What an upload in the browser may weigh at most, in megabytes. A server in front must let "
        "as much through.",
    ),
)
API_REQUESTS = Variable(
    name="STAMMKUNDE_API_REQUESTS",
    parse=environment.count(1, 1_000_000),
    default="600",
    meaning=Text(
        de="Wie oft in der Minute ein API-Schlüssel jeden Prozess fragen darf, der Anfragen beantwortet.",
        en="How often in a minute an API key may ask each process that answers requests.",
    ),
)
METRICS_TOKEN = Variable(
    name="STAMMKUNDE_METRICS_TOKEN",
    parse=environment.token,
    default=None,
    meaning=Text(
        de="Schlüssel, mit dem Prometheus unter `/metrics` liest, wie es dem Dienst geht; mindestens 32 Zeichen.",
        en="Token by which Prometheus reads at `/metrics` how the service is; at least 32 characters.",
    ),
    without=Text(de="Die Adresse `/metrics` gibt es nicht", en="there is no address `/metrics`"),
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
MAIL_URL = Variable(
    name="STAMMKUNDE_MAIL_URL",
    parse=mail.parse,
    default=None,
    meaning=Text(
        de="Server, über den Einladungen und Links zum Zurücksetzen verschickt werden: "
        "`smtp://person:passwort@host:587`, `smtps://` für TLS von Anfang an, `smtp+plain://` ohne.",
        en="Server that sends invitations and links to reset a password: "
        "`smtp://person:password@host:587`, `smtps://` for TLS from the start, `smtp+plain://` without.",
    ),
    without=Text(
        de="Es wird nichts verschickt; Einladungslinks zeigt die Seite selbst",
        en="nothing is sent; links of invitations are shown on the page",
    ),
)
MAIL_FROM = Variable(
    name="STAMMKUNDE_MAIL_FROM",
    parse=str,
    default="Stammkunde <stammkunde@localhost>",
    meaning=Text(
        de="Absender dieser Nachrichten.",
        en="Sender of these messages.",
    ),
)

VARIABLES: tuple[Variable[Any], ...] = (
    DEBUG,
    SECRET_KEY,
    ALLOWED_HOSTS,
    DATABASE_URL,
    DATA,
    UPLOAD_MB,
    API_REQUESTS,
    METRICS_TOKEN,
    HTTPS,
    BEHIND_PROXY,
    LANGUAGE,
    TIMEZONE,
    MAIL_URL,
    MAIL_FROM,
)

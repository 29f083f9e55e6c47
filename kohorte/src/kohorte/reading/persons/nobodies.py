"""Addresses that are no single person's: of offices, of nobody, and aliases of marketplaces.

They are data: to add one, write it into its tuple. A `*` at an end stands for any text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kohorte.reading import sql

# What stands before the @ of an address that several people of a business read. Without a customer
# number it is a customer of its own; it joins no numbers.
OFFICES = (
    *("info", "infos", "information", "office", "buero", "büro", "mail", "email", "post", "hi"),
    *("kontakt", "contact", "hallo", "hello", "team", "zentrale", "empfang", "rezeption", "help"),
    *("sekretariat", "verwaltung", "service", "kundenservice", "kundendienst", "support"),
    *("bestellung", "bestellungen", "order", "orders", "einkauf", "purchasing", "procurement"),
    *("verkauf", "vertrieb", "sales", "shop", "onlineshop", "store", "versand", "lager"),
    *("buchhaltung", "rechnung", "rechnungen", "rechnungseingang", "invoice", "invoices"),
    *("billing", "accounting", "accounts", "finance", "marketing", "presse", "press", "admin"),
    *("administrator", "webmaster", "postmaster", "hostmaster", "it", "edv", "praxis", "kanzlei"),
)

# What stands before the @ of an address that was made up because a form asked for one.
NOBODY = (
    *("noreply", "no-reply", "no.reply", "no_reply", "donotreply", "do-not-reply"),
    *("keine", "kein", "keineemail", "keine-email", "keine.email", "keine_email", "keinemail"),
    *("keine-mail", "keine.mail", "keine_mail", "ohne", "ohneemail", "ohne-email", "nomail"),
    *("no-mail", "noemail", "no-email", "no.email", "no_email", "none", "nobody", "niemand"),
    *("unbekannt", "unknown", "anonym", "anonymous", "dummy", "fake", "placeholder", "platzhalter"),
    *("kasse", "kasse1", "kasse2", "kasse3", "ladenkasse", "pos", "barverkauf", "ladenverkauf"),
    *("thekenverkauf", "laufkunde", "laufkundschaft", "walkin", "walk-in", "gast", "guest"),
    *("kunde", "customer", "test", "tester", "testkunde", "asdf", "xxx", "deleted"),
)
# Domains at which nobody has an address; the first three can never exist.
NOWHERE = (
    *("*.invalid", "*.localhost", "*.local", "noemail.*", "nomail.*", "no-email.*", "no-mail.*"),
    *("noreply.*", "no-reply.*", "keineemail.*", "keine-email.*", "keinemail.*", "keine-mail.*"),
    *("keineangabe.*", "keine-angabe.*", "test.de", "test.com", "asdf.de", "asdf.com"),
)

# Domains of the aliases behind which marketplaces hide their buyers.
MARKETPLACES = (
    *("marketplace.amazon.*", "*.marketplace.amazon.*", "members.ebay.*", "kaufland-marktplatz.de"),
    *("kaufland-online.de", "checkout.idealo.de", "allegromail.*", "verkopen.bol.com"),
    *("relay.walmart.com", "*.mirakl.net", "clemarche.com", "scs.tiktokw.us"),
)


def kind(address: str) -> str:
    """Return the SQL of what an address is if no single person's; NULL for all others."""
    return (
        f"CASE WHEN {_is(address, (*NOBODY, *OFFICES), (*NOWHERE, *MARKETPLACES))} THEN "
        f"CASE WHEN {_is(address, (), MARKETPLACES)} THEN 'marketplace' "
        f"WHEN {_is(address, NOBODY, NOWHERE)} THEN 'nobody' ELSE 'office' END END"
    )


def _is(address: str, names: Sequence[str], domains: Sequence[str]) -> str:
    """Return the SQL test whether an address has one of these before or behind its @."""
    shapes = []
    if names:
        shapes.append(rf"(?:{_any(names)})(?:\+[^@]*)?@.*")
    shapes.append(f"[^@]*@(?:{_any(domains)})")
    return f"regexp_full_match({address}, {sql.literal('|'.join(shapes))})"


def _any(patterns: Sequence[str]) -> str:
    return "|".join(re.escape(pattern).replace(r"\*", ".*") for pattern in patterns)

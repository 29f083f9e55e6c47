"""Files of a shop, and the way they go into its records, for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping
from unittest import mock

import reading_once  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import looking, services
from stammkunde.features.imports.models import Import
from stammkunde.flows import import_published, import_undone
from stammkunde.flows import jobs as flow_jobs
from stammkunde.insights import history

HEAD = "Bestellnummer;Datum;Kundennummer;E-Mail;Name;Betrag;Status;Artikel;Menge"
REGISTERED = flow_jobs.__name__


def rows(*lines: str, head: str = HEAD) -> str:
    """Return a German file of orders: number;date;customer;address;name;amount;state;product;quantity."""
    return "\r\n".join((head, *lines)) + "\r\n"


FILE = rows(
    "A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Gouda;1",
    "A2;09.01.2026 11:00;17;anna@example.com;Anna Ahorn;20,00;bezahlt;Brie;2",
    "A3;09.01.2026 12:00;18;ben@example.com;Ben Birke;30,00;bezahlt;Gouda;3",
    "A4;28.02.2026 23:30;;cleo@example.com;Cleo Clematis;40,00;storniert;Feta;4",
)


def received(shop: Shop, files: Mapping[str, str] | str, *, source: str = "shop") -> Import:
    """Let files be received."""
    named = {"orders.csv": files} if isinstance(files, str) else files
    uploads = [(name, io.BytesIO(text.encode("cp1252"))) for name, text in named.items()]
    return services.receive(shop, uploads, actor=COMMAND, source=source).import_


def looked(shop: Shop, files: Mapping[str, str] | str, *, source: str = "shop") -> Import:
    """Let files be received and looked at."""
    with mock.patch.object(looking, "look", reading_once.look):
        return services.look(received(shop, files, source=source))


def imported(shop: Shop, files: Mapping[str, str] | str, *, source: str = "shop") -> Import:
    """Let files go all the way into the records."""
    import_ = looked(shop, files, source=source)
    assert not import_.fault, import_.fault
    begun = services.start_publishing(import_, actor=COMMAND, despite_questions=True)
    return import_published.run(begun, actor=COMMAND)


def undone(import_: Import) -> Import:
    """Let an import be taken back."""
    import_.refresh_from_db()
    return import_undone.run(services.start_undoing(import_, actor=COMMAND), actor=COMMAND)


def numbers(shop: Shop) -> dict[str, float | None]:
    """Return some numbers of a shop as its records tell them."""
    with history.history(shop) as found:
        slugs = ("customers", "orders", "revenue")
        return {slug: found.metric(slug, grain="all", segment="all")[0].value for slug in slugs}

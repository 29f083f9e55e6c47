"""What every night does: keep to the shops' limits on keeping, and let go for good what was deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable

from stammkunde.core.audit.services import JOB
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.core.upkeep import backups
from stammkunde.flows import retention
from stammkunde.records.customers import searching

log = logging.getLogger("stammkunde.nightly")


def run(*, between: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """Do the work of a night; return how many imports lost their files and customers were erased.

    A shop that imports at that moment is left for the next night. Running it again is no matter.

    Parameters
    ----------
    between
        Called between the parts; may raise to stop.
    """
    imports = customers = 0
    for shop in Shop.objects.filter(retention__isnull=False).order_by("id"):
        try:
            kept = retention.keep_to(shop, actor=JOB, between=between)
        except Refused as refused:
            log.info("Shop %s waits for the next night (%s).", shop.pk, refused.name)
            continue
        imports, customers = imports + len(kept.imports), customers + len(kept.customers)
    between()
    let_go()
    return imports, customers


def let_go() -> None:
    """Take out of the store's own files what was deleted or changed: trigrams of names, and old rows.

    An index of trigrams keeps what was deleted until its parts are joined, PostgreSQL keeps rows as
    they were until it cleans up; neither shows on any page, but both lie on the disk.
    """
    searching.tidy()
    backups.store().let_go()

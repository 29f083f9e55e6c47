"""What `stammkunde doctor` says of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from stammkunde.core.upkeep.checks import Finding
from stammkunde.ledger import auditing

SHOWN = 20


def findings() -> Iterator[Finding]:
    """Prove the ledgers of all shops."""
    found = auditing.audit()
    for each in found[:SHOWN]:
        yield Finding(
            "wrong",
            _("The ledger does not hold: %(what)s") % {"what": str(each)},
            _("Book nothing more, keep the file as it is, and restore a backup or ask for help."),
        )
    if not found:
        yield Finding("fine", _("The ledger holds: all balances were counted anew."))

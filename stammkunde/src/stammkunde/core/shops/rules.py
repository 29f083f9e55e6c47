"""What a role may do, and how a shop is called in addresses: decisions on plain data."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

Role = Literal["owner", "marketer", "analyst", "support"]
Permission = Literal[
    "shop.read",
    "shop.change",
    "people.manage",
    "tokens.manage",
    "audit.read",
    "customers.read",
    "customers.change",
    "customers.export",
    "customers.erase",
    "data.import",
    "jobs.manage",
    "metrics.read",
    "sql.ask",
    "views.share",
    "targets.change",
    "reports.manage",
    "ledger.read",
    "ledger.post",
    "ledger.adjust",
    "units.change",
]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
# An owner may do everything.
ALLOWED: dict[Role, frozenset[Permission]] = {
    "marketer": frozenset(
        {
            "shop.read",
            "customers.read",
            "customers.change",
            "customers.export",
            "data.import",
            "metrics.read",
            "views.share",
            "targets.change",
            "reports.manage",
            "ledger.read",
            "ledger.adjust",
            "units.change",
        }
    ),
    "analyst": frozenset(
        {
            "shop.read",
            "customers.read",
            "customers.export",
            "data.import",
            "metrics.read",
            "sql.ask",
            "views.share",
            "targets.change",
            "reports.manage",
            "ledger.read",
        }
    ),
    "support": frozenset(
        {
            "shop.read",
            "customers.read",
            "customers.change",
            "metrics.read",
            "ledger.read",
            "ledger.adjust",
        }
    ),
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# Words that addresses of the product begin with.
RESERVED = frozenset(
    {
        "account",
        "api",
        "health",
        "invitation",
        "jobs",
        "language",
        "metrics",
        "new",
        "people",
        "sign-in",
        "static",
        "unsubscribe",
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Return whether a role may do something.

    Examples
    --------
    >>> may("owner", "customers.erase"), may("support", "customers.export")
    (True, False)
    """
    return role == "owner" or permission in ALLOWED[role]


def slug(name: str) -> str:
    """Return the name of a shop as it stands in addresses.

    Examples
    --------
    >>> slug("Käse & Söhne GmbH"), slug("茶")
    ('kaese-soehne-gmbh', 'shop')
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UMLAUTS))
    found = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    found = found[:50].strip("-") or "shop"
    return f"{found}-shop" if found in RESERVED else found

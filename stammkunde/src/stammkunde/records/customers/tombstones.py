"""Who was erased, as salted hashes: an old file must not bring a person back.

The salt is the installation's secret, so that nobody can try out addresses on a stolen database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from stammkunde.core import bulk, clock
from stammkunde.records.customers.models import Tombstone
from stammkunde.records.customers.rules import SaidKey


@dataclass(frozen=True)
class Tombstones:
    """The erased keys of a shop, with the instants of their erasure."""

    shop_id: int
    digests: Mapping[str, dt.datetime] = field(default_factory=dict)

    def erased_at(self, key: SaidKey) -> dt.datetime | None:
        """Return when the person of a key was erased, None if nobody was.

        What happened afterwards is somebody new.
        """
        return self.digests.get(digest(self.shop_id, key)) if self.digests else None


def of_shop(shop_id: int) -> Tombstones:
    """Return the erased keys of a shop."""
    found = Tombstone.objects.filter(shop_id=shop_id).values_list("digest", "erased_at")
    return Tombstones(shop_id, dict(found))


def digest(shop_id: int, key: SaidKey) -> str:
    """Return the salted hash of a key."""
    salt = hashlib.sha256(f"tombstone {settings.SECRET_KEY}".encode()).digest()
    text = "\x1f".join((str(shop_id), key.kind, key.source, key.value))
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def bury(shop_id: int, keys: Iterable[SaidKey]) -> None:
    """Keep the hashes of keys whose person is erased; of one erased twice the later instant counts."""
    now = clock.now()
    digests = sorted({digest(shop_id, key) for key in keys})
    bulk.add(
        "customers_tombstone",
        ("shop_id", "digest", "erased_at"),
        [(shop_id, each, str(now.replace(tzinfo=None))) for each in digests],
    )
    Tombstone.objects.filter(shop_id=shop_id, digest__in=digests).update(erased_at=now)

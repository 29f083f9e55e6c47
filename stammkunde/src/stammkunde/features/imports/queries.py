"""Reads of imports."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.models import UNFINISHED, Import, Mapping

# The imports of a shop whose rows do not count, within a select.
UNFINISHED_SQL = "SELECT id FROM imports_import WHERE shop_id = %s AND state IN ({})".format(
    ", ".join(f"'{state}'" for state in UNFINISHED)
)


def history(shop: Shop) -> QuerySet[Import]:
    """Return the imports of a shop, newest first."""
    return Import.objects.filter(shop=shop).prefetch_related("files").order_by("-id")


def one(shop: Shop, import_id: int, *, lock: bool = False) -> Import:
    """Return an import of a shop.

    Raises
    ------
    NotFound
        The shop has none of that number.
    """
    found = Import.objects.filter(shop=shop, pk=import_id)
    import_ = (found.select_for_update() if lock else found).first()
    if import_ is None:
        raise NotFound(_("There is no such import."), name="import.unknown")
    return import_


def same(shop: Shop, *, source: str, digest: str) -> Import | None:
    """Return the import of the same bytes that still holds, None if there is none."""
    return (
        Import.objects.filter(shop=shop, source=source, digest=digest)
        .exclude(state__in=("undone", "undoing", "failed"))
        .order_by("id")
        .first()
    )


def unfinished(shop_id: int) -> list[int]:
    """Return the imports whose rows do not count: those being published or undone."""
    found = Import.objects.filter(shop_id=shop_id, state__in=UNFINISHED)
    return list(found.values_list("id", flat=True))


def remembers(shop: Shop, *, source: str) -> bool:
    """Return whether anything was said about files of a channel."""
    return Mapping.objects.filter(shop=shop, source=source).exists()


def remembered(shop: Shop, *, source: str, layout: str) -> dict[str, object]:
    """Return what was said about earlier files of a layout."""
    found = Mapping.objects.filter(shop=shop, source=source, layout=layout).first()
    return dict(found.said) if found else {}

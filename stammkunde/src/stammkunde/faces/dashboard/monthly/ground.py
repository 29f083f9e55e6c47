"""What the numbers of a report rest on: of when they are, what was left out, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kohorte.report.voice import Voice
from kohorte.results import Exclusion
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.templatetags.formats import day, moment
from stammkunde.insights.models import Snapshot

EXCLUDED = 6


def fresh(snapshot: Snapshot | None) -> str:
    """Say of when the numbers are."""
    if snapshot is None:
        return ""
    return _("Data until %(day)s, computed %(at)s.") % {
        "day": day(snapshot.last_on),
        "at": moment(snapshot.made_at),
    }


def excluded(found: Iterable[object], voice: Voice) -> Iterator[tuple[str, str]]:
    """Say what counts nowhere, over the whole history."""
    for one in [each for each in found if isinstance(each, Exclusion)][:EXCLUDED]:
        count = one.orders or one.rows
        words = (
            ngettext("%(count)s order", "%(count)s orders", count)
            if one.orders
            else ngettext("%(count)s row", "%(count)s rows", count)
        )
        yield voice.pick(one.name), words % {"count": voice.count(count)}


def basis(shop: Shop) -> str:
    """Say by which decisions of the shop the numbers are."""
    return _(
        "Amounts in %(currency)s, %(taxes)s. A customer counts as active for %(days)s days "
        "after an order. Days of %(zone)s."
    ) % {
        "currency": shop.currency,
        "taxes": shop.get_tax_view_display(),
        "days": shop.window_days,
        "zone": shop.zone,
    }

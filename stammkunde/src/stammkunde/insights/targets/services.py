"""Verbs that change targets: set, change, delete."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import language, metrics, targets
from kohorte.errors import KohorteError
from kohorte.metrics import Metric
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.insights.targets import queries
from stammkunde.insights.targets.models import GRAINS, Target

MOST = 500
_FIELDS = ("metric", "grain", "value", "since", "until")


@transaction.atomic
def add(shop: Shop, *, actor: Actor, **said: Any) -> Target:
    """Set a target.

    Parameters
    ----------
    **said
        `metric`, `value` and `since`; `grain` and `until` where they are not every length and open.

    Raises
    ------
    Refused
        It cannot hold; the sentences stand at their fields.
    """
    _one_at_a_time(shop)
    if queries.of_shop(shop).count() >= MOST:
        raise Refused(
            _("That many targets are enough. Delete one that is over first."), name="target.many"
        )
    target = Target(shop=shop, **said)
    _require_possible(shop, target)
    target.save(force_insert=True)
    _note("target.set", target, target.pk, actor=actor)
    return target


@transaction.atomic
def change(shop: Shop, target_id: int, *, actor: Actor, **said: Any) -> Target:
    """Change a target.

    Raises
    ------
    NotFound
        The shop has no such target.
    Refused
        It cannot hold so; nothing has changed then.
    """
    _one_at_a_time(shop)
    target = queries.one(shop, target_id, lock=True)
    before = {name: getattr(target, name) for name in _FIELDS}
    for name in _FIELDS:
        setattr(target, name, said.get(name, before[name]))
    _require_possible(shop, target)
    if before != {name: getattr(target, name) for name in _FIELDS}:
        target.save()
        _note("target.changed", target, target.pk, actor=actor)
    return target


@transaction.atomic
def delete(shop: Shop, target_id: int, *, actor: Actor) -> None:
    """Delete a target; numbers and charts no longer name it."""
    target = queries.one(shop, target_id, lock=True)
    target.delete()
    _note("target.deleted", target, target_id, actor=actor)


def _note(name: str, target: Target, key: int, *, actor: Actor) -> None:
    audit.note(
        name,
        actor=actor,
        shop_id=target.shop_id,
        about=("target", key),
        metric=target.metric,
        target=target.value,
        since=target.since.isoformat(),
    )


def _one_at_a_time(shop: Shop) -> None:
    """Let two who set targets queue, so that neither overlooks what the other sets."""
    Shop.objects.select_for_update().get(pk=shop.pk)


def _require_possible(shop: Shop, target: Target) -> None:
    fields: dict[str, str | Promise] = {}
    metric = metrics.every().get(target.metric)
    if metric is None:
        fields["metric"] = _("There is no such metric.")
    elif metric.absent == "zero" and not target.grain:
        fields["grain"] = _("This metric is a sum: say for how long a period the target is.")
    if target.grain not in dict(GRAINS):
        fields["grain"] = _("Choose one of the lengths.")
    if metric is not None and not _is_sensible(target.value, metric):
        fields["value"] = _("No number of this metric can be that.")
    if target.until and target.until < target.since:
        fields["until"] = _("The last day lies before the first.")
    if not fields and (other := _other(shop, target)):
        fields["since"] = _overlap(other)
    if fields:
        raise Refused(" ".join(map(str, fields.values())), name="target.impossible", fields=fields)


def _is_sensible(value: float, metric: Metric) -> bool:
    """Return whether a number of a metric may be that; shares may pass 100 %, but not ten times."""
    least, most = {"percent": (-1_000.0, 1_000.0), "points": (-100.0, 100.0)}.get(
        metric.unit, (-1e12, 1e12)
    )
    # A number that is none compares with nothing.
    return least <= value <= most


def _other(shop: Shop, target: Target) -> Target | None:
    """Return a target that holds for the same number on one of the same days."""
    mine = queries.plain(target)
    others = queries.of_shop(shop).filter(metric=target.metric, grain=target.grain)
    for other in others.exclude(pk=target.pk):
        try:
            targets.check((mine, queries.plain(other)))
        except KohorteError:
            return other
    return None


def _overlap(other: Target) -> str | Promise:
    if other.until is None:
        return _(
            "Another target of this metric holds from %(since)s on. Give that one a last day first."
        ) % {"since": _day(other.since)}
    return _("Another target of this metric holds from %(since)s to %(until)s.") % {
        "since": _day(other.since),
        "until": _day(other.until),
    }


def _day(day: dt.date) -> str:
    is_german = (translation.get_language() or "en").startswith("de")
    return language.date(day, "de" if is_german else "en")

"""The report of `kohorte`, made from a shop's own records and kept until it is made anew.

It holds sums and shares only, nobody's name: whoever may read figures may read it.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kohorte import report, summary
from kohorte.errors import KohorteError
from kohorte.language import LANGUAGES, Language, Sentence
from stammkunde.core import clock
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.insights.history import history
from stammkunde.records.orders.models import Mark

WORK = "insights.report"
# What a report tells of itself, beside its pages; written last, so that none is half there.
TOLD = "made.json"
KINDS = ("csv", "json")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


@dataclass(frozen=True)
class Made:
    """A report that can be read.

    Parameters
    ----------
    at
        When it was made.
    is_current
        Whether neither records nor settings of the shop have changed since.
    """

    at: dt.datetime
    is_current: bool


@dataclass(frozen=True)
class Page:
    """A report as a page, and the policy under which its own styles and scripts run, and nothing else."""

    text: str
    policy: str


def made(shop: Shop) -> Made | None:
    """Return what is known of the report of a shop, None as long as there is none."""
    try:
        told = json.loads((_folder(shop) / TOLD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Made(dt.datetime.fromisoformat(told["at"]), is_current=told["of"] == _state(shop))


def start(shop: Shop, *, actor: Actor) -> None:
    """Have the report of a shop made in the background; one that is being made is not begun twice."""
    jobs.enqueue(WORK, shop_id=shop.pk, key=key(shop), actor=actor)


def key(shop: Shop) -> str:
    """Return the key of the job that makes a shop's report."""
    return f"report:{shop.pk}"


def make(shop: Shop, *, between: Callable[[], None] = lambda: None) -> None:
    """Make the report of a shop in both languages; the last one stays until this one is whole.

    Parameters
    ----------
    between
        Called between its parts; may raise to stop.

    Raises
    ------
    Refused
        There is not one counted order.
    """
    of, folder = _state(shop), _folder(shop)

    def progress(_step: Sentence, _share: float | None) -> None:
        between()

    beside = folder.with_name(f".{folder.name}-{os.getpid()}")
    try:
        with history(shop) as found:
            told = summary.summarize(
                found, title=shop.name, created_on=clock.today(shop.zone), progress=progress
            )
            for language in LANGUAGES:
                between()
                report.write(told, beside / language, language=language, metrics=found.measurable())
        written = {"at": clock.now().isoformat(), "of": of}
        (beside / TOLD).write_text(json.dumps(written), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.replace(folder)
    except KohorteError as fault:
        raise Refused(
            _("There is no order yet that counts. Import orders first."), name="report.empty"
        ) from fault
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def page(shop: Shop, language: Language) -> Page:
    """Return the report of a shop in a language.

    Raises
    ------
    NotFound
        There is none yet.
    """
    try:
        text = (_folder(shop) / language / "report.html").read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise NotFound(_("There is no report yet."), name="report.unknown") from fault
    found = _POLICY.search(text)
    return Page(text, html.unescape(found[1]) if found else "default-src 'none'")


def table(shop: Shop, language: Language, *, kind: str) -> bytes:
    """Return the numbers of the report of a shop as a file: `csv` or `json`.

    Raises
    ------
    NotFound
        There is none yet, or none of this kind.
    """
    file = _folder(shop) / language / f"metrics.{kind}"
    if kind not in KINDS or not file.exists():
        raise NotFound(_("There is no report yet."), name="report.unknown")
    return file.read_bytes()


def _folder(shop: Shop) -> Path:
    return Path(settings.DATA) / "reports" / str(shop.pk)


def _state(shop: Shop) -> list[int]:
    """Return what changes whenever numbers of a shop may."""
    mark = Mark.objects.filter(shop=shop).values_list("number", flat=True).first()
    return [mark or 0, shop.version]

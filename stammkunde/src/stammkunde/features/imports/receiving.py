"""Files as they arrive: kept whole with their checksums; the same bytes again change nothing."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import files, queries, rules
from stammkunde.features.imports.models import File, Import

Upload = tuple[str, BinaryIO]


@dataclass(frozen=True)
class Received:
    """The import of some files; `is_again` if the same bytes were received before."""

    import_: Import
    is_again: bool


def receive(
    shop: Shop, uploads: Sequence[Upload], *, actor: Actor, source: str = "shop"
) -> Received:
    """Keep files for an import; the same bytes again change nothing.

    Parameters
    ----------
    uploads
        Names and contents.
    source
        The channel they come from; numbers of orders and customers count within it.

    Raises
    ------
    Refused
        There is no file, too many, an empty one, or one that is too large.
    """
    if not 1 <= len(uploads) <= rules.FILES_MAX:
        raise Refused(_("Choose between one and twenty files."), name="import.files")
    if not source.strip() or len(source) > 40:
        raise Refused(_("Name the channel in at most 40 letters."), name="import.source")
    inbox = Path(settings.DATA) / "imports" / str(shop.pk) / f"inbox-{secrets.token_hex(8)}"
    try:
        kept = _kept(uploads, inbox=inbox)
        with transaction.atomic():
            # One at a time, or two would not see each other's same file.
            Shop.objects.select_for_update().get(pk=shop.pk)
            digest = hashlib.sha256("".join(sorted(each[3] for each in kept)).encode()).hexdigest()
            if known := queries.same(shop, source=source.strip(), digest=digest):
                return Received(known, is_again=True)
            return Received(
                _received(
                    shop, kept, inbox=inbox, source=source.strip(), digest=digest, actor=actor
                ),
                is_again=False,
            )
    finally:
        shutil.rmtree(inbox, ignore_errors=True)


def _kept(uploads: Sequence[Upload], *, inbox: Path) -> list[tuple[int, str, int, str]]:
    found = []
    for place, (name, content) in enumerate(uploads):
        short = rules.safe_name(name)
        size, sha256 = files.keep(content, at=inbox / str(place) / short)
        found.append((place, short, size, sha256))
    return found


def _received(
    shop: Shop,
    kept: Sequence[tuple[int, str, int, str]],
    *,
    inbox: Path,
    source: str,
    digest: str,
    actor: Actor,
) -> Import:
    import_ = Import.objects.create(
        shop=shop, source=source, digest=digest, actor_kind=actor.kind, actor_id=actor.id
    )
    folder = files.folder(import_)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "files").mkdir()
    for place, name, size, sha256 in kept:
        target = folder / "files" / str(place) / name
        target.parent.mkdir()
        (inbox / str(place) / name).replace(target)
        File.objects.create(
            import_of=import_,
            place=place,
            name=name,
            path=str(target.relative_to(settings.DATA)),
            size=size,
            sha256=sha256,
        )
    audit.note(
        "import.received",
        actor=actor,
        shop_id=shop.pk,
        about=("import", import_.pk),
        files=len(kept),
        bytes=sum(each[2] for each in kept),
    )
    return import_

"""Verbs of imports: receive, look, answer, plan, publish, undo; the first two stand in modules of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kohorte.errors import KohorteError
from stammkunde.core import clock, turns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import queries as jobs_of
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import OPEN
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import files, queries, rules
from stammkunde.features.imports.models import UNFINISHED, File, Import
from stammkunde.features.imports.models import Mapping as Remembered
from stammkunde.features.imports.receiving import Received, Upload, receive
from stammkunde.features.imports.seeing import LOOKABLE, look, open_questions, require_state
from stammkunde.records.orders import undoing

__all__ = ["LOOKABLE", "Received", "Upload", "look", "open_questions", "receive"]

PUBLISHABLE = ("questions", "previewed")


def start_look(import_: Import, *, actor: Actor) -> None:
    """Have files looked at in the background."""
    jobs.enqueue(
        "imports.look",
        args={"import": import_.pk},
        shop_id=import_.shop_id,
        key=f"import:{import_.pk}:look",
        actor=actor,
    )


@transaction.atomic
def answer(import_: Import, answers: Mapping[str, Any], *, actor: Actor) -> Import:
    """Keep answers to questions, or other words about the files, and remember them for this layout.

    Parameters
    ----------
    answers
        By option, such as `taxes` or `columns.date`; the files are then to be looked at again.

    Raises
    ------
    Refused
        An answer is not possible, or the import is published already.
    """
    locked = queries.one(import_.shop, import_.pk, lock=True)
    require_state(locked, LOOKABLE)
    try:
        chosen = rules.options(locked.said)
        for option, value in answers.items():
            if option == rules.SKIP and not isinstance(value, bool):
                raise TypeError(option)
            chosen = chosen.answered(option, value)
    except (KohorteError, AttributeError, TypeError) as error:
        words = rules.both(error.sentence)["en"] if isinstance(error, KohorteError) else ""
        raise Refused(
            words or _("This answer does not fit the question."), name="import.answer"
        ) from error
    locked.said, locked.state = rules.said(chosen), "uploaded"
    locked.save(update_fields=["said", "state"])
    if locked.layout:
        Remembered.objects.update_or_create(
            shop=locked.shop,
            source=locked.source,
            layout=locked.layout,
            defaults={"said": rules.of_next_files(locked.said), "saved_at": clock.now()},
        )
    audit.note(
        "import.answered",
        actor=actor,
        shop_id=locked.shop_id,
        about=("import", locked.pk),
        options=sorted(answers),
    )
    return locked


@transaction.atomic
def skip_bad_rows(import_: Import, is_wanted: bool, *, actor: Actor) -> Import:
    """Leave rows out that cannot be read, or no longer; the files are then to be looked at again.

    It holds for this import alone: the next file with such a row is asked about anew.

    Raises
    ------
    Refused
        The import is published already.
    """
    locked = queries.one(import_.shop, import_.pk, lock=True)
    require_state(locked, LOOKABLE)
    locked.said = {
        **rules.of_next_files(locked.said),
        **({rules.SKIP: True} if is_wanted else {}),
    }
    locked.state = "uploaded"
    locked.save(update_fields=["said", "state"])
    audit.note(
        "import.bad_rows_skipped" if is_wanted else "import.bad_rows_read",
        actor=actor,
        shop_id=locked.shop_id,
        about=("import", locked.pk),
    )
    return locked


@transaction.atomic
def start_publishing(import_: Import, *, actor: Actor, despite_questions: bool = False) -> Import:
    """Have an import published in the background.

    Raises
    ------
    Refused
        It was not looked at, leaves questions open, is in another currency than the shop, or another
        import of the shop is under way.
    """
    turns.take(import_.shop_id)
    locked = queries.one(import_.shop, import_.pk, lock=True)
    if locked.state in ("publishing", "published"):
        return locked
    require_state(locked, PUBLISHABLE)
    if open_questions(locked) and not despite_questions:
        raise Refused(
            _("The files leave questions open. Answer them first."), name="import.has_questions"
        )
    _require_fitting(locked)
    _begin(locked, "publishing", actor=actor)
    return locked


def _require_fitting(import_: Import) -> None:
    currency = import_.understood.get("currency")
    if currency and currency != import_.shop.currency:
        raise Refused(
            _("The files are in %(theirs)s, the shop counts in %(ours)s.")
            % {"theirs": currency, "ours": import_.shop.currency},
            name="import.other_currency",
        )


@transaction.atomic
def start_undoing(import_: Import, *, actor: Actor) -> Import:
    """Have an import taken back in the background.

    Raises
    ------
    Refused
        It is not published, or later changes build on its rows; then it says which.
    """
    turns.take(import_.shop_id)
    locked = queries.one(import_.shop, import_.pk, lock=True)
    if locked.state in ("undoing", "undone"):
        return locked
    require_state(locked, ("published",))
    if later := undoing.built_upon(locked.shop_id, locked.pk):
        numbers = ", ".join(str(number) for number in sorted(n for n in later if n))
        raise Refused(
            _("Later imports changed rows of this one: %(numbers)s. Undo them first.")
            % {"numbers": numbers}
            if numbers
            else _("Rows of this import were changed afterwards; it can no longer be undone."),
            name="import.is_built_upon",
        )
    _begin(locked, "undoing", actor=actor)
    return locked


def _begin(import_: Import, state: str, *, actor: Actor) -> None:
    busy = Import.objects.filter(shop_id=import_.shop_id, state__in=UNFINISHED).first()
    if busy:
        raise Refused(
            _("Import %(number)s is under way. Wait until it is done.") % {"number": busy.pk},
            name="import.is_busy",
        )
    import_.state = state
    import_.save(update_fields=["state"])
    verb = "publish" if state == "publishing" else "undo"
    audit.note(
        f"import.{state}", actor=actor, shop_id=import_.shop_id, about=("import", import_.pk)
    )
    jobs.enqueue(
        f"imports.{verb}",
        args={"import": import_.pk},
        shop_id=import_.shop_id,
        key=f"import:{import_.pk}:{verb}",
        actor=actor,
    )


def hold(import_: Import, state: str) -> None:
    """Lock an import that is under way, so that only one worker ends it.

    Raises
    ------
    Refused
        Another worker has ended it meanwhile.
    """
    require_state(Import.objects.select_for_update().get(pk=import_.pk), (state,))


def end(import_: Import, state: str, *, actor: Actor, counts: Mapping[str, Any]) -> None:
    """Let the rows of an import count, or no longer; in the transaction that completes them."""
    import_.state = state
    done = dict(counts)
    if state == "published" and (skipped := rules.skipped(import_.understood)):
        done["skipped"] = skipped
    import_.counts = {**import_.counts, **done}
    if state == "published":
        import_.published_at = clock.now()
    else:
        import_.undone_at = clock.now()
    import_.save(update_fields=["state", "counts", "published_at", "undone_at"])
    audit.note(
        f"import.{state}",
        actor=actor,
        shop_id=import_.shop_id,
        about=("import", import_.pk),
        counts=done,
    )


@transaction.atomic
def drop_files(shop: Shop, import_id: int, *, actor: Actor) -> None:
    """Delete the files of an import that is published; its rows stay, and it can still be undone."""
    import_ = queries.one(shop, import_id, lock=True)
    require_state(import_, ("published", "undone", "failed"))
    File.objects.filter(import_of=import_, dropped_at=None).update(dropped_at=clock.now())
    audit.note("import.files_dropped", actor=actor, shop_id=shop.pk, about=("import", import_.pk))
    folder = files.folder(import_)
    transaction.on_commit(lambda: files.drop(folder))


@transaction.atomic
def discard(shop: Shop, import_id: int, *, actor: Actor) -> None:
    """Delete an import that never counted, and its files; the same files can be sent again.

    Raises
    ------
    Refused
        It was published, or its files are being read at this moment.
    """
    import_ = queries.one(shop, import_id, lock=True)
    require_state(import_, LOOKABLE)
    work = jobs_of.latest(shop, key=f"import:{import_.pk}:look")
    if work and work.job.state in OPEN:
        raise Refused(
            _("The files are being read. Wait until that is done."), name="import.is_read"
        )
    audit.note("import.discarded", actor=actor, shop_id=shop.pk, about=("import", import_.pk))
    folder = files.folder(import_)
    import_.delete()
    transaction.on_commit(lambda: files.drop(folder))

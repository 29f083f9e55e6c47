"""Look at the files of an import, and keep what was understood; nothing of it is in the records yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kohorte.errors import KohorteError
from stammkunde.core import turns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import JOB
from stammkunde.core.errors import Refused
from stammkunde.features.imports import files, looking, rules
from stammkunde.features.imports.models import File, Import

LOOKABLE = ("uploaded", "questions", "previewed", "failed")


def look(import_: Import, *, tell: looking.Tell = looking.silent) -> Import:
    """Read the files and tell what was understood; nothing of it is in the records yet.

    A file that cannot be read leaves the sentence that says why, in `fault`.

    Raises
    ------
    Refused
        The import is published already, or its files are gone.
    """
    import_.refresh_from_db()
    require_state(import_, LOOKABLE)
    before = files.reading(import_)
    import_.looks += 1
    while True:
        import_.refresh_from_db(fields=["said"])
        kept = _as_kept(import_)
        found = _seen(import_, tell=tell)
        with transaction.atomic():
            turns.take(import_.shop_id)
            is_current = _as_kept(import_) == kept
            if is_current:
                _keep(import_, found)
        if is_current:
            break
        # What was read of somebody erased meanwhile is not to stay, and an answer is not to be lost.
        files.remove([files.reading(import_)])
    files.remove([before] if before != files.reading(import_) else [])
    return import_


def _as_kept(import_: Import) -> list[tuple[Any, ...]]:
    """Return what was said, which files there are, and when a person was taken out of each."""
    said = Import.objects.filter(pk=import_.pk).values_list("said")
    found = File.objects.filter(import_of=import_).order_by("place")
    return [*said, *found.values_list("pk", "redacted_at", "dropped_at")]


def _seen(import_: Import, *, tell: looking.Tell) -> looking.Looked | None:
    """Read the files; None where they cannot be read, and `fault` says why."""
    try:
        found = looking.look(import_, tell=tell)
    except KohorteError as error:
        import_.fault = rules.fault(error, skips=bool(import_.said.get(rules.SKIP)))
        return None
    import_.fault = {}
    return found


def _keep(import_: Import, found: looking.Looked | None) -> None:
    """Keep what was understood."""
    require_state(Import.objects.select_for_update().get(pk=import_.pk), LOOKABLE)
    names = ["looks", "plan", "state", "fault"]
    if found:
        import_.understood = found.understood
        import_.mapping, import_.layout = found.mapping, found.layout
        import_.said = found.said
        names += ["understood", "mapping", "layout", "said"]
    import_.plan = {}
    import_.state = (
        "failed" if not found else "questions" if open_questions(import_) else "previewed"
    )
    import_.save(update_fields=names)
    audit.note(
        "import.looked_at",
        actor=JOB,
        shop_id=import_.shop_id,
        about=("import", import_.pk),
        state=import_.state,
    )


def open_questions(import_: Import) -> list[dict[str, Any]]:
    """Return the questions that nobody answered and for which nothing was assumed."""
    asked = import_.understood.get("questions", [])
    return [question for question in asked if rules.is_open(question, import_.said)]


def require_state(import_: Import, allowed: Sequence[str]) -> None:
    """Refuse what cannot be done in the state of an import."""
    if import_.state not in allowed:
        raise Refused(
            _("This import is “%(state)s”; that cannot be done now.")
            % {"state": import_.get_state_display()},
            name="import.state",
        )

"""What an event of the log tells beside its name, in words: nothing stands there as the code calls it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kohorte import metrics
from stammkunde.core.jobs import registry
from stammkunde.faces.dashboard import checklist, words
from stammkunde.faces.dashboard.imports import words as imports
from stammkunde.faces.dashboard.templatetags.formats import day, moment, number, reader
from stammkunde.faces.dashboard.templatetags.imports import size
from stammkunde.features.imports.models import STATES
from stammkunde.insights.outputs.models import RHYTHMS
from stammkunde.records.consent.models import CHANNELS, PURPOSES

Words = str | Promise
LABELS: Mapping[str, Words] = {
    "amount": gettext_lazy("Amount"),
    "back": gettext_lazy("Customer"),
    "by_another_address": gettext_lazy("Signed in with another address than was invited"),
    "bytes": gettext_lazy("Size"),
    "channel": gettext_lazy("Channel"),
    "characters": gettext_lazy("Characters"),
    "customers_days": gettext_lazy("Customers without an order are erased after"),
    "day": gettext_lazy("Day of the month"),
    "days": gettext_lazy("Valid for"),
    "file": gettext_lazy("File"),
    "files": gettext_lazy("Files"),
    "files_days": gettext_lazy("Imported files are deleted after"),
    "fingerprint": gettext_lazy("Fingerprint"),
    "gone": gettext_lazy("Customer"),
    "hint": gettext_lazy("Hint"),
    "is_shared": gettext_lazy("Shared with the team"),
    "is_operator": gettext_lazy("Operator"),
    "is_paused": gettext_lazy("Paused"),
    "job": gettext_lazy("Job"),
    "made_at": gettext_lazy("Backup of"),
    "metric": gettext_lazy("Metric"),
    "group": gettext_lazy("Group"),
    "cohort": gettext_lazy("Cohort"),
    "month": gettext_lazy("Month"),
    "options": gettext_lazy("Answers"),
    "permissions": gettext_lazy("Permissions"),
    "purpose": gettext_lazy("Purpose"),
    "reason": gettext_lazy("Reason"),
    "recipients": gettext_lazy("Recipients"),
    "rhythm": gettext_lazy("Rhythm"),
    "role": gettext_lazy("Role"),
    "rows": gettext_lazy("Rows"),
    "since": gettext_lazy("From"),
    "state": gettext_lazy("State"),
    "target": gettext_lazy("Target"),
    "until": gettext_lazy("Up to"),
    "was_member": gettext_lazy("Was in the team already"),
    "what": gettext_lazy("Changed"),
}
# What a program needs to know, and says nothing to people.
UNSAID = {"rule"}
COUNTS: Mapping[str, Words] = {
    **imports.KINDS,
    "files_dropped": gettext_lazy("Files deleted"),
    "files_redacted": gettext_lazy("Files without this person’s rows now"),
    "keys": gettext_lazy("Numbers and addresses"),
    "merged": gettext_lazy("Customers joined"),
    "proofs": gettext_lazy("Proofs of consent"),
    "queries": gettext_lazy("Queries in SQL"),
    "trials": gettext_lazy("Trials"),
    "views": gettext_lazy("Saved views"),
    "wallets": gettext_lazy("Whose accounts they were"),
}
GROUPS: Mapping[str, Words] = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("as before"),
}
FIELDS: Mapping[str, Words] = {"name": gettext_lazy("Name"), "language": gettext_lazy("Language")}
REASONS: Mapping[str, Words] = {"erased": gettext_lazy("the person was erased")}


def told(kept: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what an event tells as labels and values."""
    found: list[tuple[str, str]] = []
    for key, value in kept.items():
        if key == "counts" and isinstance(value, dict):
            found += _counts(value)
        elif key not in UNSAID:
            found.append((str(LABELS.get(key, key)), _value(key, value)))
    return found


def _counts(counts: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Tell what was counted, as far as it is more than nothing."""
    for key, value in counts.items():
        if isinstance(value, dict):
            for kind, count in value.items():
                if count:
                    yield f"{COUNTS.get(kind, kind)} {GROUPS.get(key, key)}", number(count)
        elif isinstance(value, int) and value:
            yield str(COUNTS.get(key, key)), number(value)


def _value(key: str, kept: object) -> str:
    if found := _WRITERS.get(key):
        return found(kept)
    match kept:
        case bool():
            return _("yes") if kept else _("no")
        case int():
            return number(kept)
        case list():
            return ", ".join(map(str, kept))
        case None:
            return "–"
        case _:
            return words.value(key, kept)


def _one_of(names: Mapping[str, Words]) -> Callable[[object], str]:
    return lambda kept: str(names.get(str(kept), kept))


def _each_of(names: Mapping[str, Words]) -> Callable[[object], str]:
    def write(kept: object) -> str:
        each = kept if isinstance(kept, list) else [kept]
        return ", ".join(str(names.get(str(one), one)) for one in each)

    return write


def _hint(kept: object) -> str:
    titles = {step.name: step.title for step in checklist.STEPS}
    return str(titles.get(str(kept), _("First steps")))


def _job(kept: object) -> str:
    work = registry.find(str(kept))
    return str(work.title) if work else str(kept)


def _days(kept: object) -> str:
    if not isinstance(kept, int):
        return _("never")
    return ngettext("%(days)s day", "%(days)s days", kept) % {"days": number(kept)}


def _metric(kept: object) -> str:
    found = metrics.every().get(str(kept))
    return found.name.render(reader()) if found else words.value("metric", kept)


def _moment(kept: object) -> str:
    return moment(dt.datetime.fromisoformat(str(kept)))


_WRITERS: Mapping[str, Callable[[object], str]] = {
    "bytes": lambda kept: size(int(str(kept))),
    "channel": _one_of(dict(CHANNELS)),
    "customers_days": _days,
    "days": _days,
    "files_days": _days,
    "hint": _hint,
    "job": _job,
    "made_at": _moment,
    "metric": _metric,
    "options": lambda kept: number(len(kept) if isinstance(kept, list) else 0),
    "permissions": _each_of({str(key): text for key, text in words.PERMISSIONS.items()}),
    "purpose": _one_of(dict(PURPOSES)),
    "reason": _one_of(REASONS),
    "rhythm": _one_of(dict(RHYTHMS)),
    "since": lambda kept: day(dt.date.fromisoformat(str(kept))),
    "state": _one_of(dict(STATES)),
    "target": lambda kept: number(float(str(kept)), 2),
    "what": _each_of(FIELDS),
}

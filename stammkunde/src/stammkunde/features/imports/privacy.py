"""What imports contribute to the export and the erasure of a person: the files as they were uploaded.

A text file is replaced by a copy without the rows that name the person, any other file by the table that
was read of it (`cutting`); one that cannot be read is dropped. What was understood of files is read again
where it is still needed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit.services import JOB
from stammkunde.features.imports import cutting, files, services
from stammkunde.features.imports.models import File, Import, Mapping
from stammkunde.features.imports.seeing import LOOKABLE
from stammkunde.records.customers.privacy import Person

# Told how many files of how many were searched.
Tell = Callable[[int, int], None]
HIDDEN = "…"
GONE = _(
    "Somebody was erased whom a file may have named, so that file was deleted. Send it again without them."
)
_DELIMITED = (",", ";", "\t", "|")


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def holding(person: Person) -> list[File]:
    """Return the kept files that name a person."""
    return [file for file in _kept(person) if _names(file, person)]


def _kept(person: Person) -> list[File]:
    found = File.objects.filter(import_of__shop_id=person.customer.shop_id, dropped_at=None)
    return list(found.select_related("import_of"))


def _names(file: File, person: Person) -> bool:
    """Return whether a file may name a person."""
    path = files.path(file)
    if not path.exists():
        return False
    shape = _shape(file)
    if shape is None:
        return cutting.names(file, person)
    return any(map(_teller(person), _rows(path, *shape)))


def _shape(file: File) -> tuple[str, str] | None:
    """Return encoding and delimiter of a text file, None for what is none or was not understood."""
    for each in file.import_of.understood.get("files", []):
        if (
            each["name"] == file.name
            and each.get("encoding")
            and each.get("delimiter") in _DELIMITED
        ):
            return each["encoding"], each["delimiter"]
    return None


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 24)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        yield from csv.reader(text, delimiter=delimiter)


def _teller(person: Person) -> Callable[[list[str]], bool]:
    """Return what says of a row whether it tells a person."""
    exact = {word.lower() for word in person.words}
    telling = [word.lower() for word in person.telling]

    def tells(row: list[str]) -> bool:
        cells = [cell.strip().lower() for cell in row]
        # One look through the whole row is much quicker than one into each cell.
        text = "\n".join(cells)
        return not exact.isdisjoint(cells) or any(word in text for word in telling)

    return tells


def export(person: Person) -> dict[str, Any]:
    """Return which uploaded files name a person."""
    return {
        "files": [
            {"name": file.name, "uploaded_at": file.import_of.uploaded_at}
            for file in holding(person)
        ]
    }


def redact(person: Person, *, tell: Tell = silent) -> dict[str, int]:
    """Redact or drop the files that name a person; return how many.

    This takes as long as the files are large, so it belongs before the transaction that forgets the
    person. That a file is redacted is noted first: whoever comes again after a crash knows by it which
    readings still tell of the person. A workbook is redacted by the first erasure, even if the table that
    was read of it does not name the person: nobody knows what else is in it.

    Parameters
    ----------
    tell
        Told how many files of how many are done.
    """
    redacted = dropped = 0
    kept = _kept(person)
    for place, file in enumerate(kept):
        tell(place, len(kept))
        is_whole = file.redacted_at is None and _shape(file) is None and files.path(file).exists()
        if not (is_whole or _names(file, person)):
            continue
        file.redacted_at = clock.now()
        file.save(update_fields=["redacted_at"])
        if shape := _shape(file):
            _redact(file, person, *shape)
            redacted += 1
        elif cutting.cut(file, person):
            _note(file)
            redacted += 1
        else:
            files.remove([files.path(file)])
            file.dropped_at = clock.now()
            file.save(update_fields=["dropped_at"])
            dropped += 1
    return {"files_redacted": redacted, "files_dropped": dropped}


def erase(person: Person) -> None:
    """Forget what was understood of the rows of a person, whose files are redacted."""
    shop_id = person.customer.shop_id
    met = set(
        File.objects.filter(import_of__shop_id=shop_id)
        .exclude(redacted_at=None)
        .values_list("import_of_id", flat=True)
    )
    for import_ in Import.objects.filter(shop_id=shop_id):
        _forget(import_, person, is_met=import_.pk in met)
    for mapping in Mapping.objects.filter(shop_id=shop_id):
        mapping.said = hidden(mapping.said, person)
        mapping.save(update_fields=["said"])


def _redact(file: File, person: Person, encoding: str, delimiter: str) -> None:
    path = files.path(file)
    tells = _teller(person)

    def write(target: Path) -> None:
        with target.open("w", encoding=encoding, errors="replace", newline="") as text:
            writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
            for row in _rows(path, encoding, delimiter):
                if not tells(row):
                    writer.writerow(row)

    files.written(path, write)
    _note(file)


def _note(file: File) -> None:
    """Note that a file was replaced; whoever read it before knows that by the time."""
    file.redacted_at, file.size = clock.now(), files.path(file).stat().st_size
    file.save(update_fields=["redacted_at", "size"])


def _forget(import_: Import, person: Person, *, is_met: bool) -> None:
    """Forget what an import understood of a person's rows; one that waits is looked at again."""
    waits = is_met and import_.state in LOOKABLE
    if is_met:
        files.remove(files.folder(import_).glob("look-*"))
    if waits:
        import_.state = "uploaded"
    names = ("understood", "plan", "fault", "said", "mapping")
    before = {name: getattr(import_, name) for name in names}
    for name in names:
        setattr(import_, name, hidden(before[name], person))
    if is_met or any(getattr(import_, name) != before[name] for name in names):
        import_.save(update_fields=["state", *names])
    if waits:
        _look_again(import_)


def _look_again(import_: Import) -> None:
    """Have the files read anew without the person, or say why that cannot be."""
    if not import_.files.exclude(dropped_at=None).exists():
        services.start_look(import_, actor=JOB)
        return
    import_.state, import_.fault = "failed", {}
    for language in ("de", "en"):
        with translation.override(language):
            import_.fault[language] = str(GONE)
    import_.save(update_fields=["state", "fault"])


def hidden(value: Any, person: Person) -> Any:
    """Return JSON without the words that tell a person."""
    match value:
        case dict():
            return {hidden(key, person): hidden(each, person) for key, each in value.items()}
        case list():
            return [hidden(each, person) for each in value]
        case str():
            for word in sorted(person.telling, key=len, reverse=True):
                place = value.lower().find(word.lower())
                while place >= 0:
                    value = value[:place] + HIDDEN + value[place + len(word) :]
                    place = value.lower().find(word.lower())
            return value
        case _:
            return value

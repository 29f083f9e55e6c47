"""Writes that are asked for more than once are done once: `Idempotency-Key`.

The key's row is written in the transaction of the work, so that a crash leaves both or neither. What was
refused leaves no row: the same key may come again with better words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from stammkunde.core import bulk, clock, turns
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.models import Answered
from stammkunde.faces.api.problems import Problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY_MAX = 120
KEPT_DAYS = 7
TRIES = 3
CHUNK = 1000


def once(visit: Visit, work: Callable[[], Answer]) -> Answer:
    """Do a write in one transaction, or give the answer that it got before.

    Raises
    ------
    Problem
        The key was used for something else, or cannot be one.
    """
    key = _key(visit.request)
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return _once(visit, key, work)
        except OperationalError as error:
            is_deadlock = bulk.sqlstate(error) == bulk.DEADLOCK
            if not is_deadlock or attempt == TRIES or connection.in_atomic_block:
                raise
    raise AssertionError("The last try gives an answer or raises.")


def known(visit: Visit) -> Answer | None:
    """Return the answer that a request got before, None if it is new.

    Raises
    ------
    Problem
        The key was used for something else, or cannot be one.
    """
    key = _key(visit.request)
    return _known(visit, key, _digest(visit.request)) if key else None


def _once(visit: Visit, key: str, work: Callable[[], Answer]) -> Answer:
    turns.take(visit.shop.pk)
    if not key:
        return work()
    digest = _digest(visit.request)
    if (before := _known(visit, key, digest)) is not None:
        return before
    answer = work()
    Answered.objects.create(
        shop=visit.shop,
        token=visit.token,
        key=key,
        digest=digest,
        status=answer.status,
        body=answer.plain,
        headers=answer.headers,
        at=clock.now(),
    )
    return answer


def _known(visit: Visit, key: str, digest: str) -> Answer | None:
    kept = Answered.objects.filter(shop=visit.shop, token=visit.token, key=key).first()
    if kept is None:
        return None
    if kept.digest != digest:
        sentence = _("This key was used for another request. Use a new one for each.")
        raise Problem(409, "key.differs", sentence, errors=[{"header": HEADER, "detail": sentence}])
    return Answer(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _key(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "").strip()
    if len(key) > KEY_MAX or not (key.isascii() and key.isprintable()):
        detail = _("A key has at most %(most)s letters, digits and signs of ASCII.")
        sentence = detail % {"most": KEY_MAX}
        raise Problem(422, "key.invalid", sentence, errors=[{"header": HEADER, "detail": sentence}])
    return key


def _digest(request: HttpRequest) -> str:
    """Return the salted hash of what is asked; it tells nobody what that was."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for text in _words(request):
        found.update(text)
    return salted_hmac("stammkunde.api.repeating", found.digest(), algorithm="sha256").hexdigest()


def _words(request: HttpRequest) -> list[bytes]:
    if not request.headers.get("Content-Type", "").startswith("multipart/"):
        return [request.body]
    fields = [f"{name}={value}\n".encode() for name, value in sorted(request.POST.items())]
    files: list[Any] = [each for _name, some in sorted(request.FILES.lists()) for each in some]
    return fields + [_of_file(file) for file in files]


def _of_file(file: UploadedFile) -> bytes:
    found = hashlib.sha256(f"{file.name}\n".encode())
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return found.digest()


def purge() -> int:
    """Forget what was answered long ago, in small transactions; return how many rows."""
    old = Answered.objects.filter(at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS))
    count = 0
    while found := list(old.values_list("pk", flat=True)[:CHUNK]):
        count += Answered.objects.filter(pk__in=found).delete()[0]
    return count

"""Files on their way in: from the connection to the disk beside their final place, never into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from stammkunde.core.errors import Refused
from stammkunde.features.imports import files

# What a form may weigh beside its files.
BESIDE_BYTES = 1 << 20


class Spool(FileUploadHandler):
    """Writes what comes to a file that has no name, so that a broken upload leaves nothing."""

    chunk_size = 1 << 20

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in the folder of data, where there is room for it."""
        super().new_file(*args, **kwargs)
        folder = Path(settings.DATA) / "imports"
        with files.room():
            folder.mkdir(parents=True, exist_ok=True)
            self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # the upload closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part."""
        with files.room():
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Hand the file on."""
        with files.room():
            self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size)

    def upload_interrupted(self) -> None:
        """Let go of what came so far."""
        self.file.close()


def taken(
    request: HttpRequest,
    take: Callable[[], HttpResponse],
    refuse: Callable[[str, int], HttpResponse],
    *,
    too_large: str,
) -> HttpResponseBase:
    """Let a page take files that go to the disk, or say why it does not.

    Where files go is decided before the form is read, so a page that calls this is exempt from the check
    against forged forms, which follows here.

    Parameters
    ----------
    take
        Answers once files may be read.
    refuse
        Answers with a sentence and a status.
    """
    if request.method == "POST" and is_too_large(request):
        return refuse(too_large, 413)
    request.upload_handlers = [Spool(request)]

    @csrf_protect
    def checked(_request: HttpRequest) -> HttpResponse:
        return take()

    try:
        answer: HttpResponseBase = checked(request)
    except Refused as refused:
        return refuse(str(refused), 507)
    return answer


def is_too_large(request: HttpRequest) -> bool:
    """Return whether an upload says that it is larger than what is taken; nothing of it is read then."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return True
    limit: int = settings.UPLOAD_BYTES_MAX
    return length > limit + BESIDE_BYTES

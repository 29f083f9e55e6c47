"""Answers on their way out: plain data with a status, written as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, JsonResponse
from pydantic import BaseModel


@dataclass(frozen=True)
class Answer:
    """What is answered.

    Parameters
    ----------
    body
        A model or plain data; None for an answer without words.
    """

    body: BaseModel | Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> Any:
        """The body as JSON can hold it."""
        return self.body.model_dump(mode="json") if isinstance(self.body, BaseModel) else self.body

    def response(self) -> HttpResponse:
        """Return the answer as it is sent."""
        if self.body is None:
            return HttpResponse(status=self.status, headers=self.headers, content_type="")
        return JsonResponse(
            self.plain,
            status=self.status,
            headers=self.headers,
            safe=False,
            json_dumps_params={"ensure_ascii": False},
        )

"""How often a token may ask: a bucket of requests that fills evenly.

Buckets are held in the memory of each process that answers. A shared table would make a write of every
read, and on SQLite queue it behind imports; what is limited is the load on a process, and each one knows
its own. A token that asks several processes gets the allowance of each.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from stammkunde.faces.api.problems import Problem

WINDOW = 60.0
# So many tokens are remembered; who was not seen for longest is forgotten, and begins with a full bucket.
TOKENS_MAX = 10_000


@dataclass(frozen=True)
class Allowance:
    """What is left to a token: requests now, and seconds until the bucket is full again."""

    limit: int
    remaining: int
    reset: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Buckets:
    """The buckets of all tokens in this process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._full: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, token_id: int, *, limit: int) -> Allowance:
        """Take one request out of a token's bucket; `wait` is above zero where there is none."""
        with self._lock:
            now = self._now()
            content, at = self._full.pop(token_id, (float(limit), now))
            content = min(float(limit), content + (now - at) * limit / WINDOW)
            has_one = content >= 1
            content -= 1 if has_one else 0
            self._full[token_id] = (content, now)
            while len(self._full) > TOKENS_MAX:
                self._full.popitem(last=False)
        per_request = WINDOW / limit
        return Allowance(
            limit=limit,
            remaining=int(content),
            reset=math.ceil((limit - content) * per_request),
            wait=0 if has_one else max(1, math.ceil((1 - content) * per_request)),
        )

    def forget(self) -> None:
        """Let all buckets be full again."""
        with self._lock:
            self._full.clear()


BUCKETS = Buckets()


def take(token_id: int) -> Allowance:
    """Take one request out of a token's bucket."""
    return BUCKETS.take(token_id, limit=settings.API_REQUESTS_A_MINUTE)


def require(allowance: Allowance) -> None:
    """Refuse a request for which nothing was left.

    Raises
    ------
    Problem
        With the seconds to wait.
    """
    if allowance.wait:
        raise Problem(
            429,
            "rate.exceeded",
            _("This token asks too often. Wait %(seconds)s seconds and try again.")
            % {"seconds": allowance.wait},
            headers={"Retry-After": str(allowance.wait), **allowance.headers},
        )

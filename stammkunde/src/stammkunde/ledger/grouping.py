"""One commit for many callers of a process: who comes while another commits waits, and is booked with all who wait.

There is no thread for it. The first who comes books at once and leads; when its commit is done, the first of
those who came meanwhile leads next, and books all that wait in one transaction. A caller alone waits for nobody.

Only SQLite needs it: it has one writer, whom the others would ask for its turn over and over. PostgreSQL commits
together what comes together by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from stammkunde.core.errors import Refused
from stammkunde.ledger import services
from stammkunde.ledger.commands import Command, Posted

Beside = Callable[[Posted], object]
# So many are booked by one commit at most: nobody waits for a larger crowd than that.
MOST = 100


@dataclass(slots=True)
class Waiting:
    """A command in line; awake once it is answered, or its caller is to book.

    Parameters
    ----------
    answer
        What is said, once the group is committed.
    beside
        What is written with the booking, in the same transaction.
    leads
        Whether its caller is to book the group; where neither holds, it books this one command alone.
    """

    command: Command
    beside: Beside
    awake: threading.Event = field(default_factory=threading.Event)
    answer: Posted | Refused | None = None
    leads: bool = False


class Line:
    """Callers of one process in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Waiting] = []
        self._is_led = False

    def post(self, command: Command, *, beside: Beside = lambda _posted: None) -> Posted:
        """Book a command, together with what others want booked at this moment.

        What is answered is committed. Whoever has begun a transaction books within it, alone: it could be
        undone later, and nobody else with it.

        Parameters
        ----------
        beside
            Writes more in the same transaction once it is booked; by whichever thread leads.

        Raises
        ------
        Refused
            This command alone; what waits with it is booked.
        """
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return _alone(command, beside)
        mine = Waiting(command, beside)
        with self._lock:
            mine.leads, self._is_led = not self._is_led, True
            if not mine.leads:
                self._waiting.append(mine)
        if not mine.leads:
            mine.awake.wait()
        if mine.leads:
            self._lead(mine)
        if mine.answer is None:
            # The group broke off, perhaps after its commit: the key says whether this was booked.
            return _alone(command, beside)
        if isinstance(mine.answer, Refused):
            raise mine.answer
        return mine.answer

    def _lead(self, mine: Waiting) -> None:
        with self._lock:
            others = self._waiting[: MOST - 1]
            del self._waiting[: MOST - 1]
        try:
            _book([mine, *others])
        except Exception:
            # Whoever is to blame learns it when each books alone.
            if not others:
                raise
        finally:
            self._hand_over()
            for each in others:
                each.awake.set()

    def _hand_over(self) -> None:
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._waiting:
                following = self._waiting.pop(0)
                following.leads = True
                following.awake.set()


def _book(group: list[Waiting]) -> None:
    with transaction.atomic():
        answers = services.post_each([each.command for each in group])
        for each, answer in zip(group, answers, strict=True):
            if isinstance(answer, Posted):
                each.beside(answer)
    for each, answer in zip(group, answers, strict=True):
        each.answer = answer


def _alone(command: Command, beside: Beside) -> Posted:
    with transaction.atomic():
        (posted,) = services.post([command])
        beside(posted)
    return posted


LINE = Line()
post = LINE.post

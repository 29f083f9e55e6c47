"""The processes behind `serve`: one that watches, some that answer requests, one that works."""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

WEB_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
WORK_THREADS = 2
# How long a process is given to end what it does before it is killed.
STOP_SECONDS = 15
PAUSE_SECONDS_MAX = 60

log = logging.getLogger("stammkunde")


def serve(host: str, port: int, *, count: int, has_worker: bool) -> None:
    """Answer requests and do background work until a signal says to end."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from stammkunde.faces.watching import counts

    connections.close_all()
    # New processes begin empty: no connection or lock of this one is shared with them.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "stammkunde.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=count,
        blocking_threads=WEB_THREADS,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    if has_worker:
        beside = Beside()
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    with counts.shared():
        server.serve(target_loader=web, wrap_loader=False)


def web() -> Callable[..., Any]:
    """Return what answers requests; called in each process that does."""
    # A terminal sends Ctrl+C to everybody, and the server takes a second signal badly: what holds is
    # that of the parent. Blocked rather than ignored, as the server sets handlers of its own later.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    never_miss_a_signal()
    end_with_parent()
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    from stammkunde.core.upkeep import serving

    application = serving.application()
    atexit.register(end_here)
    return application


def never_miss_a_signal() -> None:
    """Wake the main thread after a signal until the process ends.

    The server waits for its end without a limit of time. A signal that comes just before it begins to
    wait, while other threads are busy, is noted by Python, but nothing would wake it to heed the note.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    main = threading.get_ident()

    def wake() -> None:
        ours.recv(1)
        while True:
            signal.pthread_kill(main, signal.SIGUSR1)
            time.sleep(0.1)

    threading.Thread(target=wake, daemon=True).start()


def end_here() -> None:
    """End this process before Python takes itself apart.

    The server's own threads may still be handing back what they hold; one that asks a Python taken
    apart for its lock aborts the process, and says so on the terminal.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def work(
    threads: int = WORK_THREADS,
    *,
    until: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Do background work until a signal says to end; a second signal ends at once.

    `ready` is called as soon as signals are heeded.
    """
    from stammkunde.core.jobs.worker import Worker

    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    worker = Worker(threads=threads)

    def stop(*_signal: object) -> None:
        for number in until:
            signal.signal(number, signal.SIG_DFL)
        worker.stop()

    for number in until:
        signal.signal(number, stop)
    ready()
    worker.run()


def work_beside() -> None:
    """Do background work in a process that ends with the one that started it."""
    # A terminal sends Ctrl+C to everybody; this process waits for what its parent says.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    import django

    django.setup()
    work(until=(signal.SIGTERM,))


def end_with_parent() -> None:
    """End when the process that started this one is gone, even if it was killed."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


class Beside:
    """Keeps a process with background work alive beside the pages."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._beginning = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._process: Any = None

    def start(self) -> None:
        """Start the process, and start it again whenever it ends unasked."""
        self._begin()
        self._watcher.start()

    def stop(self) -> None:
        """End it, and wait as long as its jobs are given."""
        with self._beginning:
            self._ending.set()
            self._process.terminate()
        self._process.join(STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()

    def _begin(self) -> None:
        with self._beginning:
            if not self._ending.is_set():
                context = multiprocessing.get_context("spawn")
                self._process = context.Process(target=work_beside, name="stammkunde-worker")
                self._process.start()

    def _watch(self) -> None:
        pause = 1
        while True:
            began = time.monotonic()
            self._process.join()
            if self._ending.wait(pause):
                return
            log.warning(
                "Background work ended unasked (%s); it begins again.", self._process.exitcode
            )
            lasted = time.monotonic() - began > PAUSE_SECONDS_MAX
            pause = 1 if lasted else min(2 * pause, PAUSE_SECONDS_MAX)
            self._begin()

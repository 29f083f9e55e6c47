"""What must hold before the product starts, and bringing the database up to date."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused

# Any number, as long as it is ours: two machines that start at once must not migrate both.
MIGRATION_LOCK = 0x7374616D


def require_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened at.

    Raises
    ------
    Refused
        Somebody listens there already, it is not one of this machine, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # Two servers may share a port; whoever listens already shows only now.
            probe.listen(1)
        except OSError as fault:
            words = {
                errno.EADDRINUSE: _("Port %(port)s is taken. Choose another with --port."),
                errno.EACCES: _(
                    "Port %(port)s needs special rights. Choose one from 1024 upwards."
                ),
            }
            unknown = _("“%(host)s” is not an address of this machine.")
            sentence = words.get(fault.errno or 0, unknown)
            raise Refused(
                str(sentence) % {"port": port, "host": host}, name="serve.address"
            ) from fault


def require_safe(host: str) -> None:
    """Refuse to show others what developer mode shows.

    Raises
    ------
    Refused
        Others could reach the address, and developer mode is on.
    """
    try:
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if settings.DEBUG and not is_local:
        raise Refused(
            _("Developer mode is for this machine alone. Switch STAMMKUNDE_DEBUG off first."),
            name="serve.developer_mode",
        )


def pending() -> int:
    """Return how many steps bring the database up to date.

    Raises
    ------
    Refused
        The database was made by a newer version.
    """
    _make_folder()
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    ours = {app for app, _name in executor.loader.disk_migrations}
    if newer := sorted(f"{app}.{name}" for app, name in unknown if app in ours):
        sentence = _(
            "The database was made by a newer version of Stammkunde (%(step)s). Install that one."
        )
        raise Refused(str(sentence) % {"step": newer[0]}, name="database.is_newer")
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Bring the database up to date; two that start at once wait for each other."""
    with _alone():
        call_command("migrate", verbosity=0, interactive=False)


def begin() -> None:
    """Make the tables of a database that holds none yet; any other stays as it is.

    So the first command on an empty machine need not be `serve`.
    """
    _make_folder()
    if not connection.introspection.table_names():
        migrate()


def require_migrated() -> None:
    """Refuse to work on a database that is not up to date.

    Raises
    ------
    Refused
        Steps are missing.
    """
    if pending():
        raise Refused(
            _("The database is not up to date. Start `stammkunde serve` once."),
            name="database.is_older",
        )


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _make_folder() -> None:
    """Make the folders that a first start needs."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite" and "memory" not in str(connection.settings_dict["NAME"]):
        Path(connection.settings_dict["NAME"]).absolute().parent.mkdir(parents=True, exist_ok=True)

"""Tables whose rows can only be added: the database itself refuses the rest."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
# Every table that a migration protects; whoever looks the database over compares.
PROTECTED: set[str] = set()


def protect(table: str) -> migrations.RunPython:
    """Return the operation that makes a table append-only, on both stores."""
    PROTECTED.add(table)

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        if vendor == "postgresql":
            editor.execute(_POSTGRESQL_FUNCTION, params=None)
        statement = _POSTGRESQL if vendor == "postgresql" else _SQLITE
        for verb in ("update", "delete"):
            editor.execute(statement.format(table=table, verb=verb, VERB=verb.upper()))

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")

    return migrations.RunPython(forwards, backwards, elidable=False)


def protect_most(table: str, *, fixed: Sequence[str], unless: str = "true") -> migrations.RunPython:
    """Return the operation that fixes columns of a table and keeps its rows, on both stores.

    Parameters
    ----------
    fixed
        Columns that never change.
    unless
        A condition on the row as it was (`OLD.state = 'open'`) without which no other column changes either.
    """
    PROTECTED.add(table)
    columns = ", ".join(fixed)

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        is_postgresql = editor.connection.vendor == "postgresql"
        if is_postgresql:
            editor.execute(_POSTGRESQL_FUNCTION, params=None)
        body = (
            "FOR EACH ROW {when} EXECUTE FUNCTION refuse_change()"
            if is_postgresql
            else "{when} BEGIN SELECT RAISE(ABORT, '" + table + " is append-only'); END"
        )
        for name, verb, condition in (
            ("no_update", f"UPDATE OF {columns}", ""),
            ("no_delete", "DELETE", ""),
            ("is_final", "UPDATE", "" if unless == "true" else f"WHEN (NOT ({unless}))"),
        ):
            if name == "is_final" and not condition:
                continue
            editor.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
                + body.format(when=condition),
                params=None,
            )

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for name in ("no_update", "no_delete", "is_final"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")

    return migrations.RunPython(forwards, backwards, elidable=False)

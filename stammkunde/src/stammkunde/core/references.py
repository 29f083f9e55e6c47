"""References to rows that can never go: PostgreSQL proves them once for all rows of a statement.

A foreign key looks each row up by itself and locks what it finds, against somebody who deletes it meanwhile:
half of the work of many bookings. Where the target is append-only nobody can, and one look for all rows of a
statement proves as much. SQLite keeps its foreign keys, which cost it next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {lacking} THEN
    RAISE foreign_key_violation USING MESSAGE = 'a row of {table} names one that is not there',
      CONSTRAINT = '{table}_refers';
  END IF;
  RETURN NULL;
END $$
"""
# One look by the key for each row: OFFSET keeps the planner from reading the whole target instead.
_LACKING = (
    "EXISTS (SELECT FROM added a LEFT JOIN LATERAL (SELECT true AS is_there FROM {target} t "
    "WHERE t.id = a.{column} OFFSET 0) f ON true WHERE a.{column} IS NOT NULL "
    "AND f.is_there IS NULL)"
)
_TRIGGER = """
CREATE TRIGGER {table}_refers AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refers()
"""
_DROP_KEYS = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT c.conname FROM pg_constraint c JOIN pg_attribute k
    ON k.attrelid = c.conrelid AND c.conkey = ARRAY[k.attnum]
    WHERE c.contype = 'f' AND c.conrelid = '{table}'::regclass AND k.attname IN ({columns})
  LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', name); END LOOP;
END $$
"""


def prove_by_statement(table: str, targets: Mapping[str, str]) -> migrations.RunPython:
    """Return the operation that lets a trigger prove references of a table, in place of foreign keys.

    Parameters
    ----------
    targets
        The append-only table that each column names.
    """

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        lacking = " OR ".join(
            _LACKING.format(column=column, target=target) for column, target in targets.items()
        )
        columns = ", ".join(f"'{column}'" for column in targets)
        editor.execute(_FUNCTION.format(table=table, lacking=lacking), params=None)
        editor.execute(_TRIGGER.format(table=table), params=None)
        # The keys themselves are made at the end of the migration.
        editor.deferred_sql.append(_DROP_KEYS.format(table=table, columns=columns))

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_refers ON {table}")
            editor.execute(f"DROP FUNCTION {table}_refers()")

    return migrations.RunPython(forwards, backwards, elidable=False)

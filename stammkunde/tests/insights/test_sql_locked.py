"""What may be asked in SQL, and what is refused: first by the syntax tree, then once more by the engine."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from stammkunde.insights.sql import child, sandbox, statements
from stammkunde.insights.sql.sandbox import Fault, Limits
from stammkunde.insights.sql.statements import Refusal

TABLES = ("orders", "customers")
SECRET = "nobody reads this"  # noqa: S105 - what the attacks look for

# Each is refused by its tree alone, for the reason beside it.
ATTACKS = (
    ("SELECT * FROM '{folder}/secret.csv'", "table"),
    ('SELECT * FROM "{folder}/secret.csv"', "table"),
    ("FROM '{folder}/*.csv'", "table"),
    ("SELECT * FROM '{folder}/other.parquet'", "table"),
    ("SELECT * FROM '/etc/passwd'", "table"),
    ("SELECT * FROM 'https://example.com/a.parquet'", "table"),
    ("SELECT * FROM 's3://bucket/a.parquet'", "table"),
    ("SELECT * FROM read_csv('{folder}/secret.csv')", "function"),
    ("SELECT * FROM read_csv_auto('{folder}/secret.csv')", "function"),
    ("SELECT * FROM read_text('{folder}/secret.csv')", "function"),
    ("SELECT * FROM read_blob('{folder}/secret.csv')", "function"),
    ("SELECT * FROM read_json('{folder}/secret.csv')", "function"),
    ("SELECT * FROM read_parquet('{folder}/other.parquet')", "function"),
    ("SELECT * FROM parquet_scan('{folder}/other.parquet')", "function"),
    ("SELECT * FROM parquet_metadata('{folder}/other.parquet')", "function"),
    ("SELECT * FROM parquet_schema('{folder}/other.parquet')", "function"),
    ("SELECT * FROM read_duckdb('{folder}/other.duckdb')", "function"),
    ("SELECT * FROM sniff_csv('{folder}/secret.csv')", "function"),
    ("SELECT * FROM glob('/**')", "function"),
    ("SELECT * FROM query('SELECT 1')", "function"),
    ("SELECT * FROM query_table('duckdb_settings')", "function"),
    ("SELECT * FROM duckdb_settings()", "function"),
    ("SELECT * FROM duckdb_secrets()", "function"),
    ("SELECT * FROM duckdb_databases()", "function"),
    ("SELECT * FROM duckdb_temporary_files()", "function"),
    ("SELECT * FROM duckdb_logs()", "function"),
    ("SELECT * FROM pragma_database_size()", "function"),
    ("SELECT * FROM pragma_storage_info('orders')", "function"),
    ("SELECT * FROM which_secret('s3://a', 's3')", "function"),
    ("SELECT * FROM json_execute_serialized_sql('x')", "function"),
    ("SELECT * FROM arrow_scan(1, 2, 3)", "function"),
    ("SELECT * FROM pandas_scan(1)", "function"),
    ("SELECT * FROM test_all_types()", "function"),
    ("SELECT * FROM repeat_row(1, num_rows = 1000000000)", "function"),
    ("SELECT getenv('PATH')", "function"),
    ("SELECT GetEnv('PATH') FROM orders", "function"),
    ("SELECT main.getenv('PATH')", "function"),
    ("SELECT current_setting('temp_directory')", "function"),
    ("SELECT current_query()", "function"),
    ("SELECT write_log('x')", "function"),
    ("SELECT pg_sleep(100)", "function"),
    ("SELECT sleep_ms(100000)", "function"),
    ("SELECT (SELECT max(getenv('PATH')) FROM orders)", "function"),
    (
        "SELECT * FROM orders WHERE order_id IN (SELECT content FROM read_text('/etc/passwd'))",
        "function",
    ),
    ("WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a", "function"),
    ("SELECT list_transform([1], lambda x: getenv('PATH'))", "function"),
    ("SELECT sum(getenv('PATH')) OVER () FROM orders", "function"),
    ("SELECT * FROM orders ORDER BY getenv('PATH')", "function"),
    ("SELECT * FROM duckdb_settings", "table"),
    ("SELECT * FROM information_schema.tables", "table"),
    ("SELECT * FROM pg_catalog.pg_tables", "table"),
    ("SELECT * FROM sqlite_master", "table"),
    ("SELECT * FROM other.main.orders", "table"),
    ("SELECT * FROM memory.orders", "table"),
    ("SELECT * FROM temp.orders", "table"),
    ("SHOW DATABASES", "table"),
    ("SHOW ALL TABLES", "table"),
    ("DESCRIBE '{folder}/secret.csv'", "table"),
    ("SUMMARIZE '{folder}/secret.csv'", "table"),
    ('WITH "{folder}/secret.csv" AS (SELECT 1) SELECT * FROM "{folder}/secret.csv"', "name"),
    ("SELECT * FROM (WITH duckdb_settings AS (SELECT 1) SELECT 1), duckdb_settings", "name"),
    ("SELECT 1; SELECT 2", "several"),
    ("SELECT 1; DROP TABLE orders", "several"),
    ("DROP TABLE orders", "kind"),
    ("INSERT INTO orders VALUES (1, 1)", "kind"),
    ("UPDATE orders SET order_id = 1", "kind"),
    ("DELETE FROM orders", "kind"),
    ("CREATE TABLE mine AS SELECT 1", "kind"),
    ("CREATE TEMP TABLE mine AS SELECT 1", "kind"),
    ("CREATE MACRO f(x) AS getenv(x)", "kind"),
    ("CREATE SECRET (TYPE s3, KEY_ID 'a')", "kind"),
    ("COPY orders TO '{folder}/out.csv'", "kind"),
    ("COPY (SELECT 1) TO '{folder}/out.parquet'", "kind"),
    ("COPY orders FROM '{folder}/secret.csv'", "kind"),
    ("ATTACH '{folder}/other.duckdb' AS other", "kind"),
    ("DETACH bench", "kind"),
    ("USE memory", "kind"),
    ("EXPORT DATABASE '{folder}/out'", "kind"),
    ("IMPORT DATABASE '{folder}/out'", "kind"),
    ("INSTALL httpfs", "kind"),
    ("LOAD httpfs", "kind"),
    ("SET enable_external_access = true", "kind"),
    ("SET memory_limit = '100GB'", "kind"),
    ("RESET lock_configuration", "kind"),
    ("PRAGMA database_list", "kind"),
    ("PRAGMA memory_limit = '100GB'", "kind"),
    ("CALL duckdb_settings()", "kind"),
    ("CHECKPOINT", "kind"),
    ("VACUUM", "kind"),
    ("PREPARE q AS SELECT 1", "kind"),
    ("EXECUTE q", "kind"),
    ("BEGIN", "kind"),
    ("PIVOT orders ON customer_id USING count(*)", "kind"),
    ("EXPLAIN DELETE FROM orders", "kind"),
    ("EXPLAIN ANALYZE COPY orders TO '{folder}/out.csv'", "kind"),
    ("EXPLAIN /* */ ANALYZE COPY orders TO '{folder}/out.csv'", "kind"),
    ("/* a */ -- b\nEXPLAIN SELECT getenv('PATH')", "function"),
    ("SELECT $1", "parameter"),
    ("", "empty"),
    ("-- nothing", "empty"),
    ("SELEC 1", "syntax"),
    ("SELECT 1" + " " * statements.TEXT_MAX, "long"),
)
# What could be asked if the tree were not looked at: the engine itself reads nothing from outside.
BEYOND = (
    "SELECT * FROM '{folder}/secret.csv'",
    "SELECT * FROM read_text('{folder}/secret.csv')",
    "SELECT * FROM read_csv('{folder}/secret.csv')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('{folder}/other.parquet')",
    "SELECT * FROM glob('{folder}/*')",
    "COPY orders TO '{folder}/out.csv'",
    "ATTACH '{folder}/other.duckdb' AS other",
    "EXPORT DATABASE '{folder}/out'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "SET temp_directory = '/tmp/elsewhere'",
    "SET allowed_directories = ['/']",
    "RESET lock_configuration",
    "CREATE TABLE mine AS SELECT 1",
    "DELETE FROM orders",
)
FINE = (
    "SELECT count(*) FROM orders",
    "select count(*) from ORDERS;",
    "FROM orders LIMIT 1",
    "TABLE orders",
    "VALUES (1), (2)",
    "WITH a AS (SELECT * FROM orders) SELECT count(*) FROM a",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
    "SELECT * FROM range(3) AS r(n), unnest([1, 2]) AS u(x)",
    "SELECT row_number() OVER (ORDER BY order_id) FROM orders",
    "SELECT c.*, o.order_id FROM customers c JOIN orders o USING (customer_id)",
    "SELECT list_transform([1, 2], lambda x: x + 1), now(), [now()], 1.5::DECIMAL(9, 2), INTERVAL 1 DAY",
    "DESCRIBE orders",
    "SUMMARIZE orders",
    "EXPLAIN SELECT * FROM orders",
    "-- why\nEXPLAIN ANALYZE SELECT count(*) FROM orders",
    "SELECT 'read_csv', 'DROP TABLE orders', \"order_id\" FROM orders",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a shop's database, and beside it what nobody may read."""
    folder = tmp_path_factory.mktemp("bench")
    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS order_id, 7 AS customer_id")
        connection.execute("CREATE TABLE customers AS SELECT 7 AS customer_id, 'DE' AS country")
    with duckdb.connect(str(folder / "other.duckdb")) as connection:
        connection.execute(f"CREATE TABLE orders AS SELECT '{SECRET}' AS secret")
        connection.execute(f"COPY orders TO '{folder / 'other.parquet'}'")
    (folder / "secret.csv").write_text(f"a\n{SECRET}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def locked(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return the database as the process opens it."""
    connection = child.connect(
        str(place / "bench.duckdb"), spill=str(place / "spill"), memory_mb=256, threads=1
    )
    yield connection
    connection.close()


@pytest.mark.parametrize(("attack", "reason"), ATTACKS)
def test_what_is_no_select_on_the_tables_is_refused_before_it_runs(
    attack: str, reason: str, locked: duckdb.DuckDBPyConnection, place: Path
) -> None:
    with pytest.raises(Refusal) as refusal:
        statements.checked(attack.format(folder=place), locked, TABLES)

    assert refusal.value.name == reason
    assert SECRET not in refusal.value.about


@pytest.mark.parametrize("attack", BEYOND)
def test_the_engine_alone_reads_and_writes_nothing_outside(
    attack: str, locked: duckdb.DuckDBPyConnection, place: Path
) -> None:
    with pytest.raises(duckdb.Error) as fault:
        locked.execute(attack.format(folder=place)).fetchall()

    assert SECRET not in str(fault.value)
    assert {each.name for each in place.iterdir()} <= {
        "bench.duckdb", "other.duckdb", "other.parquet", "secret.csv", "spill",
    }  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_a_select_on_the_tables_is_answered(text: str, locked: duckdb.DuckDBPyConnection) -> None:
    query = statements.checked(text, locked, TABLES)

    assert locked.execute(query).description


def test_the_engine_prints_nothing_between_the_answers(locked: duckdb.DuckDBPyConnection) -> None:
    # After two seconds it would print how far it is.
    assert locked.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_what_the_engine_says_names_no_path_of_the_machine() -> None:
    fault = duckdb.Error(
        "IO Error: Cannot open /srv/data/columns/1/sql-x.duckdb: gone\n\nLINE 1: x"
    )

    assert statements.said(fault) == "Cannot open …: gone"


class TestProcess:
    def test_rows_come_in_a_file_with_names_and_types(self, place: Path, tmp_path: Path) -> None:
        told = ask("SELECT order_id, NULL AS none, true AS yes FROM orders", place, tmp_path)

        assert told.columns == (("order_id", "INTEGER"), ("none", '"NULL"'), ("yes", "BOOLEAN"))
        assert (told.rows, told.is_cut) == (1, False)
        assert (tmp_path / "rows.jsonl").read_text() == '["1", null, "true"]\n'

    def test_it_knows_nothing_of_the_environment(
        self, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STAMMKUNDE_SECRET_KEY", SECRET)
        with pytest.raises(Fault) as fault:
            ask("SELECT getenv('STAMMKUNDE_SECRET_KEY')", place, tmp_path)

        assert (fault.value.name, fault.value.about) == ("function", "getenv")

    def test_more_rows_than_are_kept_are_cut_and_that_is_told(
        self, place: Path, tmp_path: Path
    ) -> None:
        told = ask("SELECT * FROM range(1000)", place, tmp_path, Limits(rows=250))

        assert (told.rows, told.is_cut, len(told.offsets)) == (250, True, 3)

    def test_one_that_takes_too_long_is_ended(self, place: Path, tmp_path: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(Fault) as fault:
            ask(
                "SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(1000000) b",
                place, tmp_path, Limits(seconds=2),
            )  # fmt: skip

        assert (fault.value.name, fault.value.about) == ("time", "2")
        assert time.monotonic() - begun < 60

    def test_one_that_takes_too_much_memory_ends_with_a_reason(
        self, place: Path, tmp_path: Path
    ) -> None:
        text = "SELECT list(a.range) FROM range(1000000) a, range(100) b"
        with pytest.raises(Fault) as fault:
            ask(text, place, tmp_path, Limits(memory_mb=64))

        assert fault.value.name in ("memory", "room")

    def test_a_process_that_dies_is_told(self, place: Path, tmp_path: Path) -> None:
        # Too little to even begin in.
        with pytest.raises(Fault) as fault:
            ask("SELECT 1", place, tmp_path, Limits(address_mb=150))

        assert fault.value.name in ("crash", "memory")

    def test_stopping_ends_the_process_at_once(self, place: Path, tmp_path: Path) -> None:
        class Enough(Exception):
            pass

        def between() -> None:
            raise Enough

        with pytest.raises(Enough):
            sandbox.ask(
                "SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(1000000) b",
                database=place / "bench.duckdb", tables=TABLES, folder=tmp_path, between=between,
            )  # fmt: skip
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def ask(text: str, place: Path, folder: Path, limits: Limits | None = None) -> sandbox.Told:
    return sandbox.ask(
        text, database=place / "bench.duckdb", tables=TABLES, folder=folder, limits=limits
    )


class TestFence:
    """What the kernel keeps from the process even if the engine did not."""

    def reach(self, place: Path, folder: Path, then: str) -> str:
        """Return what a process behind the fence says of what it tries."""
        script = (
            "import pathlib, socket, sys; sys.path.insert(0, sys.argv[1])\n"
            "from stammkunde.insights.sql import fence\n"
            "place, folder = map(pathlib.Path, sys.argv[2:])\n"
            "if not fence.raise_(read=[place / 'bench.duckdb'], write=[folder]): sys.exit(9)\n"
            f"try: {then}\n"
            "except PermissionError: print('refused')\n"
            "else: print('reached')\n"
        )
        told = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-I", "-c", script, str(sandbox.SOURCE), str(place), str(folder)],
            capture_output=True, text=True, env={}, check=False,
        )  # fmt: skip
        return "no fence" if told.returncode == 9 else told.stdout.strip()

    @pytest.mark.parametrize(
        ("then", "outcome"),
        [
            ("(place / 'bench.duckdb').read_bytes()", "reached"),
            ("(folder / 'new').write_text('a')", "reached"),
            ("(place / 'secret.csv').read_text()", "refused"),
            ("(place / 'bench.duckdb').write_text('a')", "refused"),
            ("(place / 'new').write_text('a')", "refused"),
            ("list(place.iterdir())", "refused"),
            ("open('/etc/passwd')", "refused"),
            ("socket.create_connection(('127.0.0.1', 1))", "refused"),
        ],
    )
    def test_only_the_database_is_read_and_only_the_folder_written(
        self, place: Path, tmp_path: Path, then: str, outcome: str
    ) -> None:
        # A kernel without Landlock is told apart by asking it which version it has.
        version = ctypes.CDLL(None).syscall(444, None, 0, 1)
        assert self.reach(place, tmp_path, then) == (outcome if version > 0 else "no fence")

"""Everything into one file and back again, on both stores, whole or not at all."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.core.upkeep import backups, postgresql
from stammkunde.core.upkeep.archive import Manifest
from stores_and_cast import Store, as_default, make_cast  # type: ignore[import-not-found]

NOT_COMPARED = ("django_session", "cache", "audit_event")


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    """Have a data folder of the test's own, with files of a shop and what some program left."""
    settings.DATA = tmp_path / "data"
    for name in ("files/1/orders.csv", "columns/orders.parquet", ".cache/left"):
        (settings.DATA / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.DATA / name).write_text(f"{name} äöü")
    return tmp_path


@pytest.fixture(params=["tools", "tables"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write PostgreSQL by its own tools and by ours."""
    if request.param == "tables":
        monkeypatch.setattr(postgresql, "has_tools", lambda: False)
    return str(request.param)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in NOT_COMPARED:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(cursor.fetchall(), key=str)
    return found


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_backup_restores_everything_elsewhere(
    own_store: Store, folders: Path, way: str, settings: Any
) -> None:
    cast = make_cast()
    before, target = everything(), folders / "backup.zip"

    made = backups.make(target)

    if way == "tools" or connection.vendor == "sqlite":
        assert made.files == 3
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        assert not any(".cache" in name for name in archive.namelist())
    shops.change(cast.cheese, actor=COMMAND, name="Somebody else's")
    shops.found("Too late", owner=None, actor=COMMAND)
    (settings.DATA / "files/1/orders.csv").write_text("changed")
    (settings.DATA / "files/2").mkdir()
    (settings.DATA / "files/2/new.csv").write_text("new")

    restored = backups.restore(target, replace=True)

    assert everything() == before
    assert restored.files == 2
    assert files(settings.DATA) == {
        ".cache/left": ".cache/left äöü",
        "columns/orders.parquet": "columns/orders.parquet äöü",
        "files/1/orders.csv": "files/1/orders.csv äöü",
    }
    assert not backups.is_unfinished()
    assert (
        Event.objects.order_by("-id").values_list("name", flat=True)[0] == "installation.restored"
    )
    # New rows get new numbers, and the log still cannot be changed.
    assert shops.found("Next", owner=None, actor=COMMAND).pk > cast.tea.pk
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()


def test_an_empty_installation_needs_no_consent(
    own_store: Store, folders: Path, settings: Any
) -> None:
    empty = own_store.copied()
    make_cast()
    before = everything()
    backups.make(folders / "backup.zip")
    settings.DATA = folders / "elsewhere"
    connection.close()

    with as_default(empty):
        backups.restore(folders / "backup.zip", replace=False)
        assert everything() == before

    assert sorted(files(settings.DATA)) == ["columns/orders.parquet", "files/1/orders.csv"]


def test_what_is_here_is_not_replaced_unasked(own_store: Store, folders: Path, run: Run) -> None:  # noqa: F811
    make_cast()
    target = str(folders / "backup.zip")
    assert run("backup", target).code == 0
    before = everything()

    answer = run("restore", target)

    assert answer.code == 2
    assert "--replace" in answer.complained
    assert everything() == before
    again = run("backup", target)
    assert (again.code, again.complained) == (2, "There is such a file already. Name another.\n")
    done = run("restore", target, "--replace", language="de")
    assert done.code == 0
    assert "2 Dateien" in done.said


@pytest.mark.parametrize("fault", ["cut", "changed", "added", "escaping", "no zip", "newer"])
def test_a_damaged_backup_changes_nothing(
    own_store: Store,
    folders: Path,
    run: Run,  # noqa: F811
    fault: str,
    settings: Any,
) -> None:
    make_cast()
    good, bad = folders / "backup.zip", folders / "bad.zip"
    backups.make(good)
    damage(good, bad, fault)
    before, kept = everything(), files(settings.DATA)

    answer = run("restore", str(bad), "--replace")

    assert answer.code == 2
    assert len(answer.complained.splitlines()) == 1
    assert everything() == before
    assert files(settings.DATA) == kept
    assert not (folders / "escaped").exists()


def damage(good: Path, bad: Path, fault: str) -> None:
    if fault == "cut":
        bad.write_bytes(good.read_bytes()[:-200])
        return
    if fault == "no zip":
        bad.write_text("not a zip")
        return
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if fault == "changed" and name.endswith("orders.csv"):
                content = content.replace(b"orders", b"0rders")
            if fault == "newer" and name == "manifest.json":
                said = json.loads(content)
                said["migrations"].append("jobs.9999_later")
                content = json.dumps(said).encode()
            if fault == "escaping" and name == "manifest.json":
                said = json.loads(content)
                said["files"]["data/../../escaped"] = [0, "0"]
                content = json.dumps(said).encode()
            target.writestr(name, content)
        if fault in ("added", "escaping"):
            target.writestr("data/../../escaped", "x")


def test_a_database_that_refuses_leaves_the_files_alone(
    own_store: Store, folders: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cast()
    backups.make(folders / "backup.zip")
    shops.found("Later", owner=None, actor=COMMAND)
    before, kept = everything(), files(settings.DATA)

    def refuse(*_given: object) -> None:
        raise DatabaseError("no")

    monkeypatch.setattr(backups.store(), "load", refuse)
    with pytest.raises(DatabaseError):
        backups.restore(folders / "backup.zip", replace=True)

    assert everything() == before
    assert files(settings.DATA) == kept
    assert not backups.is_unfinished()


def test_a_restore_that_was_interrupted_is_noticed_and_repeated(
    own_store: Store,
    folders: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,  # noqa: F811
) -> None:
    make_cast()
    backups.make(folders / "backup.zip")
    (settings.DATA / "files/1/orders.csv").write_text("changed")
    with monkeypatch.context() as patch:
        patch.setattr(backups, "_swap", lambda _staged: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backups.restore(folders / "backup.zip", replace=True)

    assert "A restore was interrupted" in run("doctor").said
    assert run("restore", str(folders / "backup.zip"), "--replace").code == 0
    assert (settings.DATA / "files/1/orders.csv").read_text() == "files/1/orders.csv äöü"
    assert "A restore was interrupted" not in run("doctor").said


def test_a_backup_of_the_other_store_is_refused(
    own_store: Store, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    with monkeypatch.context() as patch:
        patch.setattr(backups, "Manifest", lambda **said: Manifest(**{**said, "store": other}))
        backups.make(folders / "backup.zip")

    with pytest.raises(Refused, match=other):
        backups.restore(folders / "backup.zip", replace=True)


def test_an_older_backup_is_brought_up_to_date(own_store: Store, folders: Path) -> None:
    make_cast()
    call_command("migrate", "jobs", "zero", verbosity=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups.starting, "require_migrated", lambda: None)
        patch.setattr(
            backups, "_leaves", lambda real=backups._leaves: [x for x in real() if "jobs" not in x]
        )
        backups.make(folders / "backup.zip")
    call_command("migrate", verbosity=0)

    backups.restore(folders / "backup.zip", replace=True)

    assert Shop.objects.count() == 2
    assert "jobs_job" in connection.introspection.table_names()

"""`stammkunde import`: files from the command line and out of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.running import Run, run  # type: ignore[import-not-found]  # noqa: F401
from importing import FILE  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.faces.cli import import_folder
from stammkunde.features.imports import services
from stammkunde.features.imports.models import Import
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Order
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

MAPPING = 'taxes = "inside"\npostage = "inside"\n'


@pytest.fixture
def shop(own_store: Store, settings: Any, tmp_path: Path) -> Iterator[Cast]:
    settings.DATA = tmp_path / "data"
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "orders.csv").write_bytes(FILE.encode("cp1252"))
    return make_cast()


def test_rows_that_do_not_count_go_into_a_file(
    shop: Cast,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "orders.csv").write_text(
        FILE + "A9;01.03.2026 10:00;;;;10,00;bezahlt;Brie;1\r\n", encoding="utf-8"
    )
    line = (
        "import",
        "kaesehaus",
        f"{tmp_path}/orders.csv",
        "--mapping",
        f"{tmp_path}/mapping.toml",
    )

    tried = run(*line, "--dry-run", "--left-out", f"{tmp_path}/left-out.csv")
    refused = run(*line, "--dry-run", "--left-out", f"{tmp_path}/nowhere/left-out.csv")

    assert f"The rows that do not count are in {tmp_path}/left-out.csv." in tried.said
    assert "No customer: 1 row left out" in tried.said
    head, *rows = (tmp_path / "left-out.csv").read_text("utf-8-sig").splitlines()
    assert head == "File,Line,Reason,Column,It says,What is wrong"
    assert rows == ["orders.csv,6,No customer,,,"]
    assert refused.code == 2
    assert "cannot be written. Nothing was changed." in refused.complained


def test_files_are_tried_then_published_and_the_same_again_change_nothing(
    shop: Cast,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    line = (
        "import",
        "kaesehaus",
        f"{tmp_path}/orders.csv",
        "--mapping",
        f"{tmp_path}/mapping.toml",
    )

    tried = run(*line, "--dry-run")
    assert tried.code == 0
    assert "Orders: 4 new, 0 changed, 0 unchanged" in tried.said
    assert "Nothing was changed." in tried.said
    assert not Order.objects.exists()

    done = run(*line, "--yes", language="de")
    assert (done.code, done.complained) == (0, "")
    assert "Bestellungen: 4 neu, 0 geändert, 0 unverändert" in done.said
    assert (Order.objects.count(), Customer.objects.count()) == (4, 3)

    again = run(*line, "--yes")
    assert (again.code, again.said) == (
        0,
        f"These files are import {Import.objects.get().pk} already.\n",
    )


def test_publishing_that_broke_off_is_waited_for_when_one_asks_again(
    shop: Cast,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    line = ("import", "kaesehaus", f"{tmp_path}/orders.csv")
    run(*line, "--mapping", f"{tmp_path}/mapping.toml", "--dry-run")
    found = services.start_publishing(Import.objects.get(), actor=COMMAND)
    assert found.state == "publishing"

    again = run(*line, "--yes")

    assert (again.code, again.said) == (0, f"Published as import {found.pk}.\n")
    assert Order.objects.count() == 4


def test_what_is_left_open_is_said_and_nothing_published(
    shop: Cast,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    answer = run("import", "kaesehaus", f"{tmp_path}/orders.csv", "--yes")

    assert answer.code == 2
    assert "Do the amounts in “Betrag” hold the taxes?" in answer.complained
    assert not Order.objects.exists()


def test_rows_that_cannot_be_read_are_left_out_on_demand(
    shop: Cast,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "orders.csv").write_text(
        f"{FILE}A9;31.02.2026 10:00;17;;;10,00;bezahlt;Brie;1\r\n", encoding="utf-8"
    )
    line = (
        "import",
        "kaesehaus",
        f"{tmp_path}/orders.csv",
        "--mapping",
        f"{tmp_path}/mapping.toml",
    )

    refused = run(*line, "--dry-run")
    tried = run(*line, "--dry-run", "--skip-bad-rows", "--left-out", f"{tmp_path}/bad.csv")

    assert refused.code == 2
    assert "Mend such rows, or leave them out with --skip-bad-rows." in refused.complained
    assert "Orders: 4 new, 0 changed, 0 unchanged" in tried.said
    assert "Row unreadable: 1 row left out" in tried.said
    assert (tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()[1:] == [
        "orders.csv,6,Row unreadable,Datum,31.02.2026 10:00,This is not a date."
    ]


def test_a_folder_is_emptied_into_done_and_refused(
    shop: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "orders.csv").write_bytes(FILE.encode("cp1252"))
    (folder / "colors.csv").write_text("Ort;Farbe\r\nBonn;rot\r\n")
    (folder / "half.csv.part").write_text("Best")
    growing = folder / "growing.csv"
    growing.write_text("Bestellnummer;")
    looks = iter((True, True, False))

    import_folder.watch(
        shop.cheese,
        folder,
        said={"taxes": "inside", "postage": "inside"},
        channel="shop",
        spoken="en",
        goes_on=lambda: next(looks),
        pause=lambda _seconds: growing.write_text(growing.read_text() + "Datum;") and None,
    )

    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "done/orders.csv",
        "growing.csv",
        "half.csv.part",
        "refused/colors.csv",
        "refused/colors.csv.txt",
    ]
    reason = (folder / "refused" / "colors.csv.txt").read_text().splitlines()
    assert reason[0] == "No column of colors.csv was recognized as the date of the order."
    assert Order.objects.count() == 4


def test_names_that_came_before_stay(tmp_path: Path) -> None:
    (tmp_path / "done").mkdir()
    for expected in ("a.csv", "a-2.csv", "a-3.csv"):
        path = import_folder.free(tmp_path / "done", "a.csv")
        path.touch()
        assert path.name == expected

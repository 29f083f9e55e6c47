"""The three files come together or not at all."""

from __future__ import annotations

from pathlib import Path

import example_report
import pytest

from kohorte import report
from kohorte.errors import KohorteError
from kohorte.report import files

NAMES = ["report.html", "metrics.csv", "metrics.json"]
METRICS = example_report.METRICS


def write(folder: Path) -> list[Path]:
    return report.write(example_report.one_order(), folder, language="de", metrics=METRICS)


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_all_files_lie_in_the_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    assert write(folder) == [folder / name for name in NAMES]
    assert sorted(everything_in(tmp_path)) == sorted(f"deep/report/{name}" for name in NAMES)
    assert [path.name for path in folder.parent.iterdir()] == ["report"]


def test_a_second_report_replaces_the_first_and_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "report.html").write_text("old")
    write(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_same_report_is_written_to_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two")
    assert everything_in(tmp_path / "one") == everything_in(tmp_path / "two")


def test_a_failure_while_making_the_files_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("half way")

    monkeypatch.setattr(files, "as_json", fail)
    with pytest.raises(RuntimeError, match="half way"):
        write(tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there_before", [False, True])
@pytest.mark.parametrize("broken", NAMES)
def test_a_failure_while_moving_restores_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, there_before: bool
) -> None:
    folder = tmp_path / "report"
    if there_before:
        folder.mkdir()
        for name in (*NAMES, "other.txt"):
            (folder / name).write_text(f"old {name}")
    before = everything_in(tmp_path)
    replace = Path.replace

    def fails_once(self: Path, target: Path) -> Path:
        if self.name == broken and Path(target).parent == folder and self.parent.name != "before":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)
    with pytest.raises(KohorteError, match="No space left on device"):
        write(folder)
    assert everything_in(tmp_path) == before
    assert folder.exists() == there_before


def test_a_file_in_the_place_of_the_folder_is_named_in_a_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "report"
    taken.write_text("mine")
    with pytest.raises(KohorteError) as caught:
        write(taken)
    assert str(taken) in caught.value.render("de")
    assert "Prüfen Sie" in caught.value.render("de")
    assert taken.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [taken]

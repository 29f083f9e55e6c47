"""The Makefile: helpful on a bare machine, and idle when there is nothing to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = [
    "help",
    "setup",
    "demo",
    "test",
    "check",
    "lint",
    "types",
    "imports",
    "docs",
    "bench",
    "soak",
    "spelling",
    "locks",
]
make_is_missing = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(  # noqa: S603 - a program of this repository
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Give a folder with the Makefile and no environment."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for package in ("kohorte", "stammkunde"):
        (tmp_path / package).mkdir()
        shutil.copy(ROOT / package / "pyproject.toml", tmp_path / package)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


@make_is_missing
def test_make_alone_lists_every_target() -> None:
    listed = {line.split()[1] for line in make().stdout.splitlines()}
    assert set(TARGETS) <= listed


@make_is_missing
def test_a_python_that_is_too_old_is_named(bare: Path) -> None:
    old = bare / "python-old"
    old.write_text("#!/bin/sh\necho 'Python 3.8.1'\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    result = make("setup", f"PYTHON={old}", folder=bare)
    assert result.returncode != 0
    assert f"Python 3.11 or newer is needed; {old} is Python 3.8.1." in result.stderr
    assert not (bare / ".venv").exists()


@make_is_missing
def test_without_any_python_the_remedy_is_said(bare: Path) -> None:
    result = make("setup", "PYTHON=", folder=bare)
    assert result.returncode != 0
    assert "No Python 3.11 or newer was found." in result.stderr
    assert "make PYTHON=/path/to/python" in result.stderr


@make_is_missing
def test_once_set_up_nothing_is_installed_again(bare: Path) -> None:
    (bare / ".venv").mkdir()
    for stamp in (".created", ".run", ".dev", ".data"):
        (bare / ".venv" / stamp).touch()
    assert "Nothing to be done" in make("setup", folder=bare).stdout

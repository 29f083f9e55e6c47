"""A part that is missing is skipped by name, and a failure where everything is required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.skip(reason="Chromium is not installed")
def test_page(): ...

@pytest.mark.skip(reason="Chromium is not installed")
def test_print(): ...

@pytest.mark.xfail(reason="known", strict=False)
def test_known(): assert False

def test_sum(): ...
"""
AT_IMPORT = 'import pytest\npytest.skip("Spark is not installed", allow_module_level=True)\n'


def run(folder: Path, tests: str, **environ: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "test_parts.py").write_text(tests, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name != "REQUIRE_ALL"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    return subprocess.run(  # noqa: S603 - our own interpreter
        command,
        cwd=folder,
        env=kept | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_skipped_parts_are_named_once_with_their_number(tmp_path: Path) -> None:
    result = run(tmp_path, TESTS)
    assert result.returncode == 0
    assert "not tested on this machine" in result.stdout
    assert "Chromium is not installed (2 tests)\n" in result.stdout
    assert "1 passed, 2 skipped, 1 xfailed" in result.stdout.splitlines()[-1]


def test_where_all_is_required_a_skip_fails(tmp_path: Path) -> None:
    result = run(tmp_path, TESTS, REQUIRE_ALL="1")
    assert result.returncode == 1
    assert (
        "Skipped, though REQUIRE_ALL=1 wants every part: Chromium is not installed" in result.stdout
    )
    assert "1 passed, 1 xfailed, 2 errors" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize(("required", "code"), [("0", 5), ("1", 2)])
def test_a_whole_file_that_skips_itself_counts_too(
    tmp_path: Path, required: str, code: int
) -> None:
    result = run(tmp_path, AT_IMPORT, REQUIRE_ALL=required)
    assert result.returncode == code
    assert "Spark is not installed" in result.stdout

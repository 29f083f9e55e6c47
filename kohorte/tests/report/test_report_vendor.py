"""What was copied from others is what it says it is."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from kohorte import report

FOLDERS = (Path(str(report.__file__)).parent / "vendor", Path(__file__).parent / "vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=["report", "tests"])
def test_vendored_files_have_their_stated_checksum_and_licence(folder: Path) -> None:
    table = (folder / "VENDORED.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| `([^`]+)`.*\| `([0-9a-f]{64})` \|$", table, flags=re.MULTILINE)
    scripts = {file.name for file in folder.glob("*.js")}
    assert {name for name, _ in stated} == scripts
    for name, digest in stated:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for licence in re.findall(r"`([\w.-]+\.(?:LICENSE|NOTICE)[\w.-]*)`", table):
        assert (folder / licence).stat().st_size > 100

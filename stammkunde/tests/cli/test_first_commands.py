"""The way in that the documentation describes, on a machine that holds nothing yet."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_the_documented_way_in_works_in_an_empty_folder(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "de" / "how-to" / "move-in.md").read_text(encoding="utf-8")
    key, commands = re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL)[:2]
    program = f"{sys.executable} -m stammkunde.faces.cli"
    first = commands.splitlines()[0].replace(".venv/bin/stammkunde", program)

    environment = {k: v for k, v in os.environ.items() if not k.startswith("STAMMKUNDE_")}
    environment.pop("DATABASE_URL", None)
    answer = subprocess.run(  # noqa: S603  # our own documentation
        ["/bin/sh", "-ec", f"{key}\n{first} --language de"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    assert answer.stderr == ""
    assert answer.stdout == "„Mein Shop“ ist gegründet, Adresse: mein-shop.\n"
    assert (tmp_path / "stammkunde.sqlite3").exists()

"""The files that the demo makes up: the same on every machine, and read for what they are."""

from __future__ import annotations

from pathlib import Path

from kohorte.demo import companion


def test_what_is_made_up_is_made_up_once(tmp_path: Path) -> None:
    """An import knows files by their bytes: made anew, they are the same."""
    first, second = (companion.write_companion(tmp_path / name) for name in ("one", "other"))

    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert all(path.name.startswith("made_up_") for path in first)

"""The locks: exact, hashed, without addresses, and in step with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("run", "dev", "engines", "peers")
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ]+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(lock: str) -> set[tuple[str, str, str]]:
    return set(PIN.findall(text(lock)))


def versions(lock: str) -> set[tuple[str, str]]:
    return {(name, version) for name, version, _ in pins(lock)}


def text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    for line in text(lock).splitlines():
        assert PIN.match(line) or re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_our_own_packages_are_never_fetched(lock: str) -> None:
    assert not {name for name, _, _ in pins(lock)} & {"kohorte", "stammkunde"}


def test_a_later_lock_keeps_the_pins_of_the_earlier_ones() -> None:
    assert versions("run") <= versions("dev")
    earlier = {name: version for name, version, condition in pins("dev") if not condition}
    later = {name: version for name, version, condition in pins("engines") if not condition}
    shared = earlier.keys() & later.keys()
    assert {name: later[name] for name in shared} == {name: earlier[name] for name in shared}


@pytest.mark.parametrize("package", ["kohorte", "stammkunde"])
def test_every_dependency_of_a_package_is_in_the_first_lock(package: str) -> None:
    project = tomllib.loads((ROOT / package / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[\[<>=!~ ]", need)[0] for need in project["project"]["dependencies"]}
    assert wanted - {"kohorte"} <= {name for name, _, _ in pins("run")}


def test_no_lock_of_another_tool_is_kept() -> None:
    assert not [name for name in ("uv.lock", "package-lock.json") if (ROOT / name).exists()]

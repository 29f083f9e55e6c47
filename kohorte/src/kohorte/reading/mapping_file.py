"""Mapping files: what the user says about a shop's files, kept as TOML for the next time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kohorte.errors import ReadError
from kohorte.reading.rows.rules import Rule

if TYPE_CHECKING:
    from kohorte.reading.options import ReadOptions

_RULES = "exclude"
_WHOLE = "accounts_per_address"


def read(path: Path, *, options: ReadOptions) -> dict[str, Any]:
    """Return what a mapping file says, by the names of the fields of `options`.

    Raises
    ------
    ReadError
        If the file is missing, is not TOML, or names something unknown.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ReadError("The file {file} does not exist.", file=str(path)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(
            "The mapping file {file} cannot be read ({problem}). Use TOML, for example: "
            'decimal = ","',
            file=str(path),
            problem=str(error),
        ) from None
    known = {option.name: getattr(options, option.name) for option in fields(options)}
    for name, value in content.items():
        if name not in known:
            raise ReadError(
                "The mapping file {file} names “{name}”, which does not exist. Known are: {names}.",
                file=str(path),
                name=name,
                names=", ".join(sorted(known)),
            )
        if not (type(value) is int if name == _WHOLE else _fits(value, known[name])):
            raise ReadError(
                "The mapping file {file} gives “{name}” a value of the wrong type.",
                file=str(path),
                name=name,
            )
    if _RULES in content:
        content[_RULES] = tuple(Rule(**rule) for rule in content[_RULES])
    return content


def _fits(value: object, usual: object) -> bool:
    """Return whether a value is of the sort that an option usually has."""
    match usual:
        case bool():
            return isinstance(value, bool)
        case tuple():
            names = {"reason", "column", "pattern"}
            return isinstance(value, list) and all(
                isinstance(rule, dict)
                and set(rule) == names
                and all(isinstance(part, str) for part in rule.values())
                for rule in value
            )
        case Mapping():
            return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    return isinstance(value, str)


def written(options: ReadOptions) -> str:
    """Write options as a mapping file: what is set, then its tables."""
    lines: list[str] = []
    tables: list[str] = []
    for option in fields(options):
        value = getattr(options, option.name)
        if not value:
            continue
        if isinstance(value, tuple):
            for rule in value:
                tables += ["", f"[[{option.name}]]"]
                tables += [f"{name} = {_toml(part)}" for name, part in asdict(rule).items()]
        elif isinstance(value, Mapping):
            tables += ["", f"[{option.name}]"]
            tables += [f"{_key(name)} = {_toml(part)}" for name, part in value.items()]
        else:
            lines.append(f"{option.name} = {_toml(value)}")
    return "\n".join(lines + tables).lstrip("\n") + "\n"


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "a").isalnum() else _toml(name)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in text) + '"'
    )

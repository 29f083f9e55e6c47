"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; line breaks and bars inside cells are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """Return `text` on one line; bars are made harmless, but code shows them as they are."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") else part.replace("|", "\\|") for part in parts)


def code(text: str) -> str:
    """Return `text` as code within a line."""
    return f"`{text}`" if text else ""


def block(text: str, kind: str) -> str:
    """Return `text` as a block of code."""
    return f"```{kind}\n{text.strip()}\n```\n"


def fold(title: str, body: str) -> str:
    """Return a block that opens when its title is clicked."""
    inner = "\n".join(f"    {line}" if line else "" for line in body.rstrip().splitlines())
    return f'??? note "{title}"\n\n{inner}\n'


def join(*parts: str) -> str:
    """Return the parts with one empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"

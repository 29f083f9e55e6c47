"""Spell every text of the project in German and English with hunspell, and name what it does not know.

Words that a dictionary cannot know stand in `spelling/de.txt` and `spelling/en.txt`, one a line, sorted.
Exit status: 0 where all is well or hunspell is absent (which is said), 1 for a finding, and for an
absent part as well where REQUIRE_ALL=1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kohorte.language import LANGUAGES, Language  # noqa: E402 - after the path that finds our own tools
from tools import texts  # noqa: E402 - as above

DICTIONARIES: dict[Language, str] = {"de": "de_DE", "en": "en_US"}
WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)*")
PLACES_SHOWN = 3


def main() -> int:
    if missing := missing_part():
        print(f"Spelling: skipped, {missing} is not installed.")
        return 1 if os.environ.get("REQUIRE_ALL") == "1" else 0
    findings = [finding for language in LANGUAGES for finding in check(language)]
    print("\n".join(findings) if findings else "Spelling: German and English are clean.")
    return 1 if findings else 0


def missing_part() -> str | None:
    if not shutil.which("hunspell"):
        return "hunspell"
    listed = subprocess.run(
        ["hunspell", "-D"], input="", capture_output=True, text=True, check=False
    )
    for dictionary in DICTIONARIES.values():
        if f"/{dictionary}" not in listed.stderr + listed.stdout:
            return f"hunspell's dictionary {dictionary}"
    return None


def check(language: Language) -> list[str]:
    """Return one line for every unknown word, with the places where it stands."""
    places = words(language)
    known = set((ROOT / "spelling" / f"{language}.txt").read_text(encoding="utf-8").split())
    asked = ask(DICTIONARIES[language], sorted(places))
    unknown = {word for word in asked if not {word, word.lower()} & known}
    return [
        f"{language}  {word}  {', '.join(places[word][:PLACES_SHOWN])}" for word in sorted(unknown)
    ]


def words(language: Language) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in texts.lines(language):
        for word in WORD.findall(line.text):
            found[word.replace("’", "'").removesuffix("'s")].append(line.place)
    return found


def ask(dictionary: str, asked: list[str]) -> set[str]:
    """Return those of the words that the dictionary does not know."""
    result = subprocess.run(
        ["hunspell", "-i", "utf-8", "-d", dictionary, "-l"],
        input="\n".join(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(result.stdout.split())


if __name__ == "__main__":
    sys.exit(main())

"""What the installation says while it works."""

from __future__ import annotations

import pytest

from tools import install


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Collecting duckdb==2.0.0 (from -r requirements/run.lock (line 1))\n", "  duckdb 2.0.0\n"),
        ("Collecting typing-extensions==4.16.0\n", "  typing-extensions 4.16.0\n"),
        ("Installing collected packages: babel, duckdb\n", "  unpacking …\n"),
        ("Requirement already satisfied: babel==2.18.0\n", ""),
        ("  Using cached babel-2.18.0-py3-none-any.whl (10.2 MB)\n", ""),
    ],
)
def test_a_line_of_pip_becomes_a_short_one_or_none(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install.say(line)
    assert capsys.readouterr().out == said

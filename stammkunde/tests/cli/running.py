"""Runs a command as a person would, in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import typer
from django.utils import translation

from stammkunde.faces.cli import app


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    said: str
    complained: str


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command; `password` answers whoever asks for one."""

    def command(*words: str, password: str = "", language: str = "en") -> Answer:
        monkeypatch.setattr(sys, "argv", ["stammkunde", *words, "--language", language])
        monkeypatch.setattr(typer, "prompt", lambda *_words, **_options: password)
        with translation.override(None), pytest.raises(SystemExit) as ended:
            app.run()
        out, err = capsys.readouterr()
        return Answer(int(ended.value.code or 0), out, err)

    return command

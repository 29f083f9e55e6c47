"""Variables of the environment: read right, and a bad value gets a sentence that helps."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from stammkunde.config import environment, variables
from stammkunde.config.environment import EnvironmentFault, Variable
from stammkunde.faces.cli import app
from stammkunde.faces.cli import words as words_of


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("true", True), ("YES", True), ("on", True), ("0", False), ("Off", False)],
)
def test_a_switch_is_read_in_the_usual_spellings(text: str, value: bool) -> None:
    assert variables.DEBUG.read({"STAMMKUNDE_DEBUG": text}) is value


def test_an_unset_or_empty_variable_has_its_default() -> None:
    assert variables.DEBUG.read({}) is False
    assert variables.DEBUG.read({"STAMMKUNDE_DEBUG": "  "}) is False
    assert variables.TIMEZONE.read({}) == "Europe/Berlin"


def test_a_list_is_parted_by_commas() -> None:
    hosts = variables.ALLOWED_HOSTS.read({"STAMMKUNDE_ALLOWED_HOSTS": "a.example, b.example,"})
    assert hosts == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        (variables.DEBUG, "maybe", "“maybe” is neither yes nor no. Write 1 or 0."),
        (variables.ALLOWED_HOSTS, ",", "the list is empty. Write names parted by commas."),
        (variables.LANGUAGE, "fr", "“fr” is not possible. Write one of de, en."),
        (
            variables.TIMEZONE,
            "Berlin",
            "“Berlin” is not a time zone. Use a name such as Europe/Berlin.",
        ),
    ],
)
def test_a_bad_value_is_named_with_its_remedy(
    variable: Variable[object], text: str, sentence: str
) -> None:
    with pytest.raises(EnvironmentFault) as fault:
        variable.read({variable.name: text})
    assert str(fault.value) == f"{variable.name}: {sentence}"


@pytest.mark.parametrize("key", ["short", "a" * 80])
def test_a_weak_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(EnvironmentFault, match="too weak") as fault:
        variables.SECRET_KEY.read({"STAMMKUNDE_SECRET_KEY": key})
    assert key not in str(fault.value)


def test_a_required_variable_that_is_missing_is_named_with_its_remedy() -> None:
    with pytest.raises(EnvironmentFault, match=r"^STAMMKUNDE_SECRET_KEY must be set\. Create one"):
        variables.SECRET_KEY.require({})


def test_a_slip_in_a_name_is_caught() -> None:
    known = [variable.name for variable in variables.VARIABLES]
    with pytest.raises(EnvironmentFault, match="Did you mean STAMMKUNDE_DEBUG"):
        environment.refuse_unknown({"STAMMKUNDE_DEBGU": "1"}, known)
    with pytest.raises(EnvironmentFault, match=r"Did you mean DATABASE_URL\?"):
        environment.refuse_unknown({"STAMMKUNDE_DATABASE_URL": "sqlite:///x"}, known)
    with pytest.raises(EnvironmentFault, match=r"is not a setting\. There are DATABASE_URL"):
        environment.refuse_unknown({"STAMMKUNDE_1234567890": "1"}, known)
    environment.refuse_unknown({"STAMMKUNDE_DEBUG": "1", "HOME": "/root"}, known)


def test_every_default_can_be_read() -> None:
    for variable in variables.VARIABLES:
        assert (variable.read({}) is None) is (variable.default is None)
        assert (variable.default is None) is (variable.without is not None)


def test_every_fault_of_a_setting_has_german_words() -> None:
    folder = Path(environment.__file__).parent
    asked = {environment.HOW_TO_MAKE_ONE, environment.WEAK_KEY}
    for file in folder.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Unfit":
                words = call.args[0]
                asked |= {str(words.value)} if isinstance(words, ast.Constant) else set()
    assert len(asked) > 20
    assert {one for one in asked if words_of.translate(one, "de") == one} == {
        "{name}:", "{fault}",
    }  # fmt: skip


def test_a_fault_of_a_setting_is_told_in_the_language_of_the_command() -> None:
    with pytest.raises(EnvironmentFault) as fault:
        variables.TIMEZONE.read({variables.TIMEZONE.name: "Berlin"})
    told = app.explained(fault.value, "de")
    assert told == (
        "Die Einstellungen sind nicht brauchbar: STAMMKUNDE_TIMEZONE: „Berlin“ ist keine Zeitzone. "
        "Nehmen Sie einen Namen wie Europe/Berlin."
    )

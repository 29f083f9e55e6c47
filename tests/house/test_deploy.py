"""What `deploy` promises holds in the product: every variable, command, path and address exists."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from stammkunde.config import health, variables
from stammkunde.faces.cli import app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
OURS = {variable.name for variable in variables.VARIABLES}
# Of others: PostgreSQL's image, Caddy, Python, the shell.
THEIRS = re.compile(r"POSTGRES_\w+|DOMAIN|UPSTREAM|PYTHON\w*|PIP_\w+|PATH")
INSTALLED = "/opt/stammkunde/.venv/bin/"
# What makes a service harmless; each is a line of its unit.
HARDENED = {
    "CapabilityBoundingSet": "",
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "ProtectSystem": "strict",
    "User": "stammkunde",
}


def dockerfile() -> list[str]:
    """Return the instructions of the image, each in one line."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def compose() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def unit(path: Path) -> configparser.RawConfigParser:
    """Return a unit; of what stands several times the last counts."""
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]  # as the parser wants it
    found.read(path, encoding="utf-8")
    return found


def commands() -> Iterator[list[str]]:
    """Give every command line of the product that is started, or told to be typed."""
    for line in dockerfile():
        if line.startswith("CMD "):
            yield json.loads(line.removeprefix("CMD "))
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]
    for path in SERVICES:
        line = unit(path)["Service"]["ExecStart"]
        assert line.startswith(INSTALLED)
        yield shlex.split(line.removeprefix(INSTALLED))
    texts = [*DEPLOY.glob("README*"), *ROOT.glob("docs/*/how-to/*.md"), *ROOT.glob("README*.md")]
    for path in texts:
        blocks = re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        for line in "\n".join(blocks).splitlines():
            if told := re.match(r"(?:docker compose exec web |\.venv/bin/)?(stammkunde .*)", line):
                yield shlex.split(told[1], comments=True)


def named(text: str) -> set[str]:
    """Return the variables of the environment that a file names."""
    return set(re.findall(r"\b(?:STAMMKUNDE_[A-Z_]+|DATABASE_URL)\b", text))


def test_every_variable_that_is_named_is_one_of_the_product() -> None:
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]

    assert {path.name: named(path.read_text(encoding="utf-8")) - OURS for path in files} == {
        path.name: set() for path in files
    }


def test_every_variable_that_is_set_is_somebodys() -> None:
    given = {
        name
        for service in compose()["services"].values()
        for name in service.get("environment", ())
    }
    for line in dockerfile():
        if line.startswith("ENV "):
            given |= set(re.findall(r"(\w+)=", line))
    for path in SERVICES:
        given |= set(
            re.findall(r"^Environment=(\w+)=", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
    example = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    given |= set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert {name for name in given - OURS if not THEIRS.fullmatch(name)} == set()
    assert len(given) > 10


def test_what_compose_sets_is_understood_and_safe() -> None:
    asked = {
        "DOMAIN": "shop.example",
        "POSTGRES_PASSWORD": "letters1and2digits",
        "STAMMKUNDE_SECRET_KEY": "".join(chr(97 + number % 26) for number in range(60)),
    }

    def filled(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::([?-])([^}]*))?\}",
            lambda found: asked.get(found[1], found[3] if found[2] == "-" else "") or "",
            value,
        )

    for name in ("web", "worker"):
        service = compose()["services"][name]
        environ = {key: filled(value) for key, value in service["environment"].items()}
        read = {each.name: each.read(environ) for each in variables.VARIABLES}
        assert read["DATABASE_URL"]["ENGINE"].endswith("postgresql")  # type: ignore[index]  # a description
        assert read["STAMMKUNDE_ALLOWED_HOSTS"] == ["shop.example"]
        assert read["STAMMKUNDE_BEHIND_PROXY"] is True
        assert read["STAMMKUNDE_DEBUG"] is False
        assert read["STAMMKUNDE_MAIL_URL"] is None
        assert service["user"] != "0"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service


def test_compose_starts_what_needs_something_after_it() -> None:
    services = compose()["services"]

    assert services["worker"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert services["web"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert [name for name, each in services.items() if "ports" in each] == ["caddy"]
    assert compose()["networks"]["inside"] == {"internal": True}
    told = {volume.split(":")[0] for each in services.values() for volume in each["volumes"]}
    assert {each for each in told if not each.startswith(".")} == set(compose()["volumes"])


def test_the_image_is_built_from_the_lock_and_runs_without_rights() -> None:
    lines = dockerfile()
    installs = [line for line in lines if "pip install" in line]

    assert "--require-hashes --requirement requirements/run.lock" in installs[0]
    assert "--no-index" in installs[1]
    last = lines[[line.startswith("FROM") for line in lines].index(True, 2) :]
    assert sum(line.startswith("FROM") for line in lines) == 2
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]
    assert last.index("USER 10001") < next(
        number for number, line in enumerate(last) if line.startswith("CMD ")
    )
    check = next(line for line in lines if line.startswith("HEALTHCHECK"))
    assert f"http://127.0.0.1:8000{health.PATH}" in check
    assert f"health_uri {health.PATH}" in (DEPLOY / "Caddyfile").read_text(encoding="utf-8")


def test_everything_that_the_image_takes_along_is_there_and_is_let_through() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in dockerfile():
        if line.startswith("COPY ") and "--from" not in line:
            source = line.split()[1]
            assert (ROOT / source).exists(), source
            assert f"!{source}" in allowed, source
    context = compose()["services"]["web"]["build"]
    assert (DEPLOY / context["context"] / context["dockerfile"]).samefile(DEPLOY / "Dockerfile")


def test_every_command_and_option_exists() -> None:
    known = typer.main.get_command(app.build("en"))
    count = 0
    for words in commands():
        assert words[0] == "stammkunde", words
        found: Any = known
        rest = words[1:]
        while rest and hasattr(found, "commands"):
            assert rest[0] in found.commands, words
            found, rest = found.commands[rest[0]], rest[1:]
        options = {option for each in found.params for option in each.opts}
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert given - options == set(), words
        count += 1
    assert count > 8


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_is_hardened_and_keeps_its_files_where_it_may_write(path: Path) -> None:
    service = unit(path)["Service"]

    assert {key: service[key] for key in HARDENED} == HARDENED
    assert service["EnvironmentFile"] == "/etc/stammkunde/environment"
    assert service["StateDirectory"] == "stammkunde"
    text = path.read_text(encoding="utf-8")
    for name in ("DATABASE_URL=sqlite:///", "STAMMKUNDE_DATA="):
        assert f"Environment={name}/var/lib/stammkunde/" in text


def test_systemd_itself_finds_no_fault(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        for path in UNITS:
            assert {"Unit", "Install"} & set(unit(path).sections()), path.name
        return
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        # Not installed here; every other line is as it is.
        (tmp_path / path.name).write_text(
            re.sub(r"^ExecStart=.*", "ExecStart=/bin/true", text, flags=re.MULTILINE),
            encoding="utf-8",
        )
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  # a program of the system

    ours = [line for line in found.stderr.splitlines() if "stammkunde" in line]
    assert (ours, found.returncode) == ([], 0), found.stderr


def test_braces_of_caddy_are_closed_and_its_limit_is_that_of_the_product() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")

    assert text.count("{") == text.count("}")
    assert "max_size 4GB" in text
    assert variables.UPLOAD_MB.default == "4000"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("README.md", "could not be run"), ("README.de.md", "ließen sich dort, wo dies")],
)
def test_both_languages_name_every_file_and_say_what_was_not_tried(
    name: str, sentence: str
) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")

    assert sentence in text
    for path in DEPLOY.iterdir():
        if not path.name.startswith(("README", "Dockerfile.")):
            assert f"]({path.name})" in text, path.name
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DEPLOY / link).exists(), link

"""`stammkunde demo` as a person meets it: filled, opened, signed in, looked at, ended with Ctrl+C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from test_serve import health, of_session, wait_until

from tools.postgres import free_port

ROOT = Path(__file__).parents[3]
COMMAND_LINE = (sys.executable, "-m", "stammkunde.faces.cli", "demo", "--language", "en")


@contextmanager
def demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start the demo; whatever is left of it is killed afterwards."""
    process = subprocess.Popen(  # noqa: S603  # our own command
        [*COMMAND_LINE, "--folder", str(folder), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for pid in of_session(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


class Browser:
    """Opens pages, keeps cookies, and sends the form of a page."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def get(self, path: str) -> str:
        return str(self._opener.open(f"{self.address}{path}", timeout=30).read().decode())

    def sign_in(self, email: str, password: str) -> str:
        form = self.get("/account/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token
        sent = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
        path = f"{self.address}/account/sign-in/"
        answer = self._opener.open(path, urllib.parse.urlencode(sent).encode(), timeout=30)
        return str(answer.read().decode())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is not there")
def test_the_demo_is_filled_opened_signed_into_and_ended(tmp_path: Path) -> None:
    with demo(tmp_path, "--only-fill") as process:
        said = process.communicate(timeout=300)[0]
        assert process.returncode == 0, said
        assert "Published as import 1." in said
        assert "Published as import 2." in said

    port = free_port()
    with demo(tmp_path, "--port", str(port)) as process:
        wait_until(lambda: health(port)[0] == 200, 120)
        browser = Browser(f"http://127.0.0.1:{port}")
        assert "Online Retail" in browser.sign_in("demo@example.com", "stammkunde-demo")
        assert 'href="/online-retail/report/"' in browser.get("/online-retail/")
        report = browser.get("/online-retail/report/")
        assert len(report) > 1_000_000
        assert "Online Retail" in report
        # As a terminal does: to everybody at once.
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[0]

        assert process.returncode == 0, said
        assert said.splitlines() == [
            "These files are import 1 already.",
            "These files are import 2 already.",
            f"The demo is ready at http://localhost:{port} – Ctrl+C ends it.",
            "Sign in with demo@example.com and stammkunde-demo.",
            "Stammkunde has ended.",
        ]
        wait_until(lambda: of_session(process.pid) == [])


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize(
    ("given", "line"),
    [
        ([], "stammkunde demo --folder build/shop"),
        (["PORT=8001", "ONLY_FILL=1"], "demo --folder build/shop --port 8001 --only-fill"),
    ],
)
def test_make_demo_opens_the_product(given: list[str], line: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    command = ["make", "--dry-run", "--no-print-directory", "demo", *given]
    told = subprocess.run(  # noqa: S603  # a program of this repository
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    assert line in " ".join(told.stdout.split())

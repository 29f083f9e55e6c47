"""Install a lock file into the running environment, in plain words; standard library only.

Usage: ``.venv/bin/python tools/install.py LOCK [PACKAGE_FOLDER …]``. What is already there at the
locked version is left alone, and then nothing touches the network. The folders are this project's
own packages: they are linked, not copied, and built by the locked tools. ``--into FOLDER`` unpacks the
pins of a lock there for the files in them, without what they need to run.
"""

import re
import subprocess
import sys
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def install_lock(lock: Path, *options: str) -> None:
    """Install every pin of `lock`, each checked against its recorded hashes."""
    count = len(re.findall(r"^[A-Za-z0-9._-]+(?:\[.*\])?==", lock.read_text(), re.MULTILINE))
    print(f"Installing {lock} ({count} pins at most)", flush=True)
    options = ("--progress-bar", "off", "--require-hashes", *options)
    command = [*PIP, "install", *options, "-r", str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            say(line)
    if pip.returncode:
        sys.exit(f"{lock} could not be installed; the reason stands above.")


def say(line: str) -> None:
    """Turn one line of pip's own output into a short one, or into none."""
    if fetched := re.match(r"Collecting ([^\s;]+)", line):
        print("  " + fetched[1].replace("==", " "), flush=True)
    elif line.startswith("Installing collected"):
        print("  unpacking …", flush=True)


def link_packages(folders: list[str]) -> None:
    """Install this project's own packages as links to their sources."""
    print(f"Linking {' and '.join(folders)}", flush=True)
    editable = [argument for folder in folders for argument in ("-e", folder)]
    options = ["--quiet", "--no-deps", "--no-build-isolation"]
    if subprocess.run([*PIP, "install", *options, *editable], check=False).returncode:
        sys.exit("The project's own packages could not be linked; the reason stands above.")


def main() -> None:
    lock, *folders = sys.argv[1:]
    if folders[:1] == ["--into"]:
        install_lock(Path(lock), "--no-deps", "--upgrade", "--target", folders[1])
        return
    install_lock(Path(lock))
    if folders:
        link_packages(folders)


if __name__ == "__main__":
    main()

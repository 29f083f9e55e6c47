"""The command line: each command translates its options and makes one call."""

from __future__ import annotations

import os


def main() -> None:
    """Run the `stammkunde` command."""
    from stammkunde.faces.cli.app import run

    # What is written holds people's data: other accounts of the machine cannot read it.
    os.umask(os.umask(0o077) | 0o007)
    run()

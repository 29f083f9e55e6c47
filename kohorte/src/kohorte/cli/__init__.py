"""The command line: each command translates its options and makes one call."""

from __future__ import annotations


def main() -> None:
    """Run the `kohorte` command."""
    from kohorte.cli.app import run

    run()

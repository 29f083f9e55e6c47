"""Run `python -m kohorte`."""

from kohorte.cli import main

main()

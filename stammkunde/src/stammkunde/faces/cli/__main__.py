"""Run `python -m stammkunde.faces.cli`."""

from stammkunde.faces.cli import main

if __name__ == "__main__":
    main()

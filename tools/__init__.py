"""What the Makefile runs, and what documentation and tests share."""

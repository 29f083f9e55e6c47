"""The monthly report: when it is due, to whom it goes, and what became of every message."""

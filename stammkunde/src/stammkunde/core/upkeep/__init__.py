"""Upkeep of an installation: starting it, looking it over, backing it up and restoring it."""

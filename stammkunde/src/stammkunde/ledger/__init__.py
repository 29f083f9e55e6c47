"""Accounts, lots, entries and holds: everything that can be spent is booked here."""

"""Customers: who they are, what they are known by, and which of them are one person."""

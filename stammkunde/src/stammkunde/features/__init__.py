"""Loyalty, tiers, offers and the rest: they decide, and none imports another."""

"""Saved views: a page with what was chosen on it, under a name, for oneself or for the team."""

"""Questions in SQL: single selects on a shop's columns, each in a locked process of its own."""

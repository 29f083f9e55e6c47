"""Pages of numbers: what was computed, shown with how sure it is, what it means and who is behind it."""

"""What columns mean, by their names and by their cells, and what remains in doubt."""

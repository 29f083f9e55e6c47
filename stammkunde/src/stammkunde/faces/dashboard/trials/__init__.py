"""Pages about trials with a control group: planned beforehand, read from a file, kept as results."""

"""Counts: from rows to columns, and the only bridge to `kohorte`."""

"""Days and instants: how a column writes them, and which of two readings is right."""

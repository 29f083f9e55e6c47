"""Files of a shop into its records: received, understood, asked about, tried, published, undone."""

"""Files of a shop through the browser: sent, understood, asked about, tried, published, undone."""

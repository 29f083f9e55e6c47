"""What rows are: sales or not, their state, those left out and those that cannot be read."""

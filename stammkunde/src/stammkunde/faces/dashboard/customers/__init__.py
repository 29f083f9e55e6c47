"""The pages of a shop's customers: the list, what was done with whom, and who is one person."""

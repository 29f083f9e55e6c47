"""Who is one customer: e-mail addresses, numbers that belong together, and those of nobody."""

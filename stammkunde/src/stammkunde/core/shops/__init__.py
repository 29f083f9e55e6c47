"""Shops: what each one decided about itself, and who may do what in it."""

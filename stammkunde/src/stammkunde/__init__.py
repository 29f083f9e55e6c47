"""Stammkunde: shop data in, loyalty programs and campaigns run, and what they changed is shown."""

"""Formats of files: one module each, with `open_source(path, …) -> Source`.

To add one, write the module and name what its files begin with in `opening.open_source`.
"""

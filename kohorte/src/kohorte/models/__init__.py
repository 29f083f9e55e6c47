"""Models of who buys again, when, and for how much: one model, one file.

`Buyers` holds what they read of customers; every model has `fit`, `predict` and `summary`, those of
purchases also `purchases`, `alive` and `bootstrap`. Nothing here is imported with `kohorte` itself.
"""

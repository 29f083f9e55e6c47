"""Loaded by pytest before anything else: tests run the product in developer mode, as nobody is served."""

import os

os.environ.setdefault("STAMMKUNDE_DEBUG", "1")

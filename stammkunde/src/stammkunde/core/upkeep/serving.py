"""What answers requests, made ready before the first one comes."""

from __future__ import annotations

import gc

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver


def application() -> WSGIHandler:
    """Return what answers requests, with every page loaded and set aside."""
    made = get_wsgi_application()
    # Loads the code of all pages; the first visitor need not wait for it.
    len(get_resolver().url_patterns)
    set_aside()
    return made


def set_aside() -> None:
    """Let Python no longer look for garbage among what it holds by now, which stays until it ends.

    It looks through everything whenever pages made enough that is new. The code of the product is some
    hundred thousand objects, and every tenth page of many numbers would wait a tenth of a second for it.
    """
    gc.collect()
    gc.freeze()

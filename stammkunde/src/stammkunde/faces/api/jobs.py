"""Background work of the interface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.faces.api import repeating


@jobs.work("api.purge", title=_("Forget what programs asked long ago"))
def purge(_run: jobs.Running) -> str:
    """Delete keys that nobody repeats any more."""
    return _("Rows deleted: %(count)s.") % {"count": repeating.purge()}


jobs.every("api.purge", at="04:50")

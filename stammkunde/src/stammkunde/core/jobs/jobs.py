"""The work of background work itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import recurring
from stammkunde.core.jobs import services as jobs


@jobs.work("jobs.purge", title=_("Forget jobs that ended long ago"))
def purge(_run: jobs.Running) -> str:
    """Delete what nobody looks up any more."""
    return _("Rows deleted: %(count)s.") % {"count": recurring.purge()}


jobs.every("jobs.purge", at="04:40")

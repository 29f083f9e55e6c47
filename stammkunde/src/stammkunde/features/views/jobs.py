"""Background work of saved views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.features.views import services


@jobs.work("views.purge", title=_("Forget deleted views"))
def purge(_run: jobs.Running) -> str:
    """Delete for good what nobody brought back."""
    return _("Rows deleted: %(count)s.") % {"count": services.purge()}


jobs.every("views.purge", at="04:45")

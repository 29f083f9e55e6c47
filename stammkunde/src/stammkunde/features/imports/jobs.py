"""Background work of imports alone; publishing and undoing span more and are flows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.services import Running
from stammkunde.features.imports import looking, previews, services
from stammkunde.features.imports.models import Import


@jobs.work("imports.look", title=_("Look at files"))
def look(run: Running) -> None:
    """Read the files of an import and try what would change; running it again does both again."""
    import_ = Import.objects.get(pk=run.args["import"], shop_id=run.shop_id or 0)
    if import_.state in services.LOOKABLE:
        before = import_.files.count() + looking.STEPS_BESIDE_FILES

        def tell(step: int) -> None:
            run.progress(step, before + 1)
            run.stop_if_cancelled()

        services.look(import_, tell=tell)
        if import_.state in services.PUBLISHABLE:
            tell(before)
            previews.complete(import_)
        else:
            previews.note_headers(import_)

"""Background work that spans features: each job runs one flow."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit.services import Actor
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.services import Running
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.models import Import
from stammkunde.features.imports.publishing import Progress
from stammkunde.flows import customer_erased, import_published, import_undone, nightly
from stammkunde.insights import reports
from stammkunde.records.customers import queries as customers


@jobs.work("imports.publish", title=_("Publish an import"))
def publish(run: Running) -> None:
    """Publish an import; after a crash it goes on behind the parts that are done."""
    import_published.run(_import(run), actor=_actor(run), progress=_progress(run))


@jobs.work("imports.undo", title=_("Undo an import"))
def undo(run: Running) -> None:
    """Take an import back; after a crash it goes on with what is left."""
    import_undone.run(_import(run), actor=_actor(run), progress=_progress(run))


@jobs.work(reports.WORK, title=_("Make the retention report"))
def report(run: Running) -> None:
    """Make the report of a shop anew; running it again is no matter."""
    reports.make(Shop.objects.get(pk=run.shop_id or 0), between=run.stop_if_cancelled)


@jobs.work("nightly", title=_("Work of the night"))
def night(run: Running) -> str:
    """Keep to limits on keeping, and let go for good what was deleted; running it again is no matter."""
    imports, customers = nightly.run(between=run.stop_if_cancelled)
    return _("Imports whose files were deleted: %(imports)s. Customers erased: %(customers)s.") % {
        "imports": imports,
        "customers": customers,
    }


jobs.every("nightly", at="03:15", zone=settings.TIME_ZONE)


@jobs.work("customers.erase", title=_("Erase a customer"))
def erase(run: Running) -> None:
    """Forget a person; after a crash it begins again, and finds what is done."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    customer = customers.one(shop, run.args["customer"])
    if not customer.erased_at:
        customer_erased.erase(shop, customer.pk, actor=_actor(run), tell=_progress(run))


def _import(run: Running) -> Import:
    return Import.objects.select_related("shop").get(
        pk=run.args["import"], shop_id=run.shop_id or 0
    )


def _actor(run: Running) -> Actor:
    return Actor(run.job.actor_kind, run.job.actor_id)  # type: ignore[arg-type]  # as it was written


def _progress(run: Running) -> Progress:
    def tell(done: int, total: int) -> None:
        run.progress(done, total)
        run.stop_if_cancelled()

    return tell

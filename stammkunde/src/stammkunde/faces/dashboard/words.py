"""What names in the code are called on pages: permissions, roles, decisions of a shop, events of the log."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stammkunde.core.shops import models
from stammkunde.core.shops.models import Shop
from stammkunde.core.shops.rules import Permission, Role
from stammkunde.faces.dashboard.templatetags.formats import number

ROLES: dict[Role, str | Promise] = {
    "owner": _("Everything, also team, settings, API keys and erasing customers."),
    "marketer": _(
        "Sees figures and customers, changes and exports them, imports data, sets targets, manages reports, "
        "sets up units and corrects points."
    ),
    "analyst": _(
        "Sees figures and customers, exports them, imports data, asks in SQL, sets targets, manages reports. "
        "Changes nobody."
    ),
    "support": _(
        "Sees figures and customers, changes single customers, corrects points. Exports nothing."
    ),
}
PERMISSIONS: dict[Permission, str | Promise] = {
    "metrics.read": _("Read figures"),
    "sql.ask": _("Ask in SQL"),
    "views.share": _("Share saved views"),
    "targets.change": _("Set targets and annotate days"),
    "reports.manage": _("Manage reports and scheduled exports"),
    "ledger.read": _("Read accounts, statements and what is owed"),
    "ledger.post": _("Give, redeem and reserve points"),
    "ledger.adjust": _("Correct balances by hand"),
    "units.change": _("Set up units and their books"),
    "customers.read": _("Read customers"),
    "customers.change": _("Change customers"),
    "customers.export": _("Export customers"),
    "customers.erase": _("Erase customers"),
    "data.import": _("Import data"),
    "jobs.manage": _("See and cancel jobs"),
    "shop.read": _("Read the settings"),
    "shop.change": _("Change the settings"),
    "people.manage": _("Manage the team"),
    "tokens.manage": _("Manage API keys"),
    "audit.read": _("Read the activity log"),
}
EFFECTS: dict[str, str | Promise] = {
    "name": _("Stands on pages, reports and messages. The address of the pages stays."),
    "zone": _("Decides on which day an order was placed, and so to which month it belongs."),
    "currency": _("Amounts are shown in it. Orders in other currencies are converted or left out."),
    "language": _("For what the shop itself says, such as messages to customers."),
    "week_start": _("Decides which days a week on charts and in reports is made of."),
    "tax_view": _("Revenue and order values count with or without value-added tax."),
    "payment_days": _("An order that is not paid by then no longer counts."),
    "window_days": _(
        "A customer counts as active for so many days after an order. Retention and churn rest on it: "
        "choose about twice the usual time between two orders."
    ),
    "brand_color": _(
        "Buttons and links take it on. Where it would be hard to read it is darkened or lightened."
    ),
}
EVENTS: dict[str, str | Promise] = {
    "shop.founded": _("Shop created"),
    "shop.changed": _("Settings changed"),
    "person.invited": _("Somebody invited"),
    "person.joined": _("Somebody joined the team"),
    "person.role_changed": _("Role changed"),
    "person.removed": _("Somebody removed from the team"),
    "person.created": _("Account created"),
    "person.changed": _("Profile changed"),
    "person.password_changed": _("Password changed"),
    "person.password_set": _("Password set"),
    "person.sessions_ended": _("Signed out everywhere else"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "token.made": _("API key created"),
    "token.withdrawn": _("API key withdrawn"),
    "person.made_operator": _("Somebody made an operator"),
    "person.operator_ended": _("Somebody no longer an operator"),
    "customers.exported": _("Customers exported"),
    "customer.exported": _("Data of a customer handed out"),
    "customer.erased": _("Customer erased"),
    "customer.erasure_asked": _("Erasure of a customer asked for"),
    "customer.merged": _("Two customers joined"),
    "customer.parted": _("Two customers parted again"),
    "order.recorded": _("Order recorded"),
    "order.changed": _("Order changed"),
    "consent.given": _("Consent given"),
    "consent.withdrawn": _("Consent withdrawn"),
    "consent.suppressed": _("Address blocked for messages"),
    "consent.unsuppressed": _("Address no longer blocked"),
    "retention.decided": _("Retention periods decided"),
    "log.exported": _("Activity log exported"),
    "query.asked": _("Query in SQL asked"),
    "query.exported": _("Result of a query exported"),
    "query.forgotten": _("Query deleted"),
    "view.saved": _("View saved"),
    "view.changed": _("View changed"),
    "view.deleted": _("View deleted"),
    "view.restored": _("View brought back"),
    "job.cancelled": _("Job cancelled"),
    "job.retried": _("Job tried again"),
    "hint.dismissed": _("Hint hidden"),
    "figures.spend_typed": _("Spend typed in"),
    "figures.leads_typed": _("Leads typed in"),
    "figures.cost_typed": _("Cost of a product typed in"),
    "target.set": _("Target set"),
    "target.changed": _("Target changed"),
    "target.deleted": _("Target deleted"),
    "trial.planned": _("Trial planned"),
    "trial.received": _("File of a trial received"),
    "trial.read": _("Trial read"),
    "trial.chosen": _("Trial read in another way"),
    "trial.renamed": _("Trial renamed"),
    "trial.deleted": _("Trial deleted"),
    "trial.restored": _("Trial brought back"),
    "annotation.written": _("Day annotated"),
    "annotation.changed": _("Annotation changed"),
    "annotation.deleted": _("Annotation deleted"),
    "monthly.decided": _("Sending of the monthly report decided"),
    "monthly.sent": _("Monthly report sent"),
    "monthly.sent_again": _("Monthly report asked for again"),
    "monthly.unsubscribed": _("Monthly report ended by whoever received it"),
    "output.scheduled": _("Export scheduled"),
    "output.changed": _("Scheduled export changed"),
    "output.deleted": _("Scheduled export deleted"),
    "output.made": _("File of a scheduled export made"),
    "output.file_deleted": _("File of a scheduled export deleted"),
    "unit.terms_decided": _("Books of a unit decided"),
    "books.adviser_named": _("Numbers of the tax adviser entered"),
    "ledger.accounts_exported": _("Accounts exported"),
    "ledger.datev_exported": _("File for DATEV made"),
    "ledger.liability_asked": _("Reckoning of what is owed asked for"),
    "ledger.audit_asked": _("Audit of the ledger asked for"),
    "import.received": _("Files received"),
    "import.looked_at": _("Files read"),
    "import.answered": _("Questions about files answered"),
    "import.planned": _("Dry run"),
    "import.publishing": _("Publishing begun"),
    "import.bad_rows_skipped": _("Rows of files left out that cannot be read"),
    "import.bad_rows_read": _("All rows of files read again"),
    "import.published": _("Import published"),
    "import.undoing": _("Undoing begun"),
    "import.undone": _("Import undone"),
    "import.discarded": _("Import deleted"),
    "import.files_dropped": _("Uploaded files deleted"),
    "ledger.unit_opened": _("Unit of the program set up"),
    "ledger.corrected": _("Balance corrected by hand"),
    "ledger.proposed": _("Correction proposed"),
    "ledger.correction_approved": _("Correction approved"),
    "ledger.correction_declined": _("Correction declined"),
    "ledger.closed": _("Bookings of a period closed"),
    "record.taken_back": _("Record taken back by a program"),
    "records.written": _("Records written by a program"),
    "installation.backed_up": _("Backup made"),
    "installation.restored": _("Backup restored"),
}


def event(name: str) -> str:
    """Return what happened; a name that has no words yet stands for itself."""
    return str(EVENTS.get(name, name))


def decision(name: str) -> str:
    """Return what a decision of a shop is called; a role among others."""
    if name == "role":
        return str(_("Role"))
    if name not in EFFECTS:
        return name
    return str(Shop._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a plain field


def value(name: str, kept: object) -> str:
    """Return the value of a decision as it stands on the page."""
    choices: dict[object, str | Promise] = {}
    if name == "role":
        choices = dict(models.ROLES)
    elif name in EFFECTS:
        choices = dict(Shop._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    if name in ("payment_days", "window_days") and isinstance(kept, int):
        return ngettext("%(days)s day", "%(days)s days", kept) % {"days": number(kept)}
    return str(choices.get(kept, kept))

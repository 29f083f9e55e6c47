"""Saved views: saved from a page, listed, renamed, shared, put in order, deleted and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms as fields
from django.contrib import messages
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.errors import Refused
from stammkunde.core.shops.rules import Permission
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.features.views import queries, services
from stammkunde.features.views.models import NAME_MAX, View

# Pages that can be saved, what they are called, and who may open them.
PAGES: dict[str, tuple[str | Promise, Permission]] = {
    "explore": (gettext_lazy("Explore"), "metrics.read"),
    "queries": (gettext_lazy("SQL"), "sql.ask"),
    "overview": (gettext_lazy("Overview"), "shop.read"),
    "metrics": (gettext_lazy("All metrics"), "metrics.read"),
    "metrics_metric": (gettext_lazy("Metric"), "metrics.read"),
    "cohorts": (gettext_lazy("Cohorts"), "metrics.read"),
    "rfm": (gettext_lazy("RFM"), "metrics.read"),
    "groups": (gettext_lazy("Groups"), "metrics.read"),
    "waits": (gettext_lazy("Pauses"), "metrics.read"),
    "voices": (gettext_lazy("Voices and service"), "metrics.read"),
    "trial_plan": (gettext_lazy("Plan a trial"), "metrics.read"),
}
# What an address holds for a moment only.
PASSING = ("page", "after", "view")


@dataclass(frozen=True)
class Saved:
    """A view as a list shows it."""

    view: View
    url: str
    page: str | Promise
    is_own: bool


class ViewForm(fields.Form):
    """What a view is called, and for whom it is."""

    name = fields.CharField(label=gettext_lazy("Name"), max_length=NAME_MAX)
    is_shared = fields.BooleanField(label=gettext_lazy("Share with the team"), required=False)

    def __init__(self, *args: object, may_share: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as the framework passes them
        if not may_share:
            del self.fields["is_shared"]


class PageForm(ViewForm):
    """The page that is saved, as the form on it says."""

    page = fields.ChoiceField(choices=[(name, name) for name in PAGES], widget=fields.HiddenInput)
    about = fields.SlugField(required=False, max_length=80, widget=fields.HiddenInput)
    query = fields.CharField(required=False, max_length=4000, widget=fields.HiddenInput)
    text = fields.CharField(required=False, max_length=20_000, widget=fields.HiddenInput)


@page_of_shop("metrics.read")
def views(visit: Visit) -> HttpResponse:
    """Show one's own views in their order, and what the team shares."""
    return visit.page("explore/views.html", own=own(visit), shared=_shared(visit))


@page_of_shop("metrics.read")
def save(visit: Visit) -> HttpResponse:
    """Save a page under a name; refused, its form stands here with why."""
    sent = visit.request.POST if visit.request.method == "POST" else None
    if sent is None:
        return visit.go("views")
    form = PageForm(sent, may_share=visit.may("views.share"))

    def work(name: str, page: str, **given: str) -> View:
        is_shared = bool(given.pop("is_shared", False))
        _address(visit.shop.slug, page, given["about"])
        return services.save(
            visit.shop, visit.person, name, page=page, is_shared=is_shared, role=visit.role,
            actor=visit.actor, **given,
        )  # fmt: skip

    if found := forms.submit(visit.request, form, work):
        messages.success(visit.request, _("The view “%(name)s” has been saved.") % {"name": found})
        return HttpResponse(status=302, headers={"Location": address(found)})
    return visit.page("explore/view.html", 422, form=form)


@page_of_shop("metrics.read")
def change(visit: Visit, view: int) -> HttpResponse:
    """Give a view another name, share it, or no longer."""
    found = queries.one(visit.shop, visit.person, view)
    sent = visit.request.POST if visit.request.method == "POST" else None
    form = ViewForm(
        sent,
        may_share=visit.may("views.share"),
        initial={"name": found.name, "is_shared": found.is_shared},
    )

    def work(name: str, *, is_shared: bool = False) -> bool:
        services.change(
            found, visit.person, name=name, is_shared=is_shared, role=visit.role, actor=visit.actor
        )
        return True

    if forms.submit(visit.request, form, work):
        return visit.go("views", say=_("The view has been changed."))
    return visit.page("explore/view.html", 422 if form.errors else 200, form=form, view=found)


@page_of_shop("metrics.read")
def do(visit: Visit, view: int) -> HttpResponse:
    """Duplicate, move, delete or bring back a view, as the button says."""
    wish = visit.request.POST.get("do", "") if visit.request.method == "POST" else ""
    if wish == "restore":
        return _restored(visit, view)
    found = queries.one(visit.shop, visit.person, view)
    match wish:
        case "duplicate":
            made = services.duplicate(found, visit.person, role=visit.role, actor=visit.actor)
            return visit.go("views", say=_("Saved as “%(name)s”.") % {"name": made})
        case "up" | "down":
            services.move(found, visit.person, by=-1 if wish == "up" else 1)
        case "delete":
            services.delete(found, visit.person, role=visit.role, actor=visit.actor)
            return visit.page(
                "explore/views.html", own=own(visit), shared=_shared(visit), gone=found,
                can_restore=found.person_id == visit.person.pk,
            )  # fmt: skip
    return visit.go("views")


def _restored(visit: Visit, view: int) -> HttpResponse:
    try:
        services.restore(visit.shop, visit.person, view, actor=visit.actor)
    except Refused as fault:
        if fault.name != "view.name_is_taken":
            raise
        messages.error(visit.request, format_html("{}", fault))
        return visit.go("views")
    return visit.go("views", say=_("The view is back."))


def own(visit: Visit) -> list[Saved]:
    """Return one's own views that can still be opened in one's role."""
    found = queries.own(visit.shop, visit.person)
    return [_saved(view, is_own=True) for view in found if _may_open(visit, view)]


def _shared(visit: Visit) -> list[Saved]:
    return [
        _saved(view, is_own=False)
        for view in queries.shared(visit.shop, visit.person)
        if _may_open(visit, view)
    ]


def _may_open(visit: Visit, view: View) -> bool:
    return view.page in PAGES and visit.may(PAGES[view.page][1])


def linked(visit: Visit) -> list[Saved]:
    """Return the views that stand as links above the page: one's own first, then the team's."""
    return [*own(visit), *_shared(visit)][:12]


def text_of(visit: Visit, number: int) -> str:
    """Return the saved question in SQL of a view."""
    return queries.one(visit.shop, visit.person, number).text


def address(view: View) -> str:
    """Return where a view leads."""
    page = _address(view.shop.slug, view.page, view.about)
    if view.text:
        return f"{page}?view={view.pk}"
    return f"{page}?{view.query}" if view.query else page


def _address(shop: str, page: str, about: str) -> str:
    try:
        return reverse(page, args=[shop, about] if about else [shop])
    except NoReverseMatch as fault:
        raise Refused(
            gettext_lazy("This page cannot be saved."), name="view.has_no_page"
        ) from fault


def _saved(view: View, *, is_own: bool) -> Saved:
    return Saved(view, address(view), PAGES[view.page][0], is_own)

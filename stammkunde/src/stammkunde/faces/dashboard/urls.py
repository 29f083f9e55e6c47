"""Addresses of the dashboard. A page below another one is named after it: `people_invite` below `people`."""

from __future__ import annotations

from django.urls import path

from stammkunde.faces.dashboard import (
    account,
    audit,
    brand,
    checklist,
    founding,
    home,
    invitation,
    jobs,
    overview,
    people,
    settings,
    tokens,
)
from stammkunde.faces.dashboard.customers import listing, privacy
from stammkunde.faces.dashboard.customers import one as customer
from stammkunde.faces.dashboard.imports import figures, history, left_out, new, one
from stammkunde.faces.dashboard.insights import behind, cohorts, groups, metric, rfm, voices, waits

urlpatterns = [
    path("", home.home, name="home"),
    path("new/", founding.found, name="found"),
    path("language/", account.language, name="language"),
    path("account/", account.profile, name="profile"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("<slug:shop>/", overview.overview, name="overview"),
    path("<slug:shop>/brand.css", brand.brand, name="brand"),
    path("<slug:shop>/hints/<slug:hint>/", checklist.dismiss, name="overview_dismiss"),
    path("<slug:shop>/customers/", listing.customers, name="customers"),
    path("<slug:shop>/customers/count/", listing.count, name="customers_count"),
    path("<slug:shop>/customers/export/", listing.export, name="customers_export"),
    path("<slug:shop>/customers/<int:customer>/", customer.customer, name="customers_customer"),
    path("<slug:shop>/customers/<int:customer>/orders/", customer.orders, name="customers_orders"),
    path(
        "<slug:shop>/customers/<int:customer>/identity/",
        customer.identity,
        name="customers_identity",
    ),
    path(
        "<slug:shop>/customers/<int:customer>/privacy/", privacy.privacy, name="customers_privacy"
    ),
    path("<slug:shop>/customers/<int:customer>/data/", privacy.export, name="customers_personal"),
    path("<slug:shop>/customers/<int:customer>/erase/", privacy.erase, name="customers_erase"),
    path(
        "<slug:shop>/customers/<int:customer>/join/<int:other>/",
        customer.join,
        name="customers_join",
    ),
    path(
        "<slug:shop>/customers/<int:customer>/merges/<int:merge>/undo/",
        customer.part,
        name="customers_part",
    ),
    path("<slug:shop>/metrics/", metric.every, name="metrics"),
    path("<slug:shop>/metrics/<slug:slug>/", metric.metric, name="metrics_metric"),
    path("<slug:shop>/metrics/<slug:slug>.csv", metric.file, name="metrics_file"),
    path(
        "<slug:shop>/metrics/<slug:slug>/customers/",
        behind.customers,
        name="metrics_customers",
    ),
    path("<slug:shop>/metrics/<slug:slug>/orders/", behind.orders, name="metrics_orders"),
    path(
        "<slug:shop>/metrics/<slug:slug>/customers.csv",
        behind.file,
        {"what": "behind"},
        name="metrics_customers_file",
    ),
    path(
        "<slug:shop>/metrics/<slug:slug>/orders.csv",
        behind.file,
        {"what": "orders_behind"},
        name="metrics_orders_file",
    ),
    path("<slug:shop>/cohorts/", cohorts.cohorts, name="cohorts"),
    path("<slug:shop>/cohorts/<slug:cohort>/", cohorts.cohort, name="cohorts_cohort"),
    path("<slug:shop>/rfm/", rfm.rfm, name="rfm"),
    path("<slug:shop>/groups/", groups.groups, name="groups"),
    path("<slug:shop>/voices/", voices.voices, name="voices"),
    path("<slug:shop>/pauses/", waits.waits, name="waits"),
    path("<slug:shop>/due/", waits.due, name="due"),
    path("<slug:shop>/data/", history.imports, name="imports"),
    path("<slug:shop>/data/new/", new.new, name="imports_new"),
    path("<slug:shop>/data/figures/", figures.figures, name="figures"),
    path("<slug:shop>/data/figures/spend/", figures.spend, name="figures_spend"),
    path("<slug:shop>/data/figures/leads/", figures.leads, name="figures_leads"),
    path("<slug:shop>/data/figures/costs/", figures.costs, name="figures_costs"),
    path("<slug:shop>/data/examples/<slug:table>.csv", history.template, name="imports_template"),
    path("<slug:shop>/data/<int:number>/", one.show, name="imports_import"),
    path("<slug:shop>/data/<int:number>/state/", one.state, name="imports_state"),
    path("<slug:shop>/data/<int:number>/answers/", one.answer, name="imports_answer"),
    path("<slug:shop>/data/<int:number>/columns/", one.columns, name="imports_columns"),
    path("<slug:shop>/data/<int:number>/look/", one.look, name="imports_look"),
    path("<slug:shop>/data/<int:number>/publish/", one.publish, name="imports_publish"),
    path("<slug:shop>/data/<int:number>/go-on/", one.go_on, name="imports_go_on"),
    path("<slug:shop>/data/<int:number>/undo/", one.undo, name="imports_undo"),
    path("<slug:shop>/data/<int:number>/left-out/", left_out.left_out, name="imports_left_out"),
    path("<slug:shop>/data/<int:number>/left-out.csv", left_out.file, name="imports_left_out_file"),
    path("<slug:shop>/settings/", settings.settings, name="settings"),
    path("<slug:shop>/settings/change/", settings.change, name="settings_change"),
    path("<slug:shop>/team/", people.people, name="people"),
    path("<slug:shop>/team/invite/", people.invite, name="people_invite"),
    path("<slug:shop>/team/<int:person>/", people.person, name="people_person"),
    path("<slug:shop>/team/<int:person>/remove/", people.remove, name="people_remove"),
    path(
        "<slug:shop>/team/invitations/<int:invitation>/withdraw/",
        people.withdraw,
        name="people_withdraw",
    ),
    path("<slug:shop>/keys/", tokens.tokens, name="tokens"),
    path("<slug:shop>/keys/new/", tokens.make, name="tokens_make"),
    path("<slug:shop>/keys/<int:token>/withdraw/", tokens.withdraw, name="tokens_withdraw"),
    path("<slug:shop>/jobs/", jobs.jobs, name="jobs"),
    path("<slug:shop>/jobs/<int:job>/cancel/", jobs.cancel, name="jobs_cancel"),
    path("<slug:shop>/jobs/<int:job>/retry/", jobs.retry, name="jobs_retry"),
    path("<slug:shop>/log/", audit.audit, name="audit"),
    path("<slug:shop>/log/export/", audit.export, name="audit_export"),
]

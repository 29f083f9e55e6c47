"""Which modules hold background work: each registers its own when the product starts."""

from __future__ import annotations

MODULES = (
    "stammkunde.core.jobs.jobs",
    "stammkunde.ledger.jobs",
    "stammkunde.features.imports.jobs",
    "stammkunde.features.views.jobs",
    "stammkunde.insights.jobs",
    "stammkunde.ledger.books.jobs",
    "stammkunde.insights.sql.jobs",
    "stammkunde.insights.trials.jobs",
    "stammkunde.flows.jobs",
    "stammkunde.faces.api.jobs",
    "stammkunde.faces.dashboard.reset_links",
    "stammkunde.faces.dashboard.monthly.work",
    "stammkunde.faces.dashboard.outputs_work",
)

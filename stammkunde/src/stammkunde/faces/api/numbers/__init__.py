"""Every number of every page, for programs, under the same names."""

from __future__ import annotations

from stammkunde.faces.api.numbers import behind, forecasts, metrics, staying

# A topic of its own brings its question, its row and its router; see `staying` for how little that is.
ROUTERS = (metrics.router, staying.router, behind.router, forecasts.router)

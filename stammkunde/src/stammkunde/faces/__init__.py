"""Dashboard, customer portal, API and commands: they show and ask, and decide nothing. Empty so far."""

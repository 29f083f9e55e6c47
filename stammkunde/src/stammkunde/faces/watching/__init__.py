"""For whoever watches machines: `/metrics` as Prometheus reads it."""

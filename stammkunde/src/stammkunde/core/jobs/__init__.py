"""Background work: our own, because it must survive on both stores (ADR 0003)."""

"""Shop systems: their words into ours, signatures, paging and retries. Empty so far."""

"""Shop, people, money, clock, audit, jobs, outbox: knows nothing above. Empty so far."""

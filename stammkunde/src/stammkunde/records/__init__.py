"""What happened and who: customers, orders, consent. Recorded facts, no decisions."""

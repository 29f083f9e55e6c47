"""Pages of the ledger: accounts, one account, roll-forward, what is owed, audit, units."""

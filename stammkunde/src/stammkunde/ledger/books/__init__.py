"""The books of the ledger: statements, roll-forward, what is owed, and files for the accountant."""

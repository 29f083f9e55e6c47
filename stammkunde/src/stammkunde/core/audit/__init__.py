"""The audit log: who did what, when; written once and never changed."""

"""Whose accounts in the ledger are whose: customers are known there by a key that tells nobody who they are."""

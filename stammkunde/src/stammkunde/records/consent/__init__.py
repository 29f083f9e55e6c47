"""Consent as recorded fact: who agreed to what, in which words, when, and how that is proved."""

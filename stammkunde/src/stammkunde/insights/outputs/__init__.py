"""Scheduled exports: chosen numbers as files, again and again."""

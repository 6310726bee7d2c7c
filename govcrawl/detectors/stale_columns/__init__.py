"""Columns that are stale or blank."""

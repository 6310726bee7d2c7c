"""Secrets, personal data, classified marks and exposures."""

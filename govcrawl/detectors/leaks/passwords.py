"""Judged by the rules of passwords.toml: passwords in addresses, settings, scripts and comments."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class Passwords(RuledDetector):
    id = "leaks/passwords"
    title = "Password"
    file = "passwords.toml"

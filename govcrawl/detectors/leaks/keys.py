"""Judged by the rules of keys.toml: key or secret."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class ExposedKeys(RuledDetector):
    id = "leaks/exposed-keys"
    title = "Key or secret"
    file = "keys.toml"
    fosters = True

"""Judged by the rules of internals.toml: addresses of the internal network."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class InternalNetwork(RuledDetector):
    id = "leaks/internal-network"
    title = "Internal network address"
    file = "internals.toml"

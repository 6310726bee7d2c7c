"""Judged by the rules of tokens.toml: tokens of services all over the world."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class ServiceTokens(RuledDetector):
    id = "leaks/service-tokens"
    title = "Token of a service"
    file = "tokens.toml"

"""Judged by the rules of vendors.toml: tokens of services that gitleaks knows."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class VendorTokens(RuledDetector):
    id = "leaks/vendor-tokens"
    title = "Token of a service, by the rules of gitleaks"
    file = "vendors.toml"

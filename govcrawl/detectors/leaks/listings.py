"""Judged by the rules of listings.toml: directory listing."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class DirectoryListing(RuledDetector):
    id = "leaks/listings"
    title = "Directory listing"
    file = "listings.toml"

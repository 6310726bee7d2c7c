"""Judged by the rules of exposures.toml: files and consoles that were never meant for visitors."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class Exposures(RuledDetector):
    id = "leaks/exposures"
    title = "File or console that was never meant for visitors"
    file = "exposures.toml"

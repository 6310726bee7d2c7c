"""govcrawl inspects public-sector websites: sites -> frontier -> crawl -> page -> detectors -> findings -> store -> report."""

__version__ = "0.1.0"

"""Imported by the process that worker processes are forked from: what is loaded and compiled here is loaded once for all of them."""

from govcrawl.cli import main, worker
from govcrawl.crawl.services import warm_up
from govcrawl.detectors.inspector import Inspector

__all__ = ["main", "worker"]

warm_up(Inspector())

"""Addresses that only articles have."""

import re

from govcrawl.kit.remember import remembered

# A file in the folder of a day, by day, or by two numbers; a column is numbered once.
_ARTICLE_FILE = re.compile(
    r"/art/20\d\d/|/t20\d{6}_\d+\.|/info/\d+/\d+\.|/20\d\d[-/]?[01]\d[-/]?[0-3]\d/[^/]+\.|/content[-_]\d{3,}\.|/c\d+a\d+/page\."
)


# Several rules ask it of each page.
@remembered(256, 500)
def at_article_file(url: str) -> bool:
    """Whether a publishing system makes files of such a name for articles alone."""
    return _ARTICLE_FILE.search(url) is not None

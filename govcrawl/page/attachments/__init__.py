"""Attachments: what is in the files that a site offers, read apart from the crawl and within limits."""

from govcrawl.page.attachments.naming import named
from govcrawl.page.attachments.pool import ExtractorPool, shared_pool
from govcrawl.page.attachments.sniff import is_document, sniff
from govcrawl.page.attachments.values import Extracted, Limits, Part, Unread, Where

__all__ = ["Extracted", "ExtractorPool", "Limits", "Part", "Unread", "Where", "is_document", "named", "shared_pool", "sniff"]

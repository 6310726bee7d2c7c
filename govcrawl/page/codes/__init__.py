"""QR codes: which pictures of a page may be one, and the addresses that are in them."""

from govcrawl.page.codes.installed import missing
from govcrawl.page.codes.pictures import Picture, pictures
from govcrawl.page.codes.pool import PicturePool
from govcrawl.page.codes.values import Limits, Reading

__all__ = ["Limits", "Picture", "PicturePool", "Reading", "missing", "pictures"]

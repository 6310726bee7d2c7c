"""The style sheets that a worker has met, within a number of characters."""

from collections import OrderedDict
from hashlib import blake2b

from govcrawl.frontier.model import StoredSheet
from govcrawl.kit.clock import monotonic

_MOST_CHARS = 64 * 1024 * 1024
_MOST_ADDRESSES = 50_000
_FAILED_SECONDS = 900.0

Address = tuple[str, str]


class SheetCache:
    """Condensed texts, by campaign and address. Sites that share a template share the text, so that what is worked out from it is
    shared as well.
    """

    def __init__(self, most_chars: int = _MOST_CHARS, most_addresses: int = _MOST_ADDRESSES) -> None:
        self._most_chars, self._most_addresses = most_chars, most_addresses
        self._chars = 0
        self._texts: OrderedDict[bytes, str] = OrderedDict()
        self._digests: OrderedDict[Address, bytes] = OrderedDict()
        self._failed: OrderedDict[Address, tuple[float, StoredSheet]] = OrderedDict()

    def get(self, campaign: str, url: str) -> StoredSheet | None:
        address = (campaign, url)
        failed = self._failed.get(address)
        if failed and failed[0] > monotonic():
            return failed[1]
        digest = self._digests.get(address)
        text = None if digest is None else self._texts.get(digest)
        if digest is None or text is None:
            return None
        self._digests.move_to_end(address)
        self._texts.move_to_end(digest)
        return StoredSheet(text)

    def put(self, campaign: str, url: str, sheet: StoredSheet) -> None:
        address = (campaign, url)
        if sheet.text is None:
            self._failed[address] = (monotonic() + _FAILED_SECONDS, sheet)
        else:
            self._failed.pop(address, None)
            self._digests[address] = self._shelve(sheet.text)
        for kept in (self._failed, self._digests):
            if len(kept) > self._most_addresses:
                kept.popitem(last=False)

    def _shelve(self, text: str) -> bytes:
        digest = blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()
        if digest not in self._texts:
            self._texts[digest] = text
            self._chars += len(text)
        while self._chars > self._most_chars and len(self._texts) > 1:
            _, old = self._texts.popitem(last=False)
            self._chars -= len(old)
        return digest

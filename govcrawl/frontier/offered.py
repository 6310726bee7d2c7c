"""What this worker has offered of its sites, so that the links of a template are not sent with every page again."""

from collections import OrderedDict
from collections.abc import Sequence

from govcrawl.frontier.model import Child, PageClass, Result

_MOST_SITES, _MOST_OF_A_SITE = 1_000, 256  # 16 MB in all
_HAD = 200


class Offered:
    """Addresses of one partition that are in its seen-sets, by 64-bit hashes as there; true as long as the partition is in `epoch`.

    A seen-set that was reset, a server that began anew with less than it had, another one that took over: each is another epoch. finish.lua
    refuses what was left out on the word of an old one, and is then told everything.
    """

    def __init__(self) -> None:
        self.epoch = ""
        self._known: OrderedDict[tuple[str, str], set[int]] = OrderedDict()

    def unknown(self, result: Result) -> Sequence[Child]:
        """The children that may be new. All of them where they tell of more than themselves: a redirect, or what a home page moved to."""
        lease = result.lease
        known = self._known.get((lease.campaign, lease.site))
        if known is None or result.status != _HAD or lease.page_class is PageClass.HOME:
            return result.children
        return [child for child in result.children if child.key or hash(child.url) not in known]

    def note(self, results: Sequence[Result], epoch: str) -> None:
        """All children of these are in the seen-sets now."""
        if epoch != self.epoch:
            self.forget()
            self.epoch = epoch
        for result in results:
            site = result.lease.campaign, result.lease.site
            known = self._known.setdefault(site, set())
            self._known.move_to_end(site)
            if len(known) < _MOST_OF_A_SITE:
                known.update(hash(child.url) for child in result.children[: _MOST_OF_A_SITE - len(known)] if not child.key)
        while len(self._known) > _MOST_SITES:
            self._known.popitem(last=False)

    def forget(self) -> None:
        self.epoch = ""
        self._known.clear()

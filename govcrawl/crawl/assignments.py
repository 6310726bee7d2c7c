"""The sites and campaigns that leases belong to, as the frontier has them."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from govcrawl.detectors.base import Context
from govcrawl.findings.model import SiteLabel
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.clock import china_today
from govcrawl.sites.model import Site

# A worker meets the pages of a few thousand sites in turn; an entry is about a kilobyte.
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the pages of one site are judged with."""

    site: Site
    label: SiteLabel
    context: Context


class Assignments:
    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier
        self._kept: OrderedDict[tuple[str, str], Assignment] = OrderedDict()
        self._days: dict[str, str] = {}

    def known(self, campaign: str, site: str) -> Assignment | None:
        """One that was asked for before."""
        return self._kept.get((campaign, site))

    async def of(self, campaign: str, site: str) -> Assignment | None:
        """None where the frontier knows no such site."""
        key = (campaign, site)
        today = await self._today(campaign)
        if (kept := self._kept.get(key)) is not None and kept.context.today == today:
            self._kept.move_to_end(key)
            return kept
        line = await self._frontier.site(campaign, site)
        if line is None:
            return None
        label = SiteLabel(line.id, line.name, line.region, line.level, line.organizer)
        kept = Assignment(line, label, Context(line, today, campaign))
        self._kept[key] = kept
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return kept

    async def _today(self, campaign: str) -> date:
        """The day that the campaign fixed, else each day's own."""
        if campaign not in self._days:
            status = await self._frontier.campaign(campaign)
            self._days[campaign] = status.campaign.today if status else ""
        fixed = self._days[campaign]
        return date.fromisoformat(fixed) if fixed else china_today()

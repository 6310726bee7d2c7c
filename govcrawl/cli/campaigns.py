"""The opening of a campaign: a new one under a fresh name, or a known one that goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from govcrawl.cli.faults import Fault
from govcrawl.cli.output import say
from govcrawl.frontier.model import Campaign, CampaignState, CampaignStatus
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site

_MAX_NAME = 100
UNFINISHED = (CampaignState.RUNNING, CampaignState.PAUSED)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a new campaign is to be crawled."""

    max_pages: int | None = None
    delay_seconds: float = 1.0
    now: date | None = None
    priority: int = 0
    every_seconds: float | None = None


async def opening(frontier: Frontier, name: str, sites: Sequence[Site], wish: Wish) -> str:
    """Starts the campaign or goes on with it; returns its name.

    Without a name, an unfinished campaign over the same sites is taken up again: that is what a killed crawl leaves.
    """
    if name and (len(name) > _MAX_NAME or not name.isprintable() or set(name) & set(" {}:@")):
        raise Fault(f"--campaign: {name!r} is no name; use up to {_MAX_NAME} letters, digits, - and _")
    name = name or await _left_over(frontier, sites, wish) or f"{utc_now():%Y%m%d-%H%M%S}"
    known = await frontier.campaign(name)
    if known is None and not sites:
        raise Fault(f"{name}: no such campaign; name the sites to start it")
    if known and wish.every_seconds not in {None, known.campaign.every_seconds}:
        raise Fault(f"{name}: it was started with other rounds, which cannot be changed; choose another name")
    campaign = known.campaign if known else _fresh(name, wish)
    added = await frontier.start(campaign, sites)
    if known:
        say(f"going on with campaign {name}: {known.pages} pages so far, {added} sites added")
        await _wake(frontier, known)
    else:
        say(f"campaign {name}: {added} sites")
    return name


def _fresh(name: str, wish: Wish) -> Campaign:
    return Campaign(
        id=name,
        started=utc_now(),
        today=wish.now.isoformat() if wish.now else "",
        max_pages=wish.max_pages,
        delay_seconds=wish.delay_seconds,
        priority=wish.priority,
        every_seconds=wish.every_seconds,
    )


async def _wake(frontier: Frontier, known: CampaignStatus) -> None:
    if known.state is CampaignState.PAUSED:
        await frontier.resume(known.campaign.id)


async def _left_over(frontier: Frontier, sites: Sequence[Site], wish: Wish) -> str:
    """The latest unfinished campaign over these sites that was wished the same way; "" where there is none.

    It may hold fewer sites: its start was killed in the middle.
    """
    wanted = {(site.id, site.url) for site in sites}
    unfinished = [one for one in await frontier.campaigns() if one.state in UNFINISHED and _wished(one.campaign) == wish]
    for one in sorted(unfinished, key=lambda status: status.campaign.started, reverse=True):
        if {(site.id, site.url) async for site in frontier.ledger(one.campaign.id)} <= wanted:
            return one.campaign.id
    return ""


def _wished(campaign: Campaign) -> Wish:
    day = date.fromisoformat(campaign.today) if campaign.today else None
    return Wish(campaign.max_pages, campaign.delay_seconds, day, campaign.priority, campaign.every_seconds)


async def rest_others(frontier: Frontier, name: str) -> None:
    """Pauses every other unfinished campaign: a crawl is one campaign to its end."""
    for one in await frontier.campaigns():
        if one.state is CampaignState.RUNNING and one.campaign.id != name:
            await frontier.pause(one.campaign.id)
            say(
                f"campaign {one.campaign.id} was not finished and rests; `govcrawl crawl --campaign {one.campaign.id}` goes on with it"
            )

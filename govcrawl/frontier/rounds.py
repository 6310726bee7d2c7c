"""The rounds of a standing campaign: their names, and how long a page may be left alone."""

import math
import re
from datetime import datetime, timedelta

from govcrawl.frontier.model import Campaign, PageClass

_NAMED = re.compile(r"(.+)@(\d{1,9})")
_DAY = 86_400.0
# What columns show is out of date by the calendar alone, so they are fetched in each round, as home pages are. Two weeks are the longest
# interval of StormCrawler's AdaptiveScheduler; files are changed more rarely than pages, and cost more.
_LONGEST_SECONDS = {PageClass.ARTICLE: 14 * _DAY, PageClass.ATTACHMENT: 28 * _DAY, PageClass.OTHER: 14 * _DAY}
# What a host says to be unchanged is fetched without condition after so long: the style sheets around it may not be what they were.
_UNREAD_SECONDS = 28 * _DAY


def campaign_of(name: str) -> str:
    """The campaign that a lease or closing belongs to, without its round."""
    found = _NAMED.fullmatch(name)
    return found[1] if found else name


def round_in(name: str) -> int:
    """The round that a lease or closing belongs to; 0 where its campaign has no more than one."""
    found = _NAMED.fullmatch(name)
    return int(found[2]) if found else 0


def round_name(campaign: str, number: int) -> str:
    """Under which campaign the store keeps what a round found."""
    return f"{campaign}@{number}" if number else campaign


def next_round(campaign: Campaign, now: datetime) -> datetime | None:
    """When the sites that are through with theirs begin another; None where the campaign has one round only."""
    if not campaign.every_seconds:
        return None
    begun = max(0, math.floor((now - campaign.started).total_seconds() / campaign.every_seconds))
    return campaign.started + timedelta(seconds=(begun + 1) * campaign.every_seconds)


def caps_of(campaign: Campaign) -> str:
    """In rounds, as rounds.lua reads them: of each class from HOME on, then of any page fetched without condition; "" without rounds."""
    if not campaign.every_seconds:
        return ""
    seconds = [_LONGEST_SECONDS.get(one, 0.0) for one in PageClass if one is not PageClass.ROBOTS]
    return " ".join(str(max(1, int(longest / campaign.every_seconds))) for longest in [*seconds, _UNREAD_SECONDS])

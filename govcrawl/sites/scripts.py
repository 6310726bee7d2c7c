"""The foreign hosts from which a site has visitors load scripts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScriptHost:
    """A registrable domain and on how many pages of the sample it stands; about how many `sites` of the fleet load from it.

    `new`: no visit before this one saw it on the site, which is known `since` then. `seen` is what a look at the domain said, "" where
    nobody looked in the last day.
    """

    domain: str
    pages: int
    sites: int
    since: datetime
    new: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class ScriptHosts:
    """What the first `pages` of a visit load, the most frequent host first; `before` is how many pages the visit before had sampled."""

    pages: int = 0
    before: int = 0
    hosts: tuple[ScriptHost, ...] = ()

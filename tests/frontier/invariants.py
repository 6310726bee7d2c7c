"""What must hold between the keys of the frontier after every step, whatever the steps were."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from govcrawl.frontier.wire import hash_of
from tests.frontier.keyspace import Keyspace, number_of

SHEET, CLASSES = 2, range(1, 7)
ENDS = {"complete", "partial", "failed"}


def faults(keys: Keyspace, done: Mapping[str, set[str]], in_all: int, in_flight: int, kept: Mapping[str, set[str]]) -> list[str]:
    """In words. `done`: addresses that were finished, by SID, as the worker knows them; `in_all`: with those of sites begun anew;
    `kept`: addresses that standing campaigns are to know, by SID.
    """
    found = [
        *_leases(keys),
        *(fault for sid in keys.sites for fault in _site(keys, sid, done.get(sid, set()))),
        *(fault for number in keys.campaigns for fault in _campaign(keys, number)),
        *(fault for sid in keys.sites for fault in _round(keys, sid, kept.get(sid, set()))),
        *_lanes(keys),
        *_addresses(keys),
        *(fault for host in keys.hosts for fault in _host(keys, host, in_flight)),
        *_totals(keys, in_all),
    ]
    return sorted(found)


def _same(name: str, stored: object, counted: object) -> Iterator[str]:
    if stored != counted:
        yield f"{name} is {stored}, but there are {counted}"


def _leases(keys: Keyspace) -> Iterator[str]:
    yield from _same("leased (by time)", set(keys.keys.get("leased", {})), set(keys.keys.get("leases", {})))


def _site(keys: Keyspace, sid: str, done: set[str]) -> Iterator[str]:
    site, queued, leased = keys.sites[sid], keys.queued(sid), keys.leased(sid)
    yield from _same(f"open of {sid}", site["open"], len(queued) + len(leased))
    yield from _same(f"hosts of {sid}", site["hosts"], len(keys.hosts_of(sid)))
    if site["budget"]:
        yield from _same(f"pin of {sid}", site["pin"], sum(lease.page_class != SHEET for lease in leased))
    yield from _same(f"closing of {sid}", sid in keys.keys.get("closing", {}), site["state"] == "closing")
    if site["state"] == "running" and not queued and not leased:
        yield f"{sid} has nothing left to fetch and does not close"
    if site["state"] != "running" and (queued or leased):
        yield f"{sid} is {site['st']} with {len(queued)} queued and {len(leased)} leased"
    yield from _once(keys, sid, Counter([*queued, *(lease.url for lease in leased), *keys.dead(sid), *done]))


def _once(keys: Keyspace, sid: str, places: Counter[str]) -> Iterator[str]:
    yield from (f"{url} of {sid} is in {n} places" for url, n in places.items() if n > 1)
    seen = keys.seen(sid)
    if keys.sites[sid]["state"] in ENDS:
        yield from _same(f"seen of {sid}, which has ended,", seen, [])
        return
    yield from _same(f"seen of {sid}", keys.sites[sid]["seen"], len(seen))
    yield from (f"{url} of {sid} was never seen" for url in places if hash_of(url) not in seen)


def dropped(keys: Keyspace, sid: str, done: set[str]) -> int:
    """Addresses that were seen and are nowhere else, while the site is open; nor are they known and not due."""
    elsewhere = [*keys.queued(sid), *(lease.url for lease in keys.leased(sid)), *keys.dead(sid), *done]
    at_work, number = set(map(hash_of, elsewhere)), keys.sites[sid]["round"]
    resting = {digits for digits, page in keys.known(sid).items() if page.due > number} & set(keys.seen(sid)) - at_work
    return len(keys.seen(sid)) - len(elsewhere) - len(resting)


def _round(keys: Keyspace, sid: str, kept: set[str]) -> Iterator[str]:
    site, campaign, known = keys.sites[sid], keys.campaigns[number_of(sid)], keys.known(sid)
    standing, ended = int(campaign.get("every", 0)) > 0, site["state"] in ENDS
    yield from _same(f"{sid} has rounds", site["round"] > 0, standing)
    rests = sid in keys.keys.get("resting", {})
    if standing and campaign["st"] != "stopped" and (ended or keys.walking(sid)):
        yield from _same(f"the next round of {sid} comes", rests or "" in keys.parked(sid), True)
    if known and (not standing or (ended and site["left"])):
        yield f"{sid} knows {len(known)} pages"
    yield from (f"{sid} looked at {page} in a round to come" for page in known.values() if page.looked_at > site["round"])
    yield from (f"{page} of {sid} has no class" for page in known.values() if page.page_class not in CLASSES[2:])
    if not ended:
        lost = {url for url in kept if hash_of(url) not in known}
        yield from _same(f"what {sid} does not know", lost, set())


def _campaign(keys: Keyspace, number: str) -> Iterator[str]:
    campaign = keys.campaigns[number]
    sites = {sid: site for sid, site in keys.sites.items() if number_of(sid) == number}
    for field in ("queued", "leased"):
        pages = sum(len(getattr(keys, field)(sid)) for sid in sites)
        yield from _same(f"{field} of {number}", int(campaign.get(field, 0)), pages)
    for field in ("pages", "failed", "moved"):
        yield from _same(f"{field} of {number}", int(campaign.get(field, 0)), sum(site[field] for site in sites.values()))
    unfinished = sum(site["state"] not in ENDS for site in sites.values())
    yield from _same(f"open of {number}", int(campaign.get("open", 0)), unfinished)
    yield from _same(f"sites of {number}", int(campaign.get("sites", 0)), len(sites))
    yield from _same(f"dead of {number}", int(campaign.get("dead", 0)), len(keys.keys.get(f"dead:{number}", ())))
    yield from _same(f"{number} among the open", number in keys.members("open"), unfinished > 0)
    for end in ENDS:
        ended = sum(site["state"] == end for site in sites.values())
        yield from _same(f"{end} of {number}", int(campaign.get(f"ended:{end}", 0)), ended)


def _lanes(keys: Keyspace) -> Iterator[str]:
    best: dict[tuple[str, str], int] = {}
    for sid, kind, host in keys.queues:
        if host not in keys.hosts_of(sid):
            yield f"{sid} has pages on {host}, which is none of its hosts"
        if kind == SHEET or keys.has_budget(sid):
            best[sid, host] = min(kind, best.get((sid, host), 9))
    for (sid, host), kind in best.items():
        if sid not in keys.lanes(host) and host not in keys.parked(sid) and not keys.walking(sid):
            yield f"{sid} has pages of class {kind} on {host} and no lane there"
        rank = keys.ranks.get(host, {}).get(sid)
        if rank is not None and int(rank // 1e9) > kind:
            yield f"the lane of {sid} on {host} is of class {rank // 1e9:.0f}, but it has pages of class {kind}"
    # A host that is left alone until a page of it comes back may not know yet that this was the last.
    with_pages = {(sid, host) for sid, _, host in keys.queues} | {(lease.sid, lease.host) for lease in keys.leases.values()}
    for host, record in keys.hosts.items():
        lanes = keys.lanes(host)
        yield from (f"{sid} has a lane on {host} and no page" for sid in lanes if (sid, host) not in with_pages)
        yield from _same(f"lanes on {host}", record["lanes"], len(lanes))
        yield from _same(f"ranks on {host}", len(keys.ranks.get(host, ())), len(lanes) if len(lanes) > 1 else 0)
        yield from _lone(keys, host, record) if record["lone"] else ()


def _lone(keys: Keyspace, host: str, record: Mapping[str, Any]) -> Iterator[str]:
    """What a host knows of the one site that has pages for it is what the site says."""
    site = keys.sites[record["lone"]]
    plain = site["budget"] == 0 and site["window_from"] == site["window_to"]
    yield from _same(f"plain on {host}", record["plain"], int(plain))
    yield from _same(f"owner on {host}", str(record["owner"]), number_of(record["lone"]))
    yield from _same(f"name on {host}", record["rest"], site["rest"])
    kinds = [kind for sid, kind, on in keys.queues if (sid, on) == (record["lone"], host)]
    best = min((kind for kind in kinds if kind == SHEET or keys.has_budget(record["lone"])), default=9)
    if record["kind"] > best:
        yield f"{host} takes its best page for one of class {record['kind']}, but has one of class {best}"


def _host(keys: Keyspace, name: str, in_flight: int) -> Iterator[str]:
    host = keys.hosts[name]
    leases = [lease for lease in keys.leases.values() if lease.host == name]
    if len(leases) > in_flight:
        yield f"{name} has {len(leases)} requests under way"
    asked = any(lease.page_class == 0 for lease in leases)
    yield from _same(f"robots.txt of {name} is asked for", host["robots"] == -1, asked)
    asking = [site["site_delay"] for sid, site in keys.sites.items() if site["state"] not in ENDS and name in keys.hosts_of(sid)]
    yield from _same(f"delay of {name}", host["delay"], max(asking, default=0))
    ready = bool(keys.lanes(name)) and len(leases) < in_flight and not asked
    yield from _same(f"{name} among the due", name in keys.keys.get("due", {}), ready)


def _addresses(keys: Keyspace) -> Iterator[str]:
    """A host that is put off for the sake of its address is due later, not lost."""
    for host in keys.words("granted"):
        yield from _same(f"{host}, which has a turn to come, stands somewhere", host in keys.words("at"), True)


def _totals(keys: Keyspace, in_all: int) -> Iterator[str]:
    counts = keys.words("counts")
    yield from _same("done in all", int(counts.get("done", 0)), in_all)
    for field in ("dead", "dropped"):
        parts = sum(int(campaign.get(field, 0)) for campaign in keys.campaigns.values())
        yield from _same(f"{field} in all", int(counts.get(field, 0)), parts)

"""What holds a crawl back, in words for an operator."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from govcrawl.frontier.model import CampaignState, CampaignStatus, FrontierStatus, Reason, SiteState, WorkerStatus
from govcrawl.kit.clock import iso

# A worker speaks every five seconds; one that was not heard of for so long is in trouble or gone.
_SILENT = timedelta(seconds=30)
# A call for work takes milliseconds where Redis is well, and each fetches pages for a whole worker.
_SLOW_CLAIM_SECONDS = 0.5
_STALL_SECONDS = 2.0
# What the line, the names or the servers are to blame for; a page that is not there is no trouble.
_NETWORK = frozenset({Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.RESET, Reason.TLS, Reason.HTTP_5XX, Reason.THROTTLED})
_TROUBLE, _TROUBLED_PAGES = 0.3, 10
_FULL = 0.9
_SHOWN = 3


def hindrances(status: FrontierStatus, campaigns: Sequence[CampaignStatus], now: datetime) -> list[str]:
    """One or more sentences, each beginning with the part that is to blame; what an operator can mend comes first."""
    state = Counter(one.state for one in campaigns)
    if not state[CampaignState.RUNNING]:
        paused = state[CampaignState.PAUSED]
        return (
            [f"paused: {paused} campaigns wait for `govcrawl campaign resume ID`"]
            if paused
            else ["nothing to do: no campaign runs"]
        )
    alive = [worker for worker in status.workers if now - worker.seen <= _SILENT]
    if not alive:
        return ["workers: none was heard of lately; start `govcrawl worker`", *_windows(status)]
    found = [*_silent(status, now), *_redis(alive), *_store(alive), *_processor(alive), *_network(alive)]
    found += [*_pace(status, alive, now), *_windows(status), *_rounds(campaigns)]
    return found or ["nothing: pages are fetched as they come due"]


def _silent(status: FrontierStatus, now: datetime) -> Iterator[str]:
    gone = [worker for worker in status.workers if now - worker.seen > _SILENT]
    if gone:
        yield f"workers: {_names(gone)} not heard of lately; the pages of a dead one go to others when their leases run out"


def _redis(workers: Sequence[WorkerStatus]) -> Iterator[str]:
    slow = [worker for worker in workers if worker.claim_seconds > _SLOW_CLAIM_SECONDS]
    if slow:
        longest = max(worker.claim_seconds for worker in slow)
        yield f"Redis: a call for work takes up to {longest:.1f} s on {_names(slow)}; look at its load, its memory and the line to it"


def _store(workers: Sequence[WorkerStatus]) -> Iterator[str]:
    away = [worker for worker in workers if worker.store_away]
    if away:
        yield f"store: takes nothing in from {_names(away)}; their pages wait, and the crawl with them"
    spooling = [worker for worker in workers if worker.spooled_bytes and not worker.store_away]
    if spooling:
        kept = sum(worker.spooled_bytes for worker in spooling)
        yield f"store: takes no writes from {_names(spooling)}; {_size(kept)} wait on disk, the crawl goes on, no site is concluded"
    slow = [worker for worker in workers if worker.storing > worker.slots and worker not in away]
    if slow:
        pages = sum(worker.storing for worker in slow)
        yield f"store: slow; {pages} pages on {_names(slow)} are fetched and wait to be stored"


def _processor(workers: Sequence[WorkerStatus]) -> Iterator[str]:
    stalled = [worker for worker in workers if worker.lag_seconds > _STALL_SECONDS]
    if stalled:
        yield f"processor: {_names(stalled)} stall for seconds; fewer --slots, or a core for each worker"


def _network(workers: Sequence[WorkerStatus]) -> Iterator[str]:
    failures: Counter[str] = Counter()
    for worker in workers:
        failures.update({reason: number for reason, number in worker.failures.items() if reason in _NETWORK})
    lost, pages = failures.total(), sum(worker.recent for worker in workers)
    if lost >= _TROUBLED_PAGES and lost > _TROUBLE * pages:
        reasons = ", ".join(f"{number} {reason}" for reason, number in failures.most_common(_SHOWN))
        yield f"network: {lost} of the last {pages} pages were not had ({reasons}); look at the line out, the proxy and the name servers"


def _pace(status: FrontierStatus, workers: Sequence[WorkerStatus], now: datetime) -> Iterator[str]:
    """Where slots are free, every host that is due is taken at once: then it is the hosts that set the pace."""
    slots, taken = sum(worker.slots for worker in workers), sum(worker.fetching for worker in workers)
    if slots and taken >= _FULL * slots:
        yield f"slots: {taken} of {slots} are taken and {status.hosts_due} hosts are due; start more workers, or raise --slots"
    elif status.queued:
        rest = max(((status.next_due or now) - now).total_seconds(), 0.0)
        due = f"{status.hosts} hosts rest between two pages, the next one for {rest:.1f} s; " if status.hosts else ""
        yield f"politeness: {due}{slots - taken} of {slots} slots are free, so more workers would not help"


def _windows(status: FrontierStatus) -> Iterator[str]:
    if status.waiting_sites:
        yield f"hours: {status.waiting_sites} sites wait for the hours in which they may be visited"


def _rounds(campaigns: Sequence[CampaignStatus]) -> Iterator[str]:
    for one in campaigns:
        if one.next_round and not one.sites.get(SiteState.RUNNING):
            yield f"rounds: {one.campaign.id} is through with round {one.round}; the next begins {iso(one.next_round)}"


def _names(workers: Sequence[WorkerStatus]) -> str:
    more = f" and {len(workers) - _SHOWN} more" if len(workers) > _SHOWN else ""
    return ", ".join(worker.id for worker in workers[:_SHOWN]) + more


def _size(number: int) -> str:
    return f"{number / 2**20:.1f} MiB"

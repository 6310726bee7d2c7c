"""The life of a finding: what an observation, a complete crawl and a reviewer make of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from govcrawl.findings.model import Observation, Record, Review, State

MAX_SAMPLES = 5
REVIEW_STATES = frozenset({State.CONFIRMED, State.IGNORED, State.REOPENED})
_RESOLVABLE = frozenset({State.OPEN, State.REOPENED, State.CONFIRMED})


class NotReviewable(ValueError):  # noqa: N818 - reads as what it says
    """A reviewer asked for a state that only the crawl may set."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a finding's history; `action` is opened, seen, resolved, reopened or reviewed. `state` is the one after it."""

    finding: str
    site: str
    category: str
    campaign: str
    action: str
    at: datetime
    state: State
    by: str = ""
    reason: str = ""

    @property
    def id(self) -> str:
        """The same event told twice has the same id; two reviews are two events."""
        told_apart_by = self.at.isoformat() if self.action == "reviewed" else ""
        parts = (self.finding, self.campaign, self.action, told_apart_by)
        return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def opened(observation: Observation) -> Record:
    """An observation as the record of a finding that nobody saw before."""
    return Record(
        id=observation.id,
        finding=observation.finding,
        site=observation.site,
        state=State.OPEN,
        first_seen=observation.seen_at,
        last_seen=observation.seen_at,
        last_campaign=observation.campaign,
        samples=(observation.finding.url,),
    )


def carried(record: Record, url: str, campaign: str, seen_at: datetime) -> Record:
    """The finding as a campaign meets it again on a page that it did not read: as an observation would be, `opened`."""
    return replace(
        record,
        finding=replace(record.finding, url=url),
        state=State.OPEN,
        last_seen=seen_at,
        last_campaign=campaign,
        occurrences=1,
        samples=(url,),
        review=None,
    )


def decide(current: Record | None, seen: Record, *, new_page: bool) -> Record:
    """The record after an observation. `seen` is that observation, `opened`.

    `new_page`: its page has not been counted for this finding in this campaign. Whatever the order in which the pages
    of a campaign arrive, and however often, the outcome is the same: the shortest address stands for all, so that a
    restarted crawl ends with the findings of an undisturbed one.
    """
    if current is None:
        return seen
    if seen.last_campaign == current.last_campaign:
        return _seen_again(current, seen, new_page=new_page)
    if seen.last_seen < current.last_seen:
        return replace(current, first_seen=min(current.first_seen, seen.first_seen))
    return _seen_anew(current, seen)


def recount(record: Record, pages: int) -> Record:
    """The record with the number of pages that its sightings tell, where that is known and differs."""
    return record if pages in {0, record.occurrences} else replace(record, occurrences=pages)


def resolve(record: Record, at: datetime) -> Record:
    """After a complete crawl that did not see it. What a person ignores stays ignored."""
    return replace(record, state=State.RESOLVED, resolved_at=at) if record.state in _RESOLVABLE else record


def review(record: Record, said: Review) -> Record:
    if said.state not in REVIEW_STATES:
        allowed = ", ".join(sorted(REVIEW_STATES))
        raise NotReviewable(f"a review sets one of {allowed}, not {said.state}: only a complete crawl resolves a finding")
    return replace(record, state=said.state, review=said, resolved_at=None)


def event(before: Record | None, after: Record, campaign: str, at: datetime) -> Event | None:
    """What a campaign changed in a finding; None where it only showed once more on another page."""
    if before is None:
        return _event(after, "opened", campaign, at)
    if before.state is not after.state:
        return _event(after, str(after.state), campaign, at)
    return _event(after, "seen", campaign, at) if before.last_campaign != after.last_campaign else None


def review_event(after: Record, said: Review) -> Event:
    return replace(_event(after, "reviewed", after.last_campaign, said.at), by=said.by, reason=said.reason)


def _event(record: Record, action: str, campaign: str, at: datetime) -> Event:
    return Event(record.id, record.site.id, record.finding.category, campaign, action, at, record.state)


def _seen_again(current: Record, seen: Record, *, new_page: bool) -> Record:
    samples = sorted({*current.samples, *seen.samples}, key=_shortest)[:MAX_SAMPLES]
    return replace(
        current,
        finding=min(current.finding, seen.finding, key=lambda finding: _shortest(finding.url)),
        first_seen=min(current.first_seen, seen.first_seen),
        last_seen=max(current.last_seen, seen.last_seen),
        occurrences=current.occurrences + new_page,
        samples=tuple(samples),
        state=_state_when_seen(current, seen),
        resolved_at=None,
    )


def _seen_anew(current: Record, seen: Record) -> Record:
    return replace(
        seen,
        first_seen=min(current.first_seen, seen.first_seen),
        state=_state_when_seen(current, seen),
        review=current.review,
    )


def _state_when_seen(current: Record, seen: Record) -> State:
    if current.state is not State.RESOLVED:
        return current.state
    if current.resolved_at and seen.last_seen <= current.resolved_at:
        # Late news, from a spool: the sweep came to its verdict without this page, so nothing was ever resolved.
        return current.review.state if current.review else State.OPEN
    return State.REOPENED


def _shortest(url: str) -> tuple[int, str]:
    return len(url), url

"""What an answer of a host means for its page in the frontier."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

from govcrawl.crawl.fetching import Fetched
from govcrawl.frontier.model import Child, Lease, Outcome, Reason, Result
from govcrawl.kit.clock import utc_now

# Longer waits are cut: the frontier has its own cap, and a header must not park a site for a year.
_MAX_WAIT = timedelta(days=1).total_seconds()
_MARKUP = ("text/html", "application/xhtml", "text/xml", "application/xml", "application/rss", "application/atom")
_LOOK_BYTES = 1024
# A whole page. What has no content, is a piece, or moves without saying where was not had.
_PAGES = (200, 203)
_VERDICTS = {
    403: (Outcome.DEAD, Reason.BLOCKED),
    408: (Outcome.RETRY, Reason.TIMEOUT),
    412: (Outcome.DEAD, Reason.BLOCKED),  # what the usual shield of these sites answers to anything without its script
    425: (Outcome.RETRY, Reason.HTTP_4XX),
    429: (Outcome.RETRY, Reason.THROTTLED),
    501: (Outcome.DEAD, Reason.HTTP_5XX),
    505: (Outcome.DEAD, Reason.HTTP_5XX),
}


def result_of(lease: Lease, fetched: Fetched, children: tuple[Child, ...] = (), *, conditional: bool = False) -> Result:
    """`conditional`: the host was told what we have of the page."""
    outcome, reason = _verdict(fetched, conditional)
    return Result(
        lease,
        outcome,
        reason,
        fetched.status,
        fetched.seconds,
        wait_seconds(fetched.headers.get("retry-after", "")),
        children,
        len(fetched.body),
    )


def is_redirect(fetched: Fetched) -> bool:
    return fetched.status in (301, 302, 303, 307, 308) and "location" in fetched.headers


def is_markup(fetched: Fetched) -> bool:
    """By its type, or by its look where the type says nothing."""
    kind = fetched.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(_MARKUP):
        return True
    start = fetched.body[:_LOOK_BYTES].lower()
    return kind in ("", "text/plain", "application/octet-stream") and (b"<html" in start or b"<!doctype html" in start)


def _verdict(fetched: Fetched, conditional: bool) -> tuple[Outcome, Reason | None]:
    status = fetched.status
    if status in _PAGES or (status == 304 and conditional) or is_redirect(fetched):
        return Outcome.DONE, None
    if status < 400:
        return Outcome.DEAD, Reason.BAD_RESPONSE
    if status == 503 and "retry-after" in fetched.headers:
        return Outcome.RETRY, Reason.THROTTLED
    if status in _VERDICTS:
        return _VERDICTS[status]
    return (Outcome.DEAD, Reason.HTTP_4XX) if status < 500 else (Outcome.RETRY, Reason.HTTP_5XX)


def reason_of_status(status: int) -> Reason:
    """The word for an answer that is no page, whatever becomes of it."""
    verdict = _VERDICTS.get(status, (Outcome.DEAD, None))[1]
    return verdict or (Reason.HTTP_5XX if status >= 500 else Reason.HTTP_4XX if status >= 400 else Reason.BAD_RESPONSE)


def wait_seconds(header: str) -> float | None:
    """Seconds of a Retry-After, which is a number or a date."""
    if not header:
        return None
    if header.strip().isdecimal():
        return min(float(header), _MAX_WAIT)
    try:
        moment = parsedate_to_datetime(header)
        seconds = (moment - utc_now()).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):  # all of them on dates that no calendar has
        seconds = 0.0
    return min(max(seconds, 0.0), _MAX_WAIT) or None

"""How one column stands on a day against its interval."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from govcrawl.audit.dossier import ColumnCase
from govcrawl.audit.indicators import Undated, Window
from govcrawl.kit.clock import CHINA
from govcrawl.sites.model import Column
from govcrawl.sites.whole import NO_OLDER
from govcrawl.store.protocol import ColumnRecord


class Standing(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stand:
    """`since` is the day of the last update as far as it is known; `why` says in words what the judgement rests on."""

    standing: Standing
    why: str
    since: date | None = None


def stand(case: ColumnCase, window: Window, day: date, undated: Undated) -> Stand:
    """Days on the page decide; a list without any is judged by what changed between the stored visits."""
    oldest = window.oldest(day)
    newest = _newest(case, oldest, day)
    if newest and newest >= oldest:
        return Stand(Standing.FRESH, f"updated on {newest}", newest)
    if not case.column.inspected:
        return Stand(Standing.UNKNOWN, case.column.reason or "the list could not be read")
    if newest:
        return _old(case, window, day, newest)
    return _undated(case, window, day, undated)


def _newest(case: ColumnCase, oldest: date, day: date) -> date | None:
    """An entry that an earlier visit saw and that is gone since was an update all the same; one after `day` saves nothing. Later pages of a
    list whose first one has no days may show it to be alive, and never to be dead.
    """
    seen = [visit.column for visit in case.visits if oldest <= seen_on(visit) <= day]
    days = {
        shown
        for column in (case.column, *seen)
        if column.inspected
        for shown in (column.newest, *column.item_dates)
        if shown and (shown >= oldest or column.reason not in NO_OLDER)
    }
    return max((shown for shown in days if shown <= day), default=None)


def _old(case: ColumnCase, window: Window, day: date, newest: date) -> Stand:
    """A visit that is itself older than the day of judgement says nothing of what came after it."""
    seen = seen_on(case.visits[-1]) if case.visits else day
    if seen < day and newest >= window.oldest(seen):
        return Stand(Standing.UNKNOWN, f"was in time when it was last visited on {seen}; visit it again", newest)
    noted = f"; {case.column.reason}" if case.column.reason else ""
    return Stand(Standing.STALE, f"last updated {newest}, {(day - newest).days} days ago; limit {window.words}{noted}", newest)


def _undated(case: ColumnCase, window: Window, day: date, undated: Undated) -> Stand:
    visits = [visit for visit in case.visits if visit.column.inspected and visit.column.items]
    if not visits:
        return Stand(Standing.UNKNOWN, "no entry carries a day and no visit is stored; needs 2 visits")
    last = visits[-1]
    since = last
    # A later page that only some of them saw brings entries of its own.
    alike = [visit for visit in visits if len(visit.column.pages) == len(last.column.pages)]
    for visit in reversed(alike):
        if _top(visit.column) != _top(last.column):
            return _changed(visit, since, window, day)
        since = visit
    limit = window.oldest(seen_on(last))
    if seen_on(since) <= limit:
        return Stand(Standing.STALE, f"no day, and the same entries on every visit since {seen_on(since)}", seen_on(since))
    if undated is Undated.STALE:
        return Stand(Standing.STALE, "no entry carries a day, which counts as not updated")
    ahead = seen_on(last) - limit
    return Stand(
        Standing.UNKNOWN,
        f"no entry carries a day; needs another visit on or after {seen_on(since) + ahead}, {len(visits)} stored",
    )


def _changed(before: ColumnRecord, after: ColumnRecord, window: Window, day: date) -> Stand:
    """Something came between two visits: the earlier one is the earliest day that it can have been."""
    least, most = seen_on(before), seen_on(after)
    if least >= window.oldest(day):
        return Stand(Standing.FRESH, f"no day, but the entries changed between {least} and {most}", most)
    if most < window.oldest(day):
        return Stand(Standing.STALE, f"no day, and the same entries on every visit since {most}", most)
    return Stand(
        Standing.UNKNOWN, f"no entry carries a day; changed between {least} and {most}, which may be in time or not", most
    )


def _top(column: Column) -> tuple[str, str, int]:
    return column.newest_url, column.newest_title, column.items


def seen_on(visit: ColumnRecord) -> date:
    return visit.seen_at.astimezone(CHINA).date()

"""One column in a few words: its state against its interval, and what its stored visits tell."""

from datetime import date

from govcrawl.audit.dossier import ColumnCase
from govcrawl.audit.indicators import IndicatorSet
from govcrawl.audit.standing import Stand, Standing, seen_on, stand
from govcrawl.sites.model import Column
from govcrawl.sites.whole import NO_OLDER


def state_of(case: ColumnCase, indicators: IndicatorSet, day: date) -> str:
    """`fresh`, `stale 27 days over`, `blank`, `not inspected`, `undated`, or "" where no indicator gives an interval."""
    if case.blank:
        return "blank"
    windows = (one.window_for(case.column) for one in indicators.indicators)
    window = next((window for window in windows if window), None)
    if window is None:
        return "" if case.column.inspected else "not inspected"
    return _words(stand(case, window, day, indicators.undated), window.oldest(day), case.column)


def _words(found: Stand, oldest: date, column: Column) -> str:
    if found.standing is Standing.STALE and found.since:
        return f"stale, {(oldest - found.since).days} days over"
    if found.standing is not Standing.UNKNOWN:
        return str(found.standing)
    if not column.inspected:
        return "not inspected"
    return "undated" if column.newest is None or column.reason in NO_OLDER else "to be visited again"


def trend(case: ColumnCase) -> str:
    """What changed over the stored visits: `first visit`, `3 visits, 2025-10-01 -> 2025-11-20`, `3 visits, unchanged since ...`."""
    visits = case.visits
    if len(visits) < 2:
        return "first visit"
    first, last = visits[0].column, visits[-1].column
    number = f"{len(visits)} visits"
    if _shown(first) == _shown(last):
        return f"{number}, unchanged since {seen_on(visits[0])}"
    if first.newest and last.newest and first.newest != last.newest:
        return f"{number}, {first.newest} -> {last.newest}"
    return f"{number}, {first.items} -> {last.items} items" if first.items != last.items else f"{number}, entries changed"


def _shown(column: Column) -> tuple[object, ...]:
    return column.newest, column.newest_title, column.newest_url, column.items

"""The home page against its window, and what is below it where it only leads on."""

from datetime import date

from govcrawl.audit.dossier import ColumnCase, Dossier, is_home
from govcrawl.audit.indicators import Indicator, Undated
from govcrawl.audit.ruling import Instance, Outcome, Ruling
from govcrawl.audit.standing import Stand, Standing, stand
from govcrawl.findings.model import Category, State
from govcrawl.page.columns import NO_NEWS_AT_HOME
from govcrawl.sites.model import ColumnClass

# What stands still by its nature tells nothing of news, dated or not.
_STILL = frozenset({ColumnClass.STATIC, ColumnClass.SERVICE, ColumnClass.ARCHIVE, ColumnClass.EXTERNAL})


def home_page(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:
    """A home page without dated entries leads on: then one fresh column saves the site, and only all of them condemn it."""
    home = next((case for case in dossier.cases if is_home(case)), None)
    if home is None:
        words = "the home page could not be read" if not dossier.read else "no page was recognised as the home page"
        return Ruling(indicator, Outcome.UNDECIDED, words, missing="a crawl that reads the home page")
    found = stand(home, indicator.counting[0], dossier.day, undated)
    if home.column.reason == NO_NEWS_AT_HOME:
        found = _below(dossier, indicator, undated)
    if dossier.said_of(home, Category.STALE_COLUMN) is State.IGNORED and found.standing is Standing.STALE:
        return Ruling(indicator, Outcome.HELD, f"{found.why}; a person found it in order", value=0)
    return _ruling(indicator, home, found)


def _ruling(indicator: Indicator, home: ColumnCase, found: Stand) -> Ruling:
    instance = Instance("首页", home.column.url, found.why)
    if found.standing is Standing.UNKNOWN:
        return Ruling(indicator, Outcome.UNDECIDED, found.why, most=1, open=(instance,), missing=found.why)
    if found.standing is Standing.FRESH or not indicator.reached(1):
        return Ruling(indicator, Outcome.HELD, found.why, value=0)
    outcome = Outcome.FELL if indicator.verified else Outcome.REVIEW
    return Ruling(indicator, outcome, found.why, value=1, counted=(instance,))


def _below(dossier: Dossier, indicator: Indicator, undated: Undated) -> Stand:
    window = indicator.counting[0]
    below = [case for case in dossier.cases if not is_home(case) and not case.blank and case.column.column_class not in _STILL]
    stands = [stand(case, window, dossier.day, undated) for case in below]
    fresh = [one for one in stands if one.standing is Standing.FRESH]
    if fresh:
        return Stand(Standing.FRESH, "the home page shows no dated entry; below it " + fresh[0].why, fresh[0].since)
    unknown = sum(one.standing is Standing.UNKNOWN for one in stands)
    if not stands or unknown or not dossier.complete:
        words = f"{unknown} of {len(stands)} columns below it could not be judged" if stands else "no column was seen below it"
        part = "" if dossier.complete else f"; the site was read in part ({dossier.report.reason})"
        return Stand(Standing.UNKNOWN, f"the home page shows no dated entry and {words}{part}")
    newest = max((one.since for one in stands if one.since), default=date.min)
    return Stand(Standing.STALE, f"the home page shows no dated entry, and no column below it any after {newest}", newest)

"""Every rule of the leak family behind one keyword filter, and what a page sets off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from govcrawl.detectors.leaks import checks, numbers
from govcrawl.detectors.leaks.quoted import is_quoted
from govcrawl.detectors.leaks.view import view_of
from govcrawl.detectors.overlay import NONE, PREFIX, Overlay
from govcrawl.detectors.registry import all_detectors
from govcrawl.detectors.rules import Hit, Rule
from govcrawl.detectors.rules_engine import RuleSet
from govcrawl.detectors.rules_load import RuleError, load_package
from govcrawl.page.model import Page

PACKAGE = "govcrawl.detectors.leaks"
FILES = (
    "errors.toml",
    "listings.toml",
    "exposures.toml",
    "keys.toml",
    "platforms.toml",
    "passwords.toml",
    "tokens.toml",
    "vendors.toml",
    "internals.toml",
)
# Words that set off a judgement in code; they ride on the same automaton as the keywords of the rules.
_TRIGGERS = {
    "names": (
        "姓名",
        "姓 名",
        "姓&nbsp;",
        "姓　",
        "户主",
        "患者",
        "持卡人",
        "申请人",
        "学生",
        "考生",
        "旅客",
        "当事人",
        "残疾人",
    ),
    "marks": (
        "★",
        "☆",
        "&#9733;",
        "&#9734;",
        "注意保",
        "外传",
        "工作秘密",
        "密码电报",
        "仅供内部",
        "不予公开",
        "妥善保管",
        "严禁翻印",
    ),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What one pass over a page found: hits of the rules, and what the other detectors have to look at."""

    hits: tuple[Hit, ...]
    triggers: frozenset[str]


_CHANGED = [NONE]
_ALARMS: WeakKeyDictionary[Page, Alarm] = WeakKeyDictionary()


@cache
def rules_of(name: str) -> tuple[Rule, ...]:
    return tuple(load_package(PACKAGE, [name]))


def overlay_with(overlay: Overlay) -> None:
    """For the whole process, before its first page. Raises RuleError where an id is taken or names nothing."""
    known = {rule.id for name in FILES for rule in rules_of(name)}
    if taken := sorted(known & {rule.id for rule in overlay.rules}):
        raise RuleError(
            f"{', '.join(taken)}: an id of a built-in rule; call it otherwise, or name it in disabledRules and call yours {PREFIX}/..."
        )
    if unknown := sorted(name for name in overlay.disabled if name not in known | {one.id for one in all_detectors()}):
        raise RuleError(
            f"disabledRules: no rule or detector {', '.join(unknown)}; `govcrawl findings show` names the rule of a finding"
        )
    for rule in overlay.rules:
        if rule.validator and rule.validator not in checks.VALIDATORS:
            raise RuleError(f"{rule.id}: unknown validator {rule.validator!r}; use one of {', '.join(checks.VALIDATORS)}")
    before, _CHANGED[0] = _CHANGED[0], overlay
    rule_set.cache_clear()
    try:
        rule_set()
    except ValueError as fault:
        _CHANGED[0] = before
        raise RuleError(str(fault)) from fault


def own_rules() -> frozenset[str]:
    return frozenset(rule.id for rule in _CHANGED[0].rules)


@lru_cache(maxsize=1)
def rule_set() -> RuleSet:
    triggers = [
        Rule(id=name, title=name, keywords=tuple(word.encode() for word in words), targets=frozenset())
        for name, words in _TRIGGERS.items()
    ]
    overlay = _CHANGED[0]
    shipped = (rule for name in FILES for rule in rules_of(name))
    return RuleSet.of([*triggers, *shipped, *overlay.rules], overlay.allowlists, checks.VALIDATORS, overlay.disabled)


def alarm_on(page: Page) -> Alarm:
    """One pass over the page for all rules; each detector takes what is its own."""
    alarm = _ALARMS.get(page)
    if alarm is None:
        alarm = _ALARMS[page] = _alarm(page)
    return alarm


def sets_off_a_rule(page: Page) -> bool:
    return bool(alarm_on(page).hits)


def has_long_numbers(page: Page) -> bool:
    """Whether it may hold numbers of identity cards or bank cards."""
    return "numbers" in alarm_on(page).triggers


def _alarm(page: Page) -> Alarm:
    view, rules = view_of(page), rule_set()
    called = [(piece, rules.candidates(piece.data)) for piece in view.pieces]
    triggers = {rules.rules[number].id for _, called_for in called for number in called_for} & _TRIGGERS.keys()
    if any(numbers.maybe(piece.data) for piece in view.readings):
        triggers.add("numbers")
    hits = [
        hit
        for hit in rules.judge(called, view.status, view.headers)
        if hit.rule.stands != "unquoted" or hit.piece.target != "source" or not is_quoted(view, hit.start, hit.end)
    ]
    return Alarm(tuple(_once(hits)), frozenset(triggers))


def _once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """One finding a secret: where two rules see the same characters, the earlier rule of the files is the more exact one."""
    taken: set[tuple[int, int]] = set()
    for hit in hits:
        place = (id(hit.piece), hit.secret_start)
        if hit.rule.mask == "secret" and place in taken:
            continue
        taken.add(place)
        yield hit

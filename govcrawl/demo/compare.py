"""What the inspection found, against the answer sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from govcrawl.demo.sheet import Check, Plant
from govcrawl.demo.web import Web
from govcrawl.findings.model import Record


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison. `right` is what decides the exit status."""

    kind: str  # planted, look-alike, crawl, elsewhere
    family: str
    about: str
    url: str
    said: str
    right: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a crawl of the demo web left behind: findings, the state of each host's site, and what its web was asked for."""

    records: tuple[Record, ...]
    states: Mapping[str, str]
    asked: Mapping[str, int]


def compare(web: Web, seen: Seen) -> list[Line]:
    return [
        *(_planted(web, plant, seen) for plant in web.sheet.planted),
        *(_look_alike(web, plant, seen) for plant in web.sheet.look_alikes),
        *(_check(check, seen) for check in web.sheet.checks),
        *_elsewhere(web, seen),
    ]


def _pages(record: Record) -> set[str]:
    return {record.finding.url, *record.samples}


def _answers(record: Record, plant: Plant, url: str) -> bool:
    finding = record.finding
    return finding.category == plant.category and finding.rule.id.startswith(plant.rule) and url in _pages(record)


def _planted(web: Web, plant: Plant, seen: Seen) -> Line:
    url = web.addresses[plant]
    rules = sorted({record.finding.rule.id for record in seen.records if _answers(record, plant, url)})
    return Line("planted", plant.category, plant.about, url, rules[0] if rules else "MISSED", bool(rules))


def _look_alike(web: Web, plant: Plant, seen: Seen) -> Line:
    """Right where nothing is found on its page but what was planted there on purpose."""
    url = web.addresses[plant]
    false = [record.finding.rule.id for record in seen.records if url in _pages(record) and not _wanted(web, record)]
    return Line("look-alike", "", plant.about, url, f"FLAGGED by {false[0]}" if false else "clean", not false)


def _wanted(web: Web, record: Record) -> bool:
    """Some planted fault of its category stands on one of its pages."""
    return any(
        record.finding.category == plant.category and web.addresses[plant] in _pages(record) for plant in web.sheet.planted
    )


def _check(check: Check, seen: Seen) -> Line:
    url = f"http://{check.site}{check.page or '/'}" if not check.page.startswith("http") else check.page
    if check.kind == "failed":
        state = seen.states.get(check.site, "without a state")
        return Line("crawl", "availability", check.about, url, state, state.startswith("failed"))
    times = seen.asked.get(url, 0)
    fetched = check.kind == "fetched"
    return Line("crawl", "", check.about, url, "fetched" if times else "never asked for", bool(times) is fetched)


def _elsewhere(web: Web, seen: Seen) -> Iterator[Line]:
    """Every finding on a page where the sheet has nothing at all."""
    alike = {web.addresses[plant] for plant in web.sheet.look_alikes}
    for record in seen.records:
        if not _wanted(web, record) and not alike & _pages(record):
            finding = record.finding
            yield Line("elsewhere", finding.category, finding.title, finding.url, f"FLAGGED by {finding.rule.id}", False)

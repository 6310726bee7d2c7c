"""Active probes of a host whose owner agreed to them: known addresses asked for one by one, beside its home page."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from govcrawl.crawl.beside import Beside
from govcrawl.crawl.fetching import FetchError, bypasses
from govcrawl.crawl.study import Study
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.leaks.probes import BUDGET, Answer, Probe, nameless, plan, proofs
from govcrawl.frontier.model import PageClass, Reason
from govcrawl.kit.clock import monotonic
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import bare_host, host_of
from govcrawl.page.attachments import Extracted, sniff
from govcrawl.page.model import Page

PACE_SECONDS = 1.0  # between two probes, however short the delay of the host is
# Enough to tell what it is. Where a range is asked for, no more than the range is read, whatever the server sends.
_MOST_BYTES = 64 * 1024
_RANGE_BYTES = 512
_SITE_SECONDS = 1200.0  # waiting for turns included: 60 probes of a host with a delay of 20 seconds
_FAULTS = 3  # answers in a row that could not be had: a host in trouble is left alone
_REMEMBERED = 50_000
_WHAT = "probes"
Gap = tuple[str, str, str]


class Probing:
    """`agreed` is the word list of GOVCRAWL_PROBES. Beside what leaks, spam for any path and for any name of the domain is looked for.

    Bodies are judged in memory and dropped; findings carry masked evidence only.
    """

    def __init__(self, beside: Beside, inspector: Inspector, agreed: str, study: Study) -> None:
        self._beside, self._agreed, self._study = beside, agreed, study
        self._leaks, self._spam = inspector.of("leaks/"), inspector.of("dark-links/")
        self._asked: Kept[tuple[str, str], bool] = Kept(_REMEMBERED)

    async def bring(self, visit: Visit, page: Page) -> list[Gap]:
        """Adds to the notes of a home page what its host gives away. Returns what was not inspected: address, what, reason."""
        if not self._due(visit):
            return []
        answers: list[Answer] = []
        left: Counter[str] = Counter()
        try:
            async with asyncio.timeout(_SITE_SECONDS):
                await self._ask(visit, plan(page.url, visit.errand.lease.campaign), answers, left)
        except TimeoutError:
            left["timeout"] += 1
        for answer in proofs(answers):
            await self._judge(visit, page, answer, self._leaks)
        # Spam for whatever is asked for: any path, any name of the domain.
        for answer in [*(answer for answer in answers if answer.probe.baseline), *await self._nameless(visit, page)]:
            if answer.status == 200:
                await self._judge(visit, page, answer, self._spam)
        if not any(answer.probe.baseline for answer in answers):
            left["no baseline"] += 1
        return [(page.url, _WHAT, f"{number} of {BUDGET}: {reason}") for reason, number in sorted(left.items())]

    def _due(self, visit: Visit) -> bool:
        lease = visit.errand.lease
        site = (lease.campaign, lease.host)
        if lease.page_class is not PageClass.HOME or not bypasses(bare_host(lease.host), self._agreed) or site in self._asked:
            return False
        self._asked.put(site, True)
        return True

    async def _ask(self, visit: Visit, probes: Sequence[Probe], answers: list[Answer], left: Counter[str]) -> None:
        faults, asked = 0, monotonic() - PACE_SECONDS
        for number, probe in enumerate(probes):
            if faults >= _FAULTS or visit.errand.lease.host in visit.errand.closed:
                left["the host is in trouble"] += len(probes) - number
                break
            await asyncio.sleep(max(0.0, asked + PACE_SECONDS - monotonic()))
            try:
                answers.append(await self._answer(visit, probe))
                asked, faults = monotonic(), 0
            except FetchError as fault:
                left[fault.reason.value] += 1
                if fault.reason is not Reason.ROBOTS:  # which costs no request
                    asked, faults = monotonic(), faults + 1

    async def _nameless(self, visit: Visit, page: Page) -> list[Answer]:
        """What hosts show that nobody named, where two of them answer; most domains have none such."""
        answers: list[Answer] = []
        for url in nameless(page.url, visit.errand.lease.campaign):
            if not bypasses(bare_host(host_of(url)), self._agreed):
                break
            try:
                answers.append(await self._answer(visit, Probe("GET", url)))
            except FetchError:
                break
        return answers if len(answers) > 1 else []

    async def _answer(self, visit: Visit, probe: Probe) -> Answer:
        most = _RANGE_BYTES if probe.ranged else _MOST_BYTES
        # Unpacking needs the whole body, and only its beginning is wanted.
        headers = {"Accept-Encoding": "identity", **dict(probe.headers)}
        fetched = await self._beside.peek(visit.errand, probe.method, probe.url, headers, most)
        return Answer(probe, fetched.status, fetched.body, fetched.headers.get("location", ""), fetched.headers)

    async def _judge(self, visit: Visit, home: Page, answer: Answer, inspector: Inspector) -> None:
        """The passive detectors look at the answer as if a link had led to it."""
        page = _page(answer, home)
        inspection = await self._study.go_on(page, partial(inspector.inspect, page, visit.errand.assignment.context))
        visit.note(inspection, page.url)


def _page(answer: Answer, home: Page) -> Page:
    headers: Mapping[str, str] = answer.headers
    page = Page(answer.probe.url, answer.body, 200, headers, home.today)
    # A piece of a file is not to be read by its format.
    return (
        Page(answer.probe.url, answer.body, 200, headers, home.today, extracted=Extracted(sniff(answer.body)))
        if page.is_document
        else page
    )

"""What a round of a standing campaign asks of a page that an earlier one read, and what it leaves behind for the next."""

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

from msgspec import structs

import govcrawl
from govcrawl.crawl.visit import Visit
from govcrawl.findings import mask
from govcrawl.frontier.model import Lease, Outcome, PageClass, Result
from govcrawl.page.earlier import remembered
from govcrawl.page.model import Page

# Judged in each round: what was fresh is stale a month later, though nobody has touched it.
_BY_THE_DAY = (PageClass.HOME, PageClass.COLUMN)
# Clocks, visitors and days: they change by themselves.
_PASSING = re.compile(r"[\d\s]+")
_JUDGES = ("page", "detectors")


def conditions(lease: Lease, judged_by: str) -> dict[str, str]:
    """Headers of a conditional request (RFC 9110, 13.1); {} where an answer without a body would not do."""
    if lease.judged_by != judged_by:
        return {}
    found = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in found.items() if value}


def settled(visit: Visit, page: Page, judged_by: str) -> Result:
    """The result of a visit that lets the next rounds leave its page alone for a while, where all of it was looked at and nothing around
    it decides what it is; else the result as it was. In either an article leaves a memo.
    """
    lease, result = visit.errand.lease, visit.result
    if result.outcome is not Outcome.DONE or result.status != 200:
        return result
    if kept := remembered(page) if visit.markup else None:
        result = structs.replace(result, memo=kept.packed())
    judged_anew = lease.page_class in _BY_THE_DAY or visit.notes.columns or page.answers
    # A finding on it is stored under the masked address, which the frontier does not know.
    if judged_anew or visit.notes.not_inspected or mask.url(lease.url) != lease.url:
        return result
    etag, moment = page.headers.get("etag", ""), page.headers.get("last-modified", "")
    return structs.replace(result, signature=signature(page), etag=etag, last_modified=moment, judged_by=judged_by)


def signature(page: Page) -> str:
    """64 bits of what the page says, in hexadecimal: its words and where its links lead, without their numbers."""
    digest = blake2b(digest_size=8)
    if page.is_document:
        digest.update(page.body)
    else:
        digest.update(_PASSING.sub("", page.text).encode("utf-8", "surrogatepass"))
        for url in sorted({_PASSING.sub("", link.url) for link in page.links}):
            digest.update(url.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def judges(*said: Path | None) -> str:
    """A mark of all that pages are judged by: the program's own rules and the files that the operator adds."""
    digest, root = blake2b(digest_size=2), Path(govcrawl.__file__).parent
    own = [file for part in _JUDGES for file in sorted((root / part).rglob("*.*")) if file.suffix != ".pyc"]
    for file in [*own, *filter(None, said)]:
        digest.update(file.read_bytes())
    return digest.hexdigest()

"""A directory in which most pages advertise spam: put there for search engines, not by the site."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from govcrawl.detectors.base import Context, Detector, Directory, Example, SiteView
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.directories import merged
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity

FEWEST = 5  # a finding shows as many addresses; fewer pages are soon read one by one
MOST = 0.5  # of the inspected pages: words of spam that no list knows leave many a doorway page without a finding of its own
NEARLY_ALL = 0.8
MANY = 20
_CHANGE = re.compile(r"[a-z](?=\d)|\d(?=[a-z])", re.IGNORECASE)  # letters and digits take turns in names that a program made up
_MADE_UP = 2
_HOME = "<title>青山县人民政府</title><a href='/zwgk/'>政务公开</a><a href='/xwzx/'>新闻中心</a>"
_WORDS = ("bet365官网", "时时彩平台", "百家乐真人娱乐", "澳门新葡京开户", "北京赛车pk10", "皇冠体育投注")


def _spam(directory: str, number: int, suffix: str = ".html") -> dict[str, str]:
    pages = ((f"{directory}a{n}k{7 * n}{suffix}", _WORDS[n % len(_WORDS)]) for n in range(number))
    return {f"http://www.qingshan.gov.cn/{path}": f"<title>{word}_{word}</title><p>{word}" for path, word in pages}


def _news(directory: str, number: int, title: str = "关于{n}号工作情况的报道") -> dict[str, str]:
    base = f"http://www.qingshan.gov.cn/{directory}"
    return {f"{base}content_{n}.html": f"<title>{title.format(n=n)}</title><p>现将有关情况通报如下。" for n in range(number)}


class DoorwayDirectory(Detector):
    """What each page says has a finding of its own; this one is what to delete. A new section of the site carries no spam, and spam that
    the home page or several columns carry, too, stands in the template of the site. Made-up names make it surer and are not needed.
    """

    id = "dark-links/doorway-directory"
    title = "Directory of doorway pages"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.MEDIUM
    indicators = ("V1",)
    builds_on = ("dark-links/spam-title", "dark-links/title-swap", "dark-links/link-farm")
    flagged = (
        Example(_HOME, "twelve pages in a directory of their own", others=_spam("upload/bet/", 12) | _news("xwzx/", 20)),
        Example(_HOME, "each page in a directory of its own", others=_spam("zt/x", 8, "/") | _news("zt/", 3) | _news("xwzx/", 9)),
        Example(_HOME, "beside the home page, addresses with a query", others=_spam("?", 9, "") | _news("xwzx/", 20)),
    )  # fmt: skip
    clean = (
        Example(_HOME, "four pages are findings, but no directory", others=_spam("upload/bet/", 4) | _news("xwzx/", 20)),
        Example(_HOME, "some pages of a section were changed", others=_spam("xwzx/", 6) | _news("xwzx/", 12)),
        Example(_HOME, "a new section about a campaign against gambling", others=_news("fandu/", 20, "严厉打击网络赌博 {n}号典型案例")),
        Example(
            "<title>bet365官网-青山县人民政府</title>", "the template of all pages was changed, the home page with it",
            others=_news("xwzx/", 8, "bet365官网-青山县人民政府") | _news("zwgk/", 8, "bet365官网-青山县人民政府"),
        ),
    )  # fmt: skip
    misses = (Example(_HOME, "doorway pages among more pages of a section", others=_spam("xwzx/", 12) | _news("xwzx/", 20)),)

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for host, directories in _by_part(view.directories, 1).items():
            for found in _doorways(host, directories):
                yield self._stated(found)

    def _stated(self, found: Directory) -> Finding:
        scheme = found.samples[0].partition("://")[0]
        share = found.faulty / found.pages
        names = sum(_is_made_up(url) for url in found.samples)
        sure = share >= NEARLY_ALL and (found.faulty >= MANY or names > len(found.samples) / 2)
        words = "、".join(found.words)
        return self.finding(
            f"{scheme}://{found.address}",
            f"doorway\n{found.address.removeprefix('www.')}",
            f"{found.faulty} of {found.pages} pages: {words}",
            reason=f"{found.faulty} of the {found.pages} pages that were inspected in this directory advertise spam",
            locator=f"/{found.address.partition('/')[2]}*",
            confidence=Confidence.HIGH if sure else None,
            extra={
                "technique": mask.text("doorway-directory"),
                "spam_pages": found.faulty,
                "inspected_pages": found.pages,
                "share": round(share, 2),
                "words": mask.text(words),
                "since": mask.text(found.first_seen.date().isoformat() if found.first_seen else ""),
                "block": mask.text("; ".join(map(defanged, found.samples)), 1500),
            },
        )


def _doorways(host: str, directories: Sequence[Directory]) -> Iterator[Directory]:
    """Of a host: the topmost directories mostly made of spam. What lies in none of them, be it in the root or in directories of a page or
    two, counts for the root.
    """
    left = []
    for part in _by_part(directories, 2).values():
        found = list(_topmost(part, 2))
        yield from found
        if not found and _is_spam(merged(host, part), fewest=1):
            left += part
    left += [one for one in directories if one.address == host and one not in left]
    if _is_spam(whole := merged(host, left)):
        yield whole


def _topmost(directories: Sequence[Directory], level: int) -> Iterator[Directory]:
    """`directories` are below a common one, whose path has so many parts with the host."""
    whole = merged(_cut(directories[0].address, level), directories)
    if whole.faulty < FEWEST:
        return
    parts = _by_part([one for one in directories if one.address != whole.address], level + 1)
    inner = max(parts.values(), key=lambda part: sum(one.faulty for one in part), default=())
    if _is_spam(whole):
        narrow = sum(one.faulty for one in inner) >= NEARLY_ALL * whole.faulty
        found = list(_topmost(inner, level + 1)) if narrow else []
        yield from found or [whole]
        return
    for part in parts.values():
        yield from _topmost(part, level + 1)


def _is_spam(found: Directory, fewest: int = FEWEST) -> bool:
    # Of pages that this round could not have the findings of the last one stand, and nobody knows how many are clean.
    return fewest <= found.faulty <= found.pages and found.faulty > MOST * found.pages


def _by_part(directories: Sequence[Directory], level: int) -> dict[str, list[Directory]]:
    """Those that are as deep, by the first so many parts of their addresses."""
    found: dict[str, list[Directory]] = defaultdict(list)
    for one in directories:
        if one.address.count("/") >= level:
            found[_cut(one.address, level)].append(one)
    return found


def _cut(address: str, level: int) -> str:
    return "/".join(address.split("/")[:level]) + "/"


def _is_made_up(url: str) -> bool:
    name = url.rstrip("/").rpartition("/")[2].partition(".")[0]
    return len(_CHANGE.findall(name)) >= _MADE_UP

"""Blocks that only exist to be found: search-engine phrases run together, or many unrelated sites in a row."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import Block, weights
from govcrawl.detectors.dark_links.evidence import facts_of, identity_of, target_of, words_of
from govcrawl.detectors.dark_links.folding import fold, original, origins
from govcrawl.detectors.dark_links.vocabulary import Hit, Vocabulary, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.decode import decode
from govcrawl.page.model import Page

FARM_DOMAINS = 8  # detection: 1.2 X3
FARM_SHARE = 0.4
MIXED_DOMAINS = 15  # honest lists had no two of the trades below, even where they name ten domains
MIXED_TRADES = 3
FARM_WORDS = 14
FARM_COVER = 0.2
FARM_GAP = 16  # characters of place names and the like between two phrases
_SIGNS = ("优化", "推广")
_LEAST_SIGNS = 6
_LEAST_PLAIN = FARM_WORDS // 2  # phrases written plainly; a farm wants to be found by them
_SEO = "seo"
# Adult education, loans and web design also stand in honest lists; words of these that are plain spam weigh by themselves.
_TRADES = frozenset(("gambling", "forgery", "medical", "game", "contraband", "surrogacy", "counterfeit", "easy-money"))
_ENCODINGS = ("utf-8", "gb18030")  # in which equal characters are equal bytes
_SENTENCE = re.compile(r"[，,、；;：:。.！!？?]")


class LinkFarm(Detector):
    """Friend links name institutions; a farm names what people search for, without commas, over and over, or trades that share nothing."""

    id = "dark-links/link-farm"
    title = "Link farm or run-together search phrases"
    category = Category.DARK_LINK
    severity, confidence = Severity.MEDIUM, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example("<footer>" + "坂田网站优化沙井seo按天扣费横岗标王南山网络推广民治百度竞价大鹏网站建设福永网站优化永湖标王盐田营销网站坪地网站推广龙岗seo优化东莞网站制作惠州百度推广" * 2 + "</footer>", "a footer without one comma"),
        Example("<p>" + "".join(f'<a href="http://s{n}.test{n}.com/">{word}</a>' for n, word in enumerate(["seo优化", "网站推广", "百度竞价", "标王", "关键词排名", "网站建设", "搜索优化", "刷流量", "网站优化"])) + "</p>", "nine unrelated sites, all about being found"),
        Example("<p>" + "".join(f'<a href="http://s{n}.test{n}.com/">{word}</a>' for n, word in enumerate(["军事网", "青山男科医院", "公路网", "文学网", "人力资源网", "信息网", "校园招聘网", "自考毕业证", "小说网", "汽车展览会", "铝合金门窗", "家教网", "办公家具回收", "土工布", "实战彩票网", "佛教用品"])) + "</p>", "sixteen unrelated sites, among them a clinic, forged papers and a lottery"),
    )  # fmt: skip
    clean = (
        Example("<p>本局对政府网站进行优化，推广政务新媒体，网站建设管理进一步加强，网站内容保障、网站安全、搜索优化、网络推广等工作稳步推进。</p>" * 4, "a report about a site"),
        Example("<p>友情链接：" + "".join(f'<a href="http://w{n}.city{n}.com/">第{n}中学</a>' for n in range(12)) + "</p>", "friend links"),
        Example("<p>友情链接：" + "".join(f'<a href="http://w{n}.city{n}.com/">{word}</a>' for n, word in enumerate(["军事网", "妇科医院", "公路网", "文学网", "人力资源网", "信息网", "校园招聘网", "成人高考", "福利彩票", "汽车展览会", "网站建设", "家教网", "毕业证查询", "土工布", "旅游网", "小额贷款网"])) + "</p>", "friend links of a city's portal, with a clinic, adult education and the state lottery"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        found = analysis(page)
        for block in () if found.quiet else found.blocks:
            if not block.hidden and block.score < weights()["threshold"] and (why := _why_farm(block)):
                yield self.finding(
                    page.url,
                    identity_of(block),
                    words_of(block),
                    reason=f"{len(block.domains)} unrelated sites in a row, {why}",
                    target=target_of(block),
                    locator=page.scene.concealments.place(block.links[0].link.node),
                    extra=facts_of(block),
                )
        yield from self._run_together(page)

    def _run_together(self, page: Page) -> Iterator[Finding]:
        for start, line, words in _farms(_words_of(page)):
            yield self.finding(
                page.url,
                f"farm\n{' '.join(sorted(set(words)))}",
                line,
                reason=f"{len(words)} search phrases run together without punctuation",
                locator=f"text@{start}",
                extra={"technique": mask.text("run-together"), "links": 0, "block": mask.text(line, 1500)},
            )


def _why_farm(block: Block) -> str:
    """What makes many sites in a row a farm; "" where they may be friends."""
    domains = len(block.domains)
    found = sum(any(hit.term.category == _SEO for hit in entry.hits) for entry in block.links)
    if domains >= FARM_DOMAINS and found >= FARM_SHARE * len(block.links):
        return "most of them about being found"
    trades = {hit.term.category for entry in block.themed for hit in entry.hits} & _TRADES
    return (
        f"of trades as far apart as {', '.join(sorted(trades))}"
        if domains >= MIXED_DOMAINS and len(trades) >= MIXED_TRADES
        else ""
    )


def _words_of(page: Page) -> str:
    """The text of a page or a plain text file, where it has enough of the phrases to be worth the reading."""
    if page.is_document:
        source = "" if b"\0" in page.body[:4096] else decode(page.body).text
        return source if _may_hold(source.encode(errors="ignore"), "utf-8") else ""
    if page.encoding in _ENCODINGS:
        return page.text if _may_hold(page.body, page.encoding) else ""
    return page.text if _may_hold(page.source, "utf-8") else ""


def _may_hold(body: bytes, encoding: str) -> bool:
    """Whether the bytes have enough signs, and then enough of the phrases: in them they are found many times faster than in Chinese text."""
    if len(_signs(encoding).find_matches_as_indexes(body)) < _LEAST_SIGNS:
        return False
    return len(_phrases(vocabulary(), encoding).find_matches_as_indexes(body)) >= _LEAST_PLAIN


@lru_cache(maxsize=2)
def _signs(encoding: str) -> BytesAhoCorasick:
    return BytesAhoCorasick([sign.encode(encoding) for sign in _SIGNS])


@lru_cache(maxsize=4)
def _phrases(known: Vocabulary, encoding: str) -> BytesAhoCorasick:
    words = {term.word for term in known.terms if term.category == _SEO}
    return BytesAhoCorasick([word.encode(encoding) for word in sorted(words | {word.upper() for word in words})])


def _farms(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Where each farm begins in the text, how it reads and which phrases it is made of."""
    if not text:
        return
    folded = fold(text)
    for run in _runs(folded):
        start, end = run[0].start, run[-1].end
        covered = sum(hit.end - hit.start for hit in run)
        if len(run) >= FARM_WORDS and covered >= FARM_COVER * (end - start):
            _plain, places = origins(text)
            at = places[start]
            yield at, original(text, start, end), [hit.term.word for hit in run]


def _runs(folded: str) -> Iterator[list[Hit]]:
    """Search phrases that follow each other closely, with neither a sentence's end nor a comma between them."""
    run: list[Hit] = []
    for hit in vocabulary().words(folded):
        if hit.term.category != _SEO:
            continue
        if run and (hit.start - run[-1].end > FARM_GAP or _SENTENCE.search(folded, run[-1].end, hit.start)):
            yield run
            run = []
        run.append(hit)
    yield from [run] if run else []

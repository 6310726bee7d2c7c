"""Scripts from hosts of which public reports say that they were taken over."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page


class Host(NamedTuple):
    """See taken_over.toml."""

    domain: str
    library: bool
    known_since: date
    what: str
    sources: tuple[str, ...]


class TakenOver(Detector):
    """A risk in the supply of the page's code, not a sign that the site was broken into: most such pages were written in good faith, when
    the host was an honest one.
    """

    id = "foreign-scripts/taken-over"
    title = "Script from a host that was taken over"
    category = Category.AVAILABILITY
    severity, confidence = Severity.MEDIUM, Confidence.HIGH
    flagged = (
        Example('<script src="https://cdn.polyfill.io/v2/polyfill.min.js"></script>', "the case of 2024"),
        Example('<script src="//cdn.bootcss.com/jquery/1.8.0/jquery.min.js"></script>', "a library in good faith"),
        Example("<script>document.write('<script src=\"https://cdn.staticfile.org/jquery/2.2.4/jquery.min.js\"><\\/script>')</script>", "written by a script"),
        Example('<script src="https://union.macoms.la/jquery.min-4.0.2.js"></script>', "no library at all"),
    )  # fmt: skip
    clean = (
        Example('<script src="https://cdn.bootcss.com/a.js" integrity="sha384-oqVuAfXRKap7fdgc" crossorigin="anonymous"></script>', "the browser refuses what was changed"),
        Example('<!--[if lt IE 9]><script src="https://cdn.bootcss.com/html5shiv/3.7.3/html5shiv.min.js"></script><![endif]-->', "for browsers that are gone"),
        Example('<a href="https://www.bootcss.com/">Bootstrap</a><link rel="stylesheet" href="https://cdn.staticfile.org/a.css">', "a link and a style sheet are no scripts"),
        Example('<script src="https://cdnjs.cloudflare.com/polyfill/v3/polyfill.min.js"></script>', "an honest copy of the library"),
        Example('<script src="/cdn.polyfill.io/polyfill.min.js"></script>', "the site's own copy"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        told: set[str] = set()
        for script in page.foreign_scripts:
            host = None if script.pinned or script.domain in told else taken_over().get(script.domain)
            if host:
                told.add(host.domain)
                yield self.finding(
                    page.url,
                    f"taken over\n{host.domain}",
                    f"loads {defanged(script.url)}",
                    reason=f"{host.what} (known since {host.known_since}); {' '.join(host.sources)}",
                    target=script.url,
                    locator="script[src]",
                    severity=None if host.library else Severity.HIGH,
                    confidence=Confidence.MEDIUM if script.written else None,
                    extra={"domain": mask.text(host.domain), "known_since": mask.text(host.known_since.isoformat())},
                )


@lru_cache(maxsize=1)
def taken_over() -> Mapping[str, Host]:
    """By registrable domain."""
    text = files(__package__).joinpath("taken_over.toml").read_text(encoding="utf-8")
    hosts = (Host(**{**row, "sources": tuple(row["sources"])}) for row in tomllib.loads(text)["hosts"])
    return {host.domain: host for host in hosts}

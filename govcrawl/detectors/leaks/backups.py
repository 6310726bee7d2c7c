"""Archives of the whole site or its data, served under a name that is easy to guess."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import bare_host, registrable
from govcrawl.page.attachments import sniff
from govcrawl.page.model import Page

_ARCHIVES = frozenset({"zip", "gzip", "bzip2", "xz", "7z", "rar", "tar", "sqlite", "compressed"})
# Names of nuclei-templates' zip-backup-files (MIT). At the root of a site none of them is a document for visitors.
_AT_ROOT = frozenset(
    "root wwwroot htdocs www html web webapps public public_html uploads website api test app backup backups bin temp bak old db sql dump database "  # noqa: SIM905
    "release inetpub package tmp data ftp output admin upload src".split()
)
# Anywhere: nobody calls an attachment so.
_ANYWHERE = re.compile(
    r"(?:wwwroot|htdocs|webroot|webapps|public_html|inetpub|(?:web|site|db|data|sql|full)?[_-]?(?:backup|bak)s?[_-]?\d*|database|dump)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\.(?:tar\.gz|tar\.bz2|sql\.gz|sql\.zip|tar|7z|bz2|gz|lz|rar|xz|zip|z|tgz|db|jar|sqlite3?|war)$", re.IGNORECASE
)
_ZIP = b"PK\x03\x04"


class Backups(Detector):
    """The name and the bytes both have to say so: a page with status 200 at such an address is no archive."""

    id = "leaks/backup-file"
    title = "Backup of the site or its data served"
    category = Category.SECURITY_LEAK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(_ZIP + b"\0" * 40, "a web root at the root", url="http://www.qingshan.gov.cn/wwwroot.zip"),
        Example(b"\x1f\x8b\x08" + b"\0" * 40, "named after the host", url="http://www.qingshan.gov.cn/qingshan.gov.cn.tar.gz"),
        Example(b"SQLite format 3\0" + b"\0" * 40, "a data base", url="http://www.qingshan.gov.cn/data/backup.db"),
    )
    clean = (
        Example("<html><body>404</body></html>", "a page instead of the file", url="http://www.qingshan.gov.cn/wwwroot.zip"),
        Example(_ZIP + b"\0" * 40, "an attachment of an article", url="http://www.qingshan.gov.cn/upload/2017/data.zip"),
        Example(_ZIP + b"\0" * 40, "an attachment with a name of its own", url="http://www.qingshan.gov.cn/notice1.zip"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        if page.status == 200 and page.is_document and sniff(page.body) in _ARCHIVES and _guessable(page):
            yield self.finding(
                page.url,
                page.url.partition("?")[0],
                Masked(f"{len(page.body):,} bytes of {sniff(page.body)}, not kept"),
                reason="the name is one that intruders try first",
            )


def _guessable(page: Page) -> bool:
    path = unquote(urlsplit(page.url).path)
    folder, _, name = path.rpartition("/")
    stem = _EXTENSION.sub("", name)
    if stem == name:
        return False
    return _ANYWHERE.fullmatch(stem) is not None or (
        not folder and (stem.lower() in _AT_ROOT or stem.lower() in _names_of(page.host))
    )


def _names_of(host: str) -> frozenset[str]:
    """The host, its registrable domain, their first labels, and a year."""
    bare = bare_host(host)
    domain = registrable(bare)
    years = {str(year) for year in range(1995, 2100)}
    return frozenset({bare, domain, domain.partition(".")[0], bare.partition(".")[0], bare.replace(".", "_"), *years})

"""The plan of active probes: which addresses to ask for, in what order, and what an answer proves.

Pure: nothing is requested here. Off unless a site's owner has agreed; whoever carries it out keeps to one request a second.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import urlsplit

from govcrawl.findings import mask

BUDGET = 60
# A dump or an archive is never fetched: its head is enough to know it.
RANGE = "bytes=0-511"

_GET = (
    "/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/.DS_Store", "/actuator", "/actuator/env", "/env", "/v2/api-docs", "/v3/api-docs",
    "/swagger-ui.html", "/swagger-resources", "/druid/index.html", "/nacos/", "/phpinfo.php", "/info.php", "/server-status", "/WEB-INF/web.xml",
    "/web.config.bak", "/.idea/workspace.xml", "/composer.lock", "/package.json", "/upload/", "/uploads/", "/files/", "/data/", "/backup/", "/logs/",
)  # fmt: skip
_HEAD = ("/actuator/heapdump", "/heapdump")
_RANGED = ("/.svn/wc.db",)
_ARCHIVES = ("zip", "rar", "tar.gz", "sql", "7z", "bak")
_STEMS = ("wwwroot", "www", "web", "backup", "db")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Probe:
    """One request. `baseline`: the address is random, the answer shows how the site says "not found"."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    baseline: bool = False

    @property
    def ranged(self) -> bool:
        """Only the first bytes are asked for, and no more may be read."""
        return any(name == "Range" for name, _ in self.headers)

    @property
    def group(self) -> tuple[str, str]:
        """Folder and extension: answers are compared within them, since sites treat each in its own way."""
        folder, _, name = urlsplit(self.url).path.rpartition("/")
        return folder.split("/")[1] if folder.strip("/") else "", name.rpartition(".")[2] if "." in name.strip(".") else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a probe: for HEAD and Range requests the body is empty or its first 512 bytes."""

    probe: Probe
    status: int
    body: bytes = b""
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, str, str, int]:
        """What a soft 404 looks like whatever was asked for: status, target, title, rough size."""
        title = re.search(rb"(?is)<title[^>]*>(.{0,200}?)</title", self.body)
        named = _DIGITS.sub("", title.group(1).decode("utf-8", "replace")) if title else ""
        return self.status, self.location.partition("?")[0], named, len(self.body) // 256


def plan(home: str, seed: str = "") -> tuple[Probe, ...]:
    """At most 60 probes for the host of `home`, baselines first. The same seed gives the same random addresses."""
    parts = urlsplit(home)
    root = f"{parts.scheme}://{parts.netloc}"
    probes = [*_wanted(root, parts.hostname or "")]
    groups = sorted(
        {probe.group for probe in probes if probe.method == "GET"} & {("", ""), ("", "html"), ("", "php"), ("", "zip")}
    )
    random = [
        Probe("GET", f"{root}/{_name(seed + root, number)}{_suffix(group)}", baseline=True) for number, group in enumerate(groups)
    ]
    second = Probe("GET", f"{root}/{_name(seed + root, 99)}", baseline=True)
    return (*random, second, *probes)[:BUDGET]


def nameless(home: str, seed: str = "") -> tuple[str, ...]:
    """The home pages of two hosts beside that of `home` which cannot exist, unless its domain answers for any name; () for an IP address."""
    parts = urlsplit(home)
    host = parts.hostname or ""
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return ()
    port = f":{parts.port}" if parts.port else ""
    return tuple(f"{parts.scheme}://{_name(seed + host, number)}.{host.removeprefix('www.')}{port}/" for number in (1, 2))


def _wanted(root: str, host: str) -> Iterator[Probe]:
    for path in _GET:
        yield Probe("GET", root + path)
    for path in _HEAD:
        yield Probe("HEAD", root + path)
    for path in _RANGED:
        yield Probe("GET", root + path, headers=(("Range", RANGE),))
    labels = host.removeprefix("www.")
    for stem in (labels, labels.partition(".")[0], *_STEMS):
        for extension in _ARCHIVES[:4]:
            yield Probe("GET", f"{root}/{stem}.{extension}", headers=(("Range", RANGE),))


def _suffix(group: tuple[str, str]) -> str:
    return f".{group[1]}" if group[1] else ""


def _name(seed: str, number: int) -> str:
    return blake2b(f"{seed}{number}".encode(), digest_size=6).hexdigest()


def proofs(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Answers that differ from what the site says to addresses that cannot exist; they then go to the passive detectors.

    Without a baseline nothing is proved: a status of 200 and one word are not (detection: 3.3).
    """
    baselines = {answer.shape for answer in answers if answer.probe.baseline}
    if not baselines:
        return ()
    return tuple(
        answer
        for answer in answers
        if not answer.probe.baseline and answer.status in {200, 206} and answer.shape not in baselines and not _empty(answer)
    )


def _empty(answer: Answer) -> bool:
    return answer.probe.method == "GET" and not answer.body.strip()


def told(answer: Answer) -> str:
    """A line for the log."""
    return f"{answer.probe.method} {mask.url(answer.probe.url)} {answer.status}"

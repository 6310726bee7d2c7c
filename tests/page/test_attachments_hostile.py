"""Hostile attachments cost one attachment: no crash, no file, memory bounded, and each says why it was not inspected.

`pytest tests/page/test_attachments_hostile.py -m slow -s` runs all of them and prints what came of each kind.
"""

import io
import re
import threading
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from govcrawl.page.attachments import Extracted, ExtractorPool, Limits
from govcrawl.page.attachments.reader import extract
from tests.page import attachment_makers as make
from tests.page.hostile_attachments import ANY, CANARY, LIMITS, READ, Case, cases, few

SPECIMEN = "11010519491231002X"
_KB = 1024


class Peak:
    """The most memory that any process of ours had, looked at fifty times a second: address space, which has the ceiling, and resident."""

    def __init__(self) -> None:
        self.virtual = self.resident = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            for task in Path("/proc/self/task").iterdir():
                for pid in _text(task / "children").split():
                    # Between fork and exec a child is a copy of this very process.
                    if b"attachments.worker" in _text(Path(f"/proc/{pid}/cmdline")).encode():
                        self._look(_text(Path(f"/proc/{pid}/status")))

    def _look(self, status: str) -> None:
        found = dict(re.findall(r"(VmPeak|VmHWM):\s+(\d+) kB", status))
        self.virtual = max(self.virtual, int(found.get("VmPeak", 0)) * _KB)
        self.resident = max(self.resident, int(found.get("VmHWM", 0)) * _KB)


def _text(path: Path) -> str:
    """Whatever ends while we look is nothing."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@dataclass
class Run:
    """What came of the cases. `wrong` are those that ended otherwise than expected."""

    told: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)
    peak: Peak = field(default_factory=Peak)
    reads: int = 0

    def go(self, chosen: Sequence[Case]) -> None:
        with ExtractorPool(limits=LIMITS) as pool, self.peak:
            for case in chosen:
                found = pool.extract(case.maker(), f"http://www.qingshan.gov.cn/{case.kind}.bin")
                reasons = [unread.reason for unread in found.not_inspected]
                self.told[case.kind][_outcome(found)] += 1
                if not _as_expected(case, found, reasons):
                    self.wrong.append(f"{case}: {reasons[:3]} {found.format}")
            self.reads = pool.reads

    def show(self) -> None:
        for kind, outcomes in self.told.items():
            print(f"{kind}: {outcomes.total()}")
            for outcome, count in outcomes.most_common():
                print(f"    {count:4} {outcome}")
        print(f"{sum(outcomes.total() for outcomes in self.told.values())} attachments, {self.reads} different")
        print(f"most memory of a reader: {self.peak.virtual:,} bytes of {LIMITS.memory_bytes:,}, resident {self.peak.resident:,}")
        print(*self.wrong, sep="\n")


def _as_expected(case: Case, found: Extracted, reasons: list[str]) -> bool:
    if case.expected == ANY:
        return bool(found.parts or reasons)
    if case.expected == READ:
        return SPECIMEN in found.text and not reasons
    return any(case.expected in reason for reason in reasons)


def _outcome(found: Extracted) -> str:
    if not found.not_inspected:
        return "read"
    return re.sub(r"[\d,.]+", "N", found.not_inspected[0].reason)


def _strays(folder: Path) -> list[str]:
    places = (folder, Path("/tmp"), Path("/"), Path.home(), Path.cwd(), *Path.cwd().parents)  # noqa: S108 - where nothing may be written
    named = [str(place / CANARY) for place in places if (place / CANARY).exists()]
    return named + [str(path) for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's working and temporary folder, deep enough for what leads up and out."""
    folder = tmp_path / "a" / "b" / "scratch"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TMPDIR", str(folder))
    return tmp_path


def _survived(chosen: Sequence[Case], scratch: Path) -> None:
    run = Run()
    run.go(chosen)
    run.show()
    assert run.wrong == []
    assert _strays(scratch) == []
    assert 0 < run.peak.virtual <= LIMITS.memory_bytes


def test_forty_hostile_attachments_cost_only_themselves(scratch: Path) -> None:
    """Some of every kind."""
    _survived(few(), scratch)


@pytest.mark.slow
def test_three_hundred_hostile_attachments_cost_only_themselves(scratch: Path) -> None:
    assert len(cases()) >= 300
    _survived(cases(), scratch)


def test_the_memory_of_the_reader_stays_below_its_ceiling() -> None:
    limits = Limits(memory_bytes=150_000_000, ratio=100_000, text_characters=2_000_000_000, seconds=120)
    body = make.zipped({"a.txt": "名".encode() + b"0" * 20_000_000})
    with ExtractorPool(limits=limits) as pool:
        assert any("memory" in unread.reason for unread in pool.extract(body, "a.zip").not_inspected)
        assert pool.extract(make.docx("柳树村"), "b.docx").parts
        pid = pool._idle.queue[0].process.pid
        peak_kb = next(
            int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmPeak")
        )
    assert peak_kb * 1024 <= limits.memory_bytes


def test_an_attachment_that_takes_too_long_costs_only_itself() -> None:
    with ExtractorPool(limits=Limits(seconds=0.01)) as pool:
        assert "took longer" in pool.extract(b"1,x\n" * 500_000, "a.csv").not_inspected[0].reason
        pool.limits = Limits()
        assert pool.extract(make.docx("柳树村"), "b.docx").text.strip() == "柳树村"


def test_a_process_that_dies_is_replaced() -> None:
    with ExtractorPool() as pool:
        assert pool.extract(make.docx("一"), "a.docx").parts
        process = pool._idle.get()
        process.process.kill()
        process.process.wait()
        pool._idle.put(process)
        assert pool.extract(make.docx("二"), "b.docx").text.strip() == "二"


def test_the_same_bytes_under_many_addresses_are_read_once() -> None:
    with ExtractorPool() as pool:
        body = make.docx("一")
        first = pool.extract(body, "http://a.qingshan.gov.cn/1.docx")
        second = pool.extract(body, "http://b.qingshan.gov.cn/2.docx")
        assert pool.reads == 1
        assert [one.parts[0].path for one in (first, second)] == ["1.docx/word/document.xml", "2.docx/word/document.xml"]


def test_names_of_chinese_zip_programs_are_readable() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mingdan.txt", "x")
    raw = buffer.getvalue().replace(b"mingdan.txt", "名单甲乙".encode("gbk") + b"txt")
    assert "名单甲乙txt" in extract(raw).text

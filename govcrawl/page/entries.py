"""An entry of a list: a link and the day beside it."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from selectolax.lexbor import LexborNode

from govcrawl.page.outline import Outline, tag_ids
from govcrawl.page.places import MIN_TITLE, Place, Places, words_of
from govcrawl.page.stamps import Stamp

_MOST = 2000
_FEW = 3
_NOWHERE = re.compile(r"(?:#|javascript:|$)", re.IGNORECASE)
_SOMEWHERE = frozenset("./h")  # begins nearly all others
_BUTTON = re.compile(r"打印|关闭|收藏|分享|返回|复制|评论|回复|登录|注册|验证码|看不清|我有话说|放大|缩小|字号|字体|下载|收听")
_LONGEST_BUTTON = 10
_PINNED = re.compile(r"置顶|\btop\b|\bhot\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[-_.]")  # the words of the name of a file
_SMALL_TAGS = tag_ids("span", "em", "i", "font", "b")
(_IMAGE,) = tag_ids("img")
(_ROW,) = tag_ids("tr")
_SMALL_CHARS = 6
_PINNED_CLASSES = frozenset({"top", "istop", "zd", "zhiding", "stick"})
_MOST_NODES = 256  # of a row: where marks lie in marks, each has the words of all in it


class Entry:
    """A link, its box, and its day: whole, or month and day without a year. `at` is the index of the day's text."""

    __slots__ = ("_marks", "_pictured", "alone", "anchor", "at", "box", "crowd", "day", "href", "raw", "short", "title")

    def __init__(self, at: int, place: Place, told: Stamp) -> None:
        self.at = at
        self.day, self.raw, self.short, self.alone = told.day, told.raw, told.short, told.alone
        self.anchor, self.box, self.crowd = place.anchor, place.box, place.crowd
        self._marks, self._pictured = place.marks, place.pictured
        attributes = place.attributes
        self.href = (attributes.get("href") or "").strip()
        self.title = (attributes.get("title") or "").strip() or place.words.replace(self.raw, "").strip(" []()（）【】")

    @property
    def leads(self) -> bool:
        """Whether it has an address: some lists open theirs by script, and so does a button that stands beside the day of an article."""
        return self.href[:1] in _SOMEWHERE or _NOWHERE.match(self.href) is None

    @property
    def button(self) -> bool:
        """Whether it is no title but what one does with the page."""
        return not self.leads and len(self.title) <= _LONGEST_BUTTON and _BUTTON.search(self.title) is not None

    @property
    def pinned(self) -> bool:
        return pinned_in(self.box, self._marks, pictured=self._pictured)


def pinned_in(box: LexborNode, marks: str = "", *, pictured: bool = True) -> bool:
    """Whether the row of an entry says that it is kept on top; `marks` stand beside it, and `pictured` is False where it holds no picture."""
    names = box.attributes.get("class")
    if names and not _PINNED_CLASSES.isdisjoint(names.lower().split()):
        return True
    # Most rows have neither a picture nor any of the words.
    marks += _marks(box) if pictured or _may_pin(box.text()) else ""
    return bool(marks and _PINNED.search(_BETWEEN.sub(" ", marks)))


def entries(outline: Outline, stamps: Iterable[tuple[int, Stamp]]) -> list[Entry]:
    """One for each link that has a day beside it, in document order."""
    found: dict[int, Entry] = {}
    places = Places()
    for at, told in stamps:
        place = places.of(outline.texts[at])
        entry = Entry(at, place, told) if place else None
        if entry and len(entry.title) >= MIN_TITLE:
            before = found.get(entry.anchor.mem_id)
            if before is None or _outranks(entry, before):
                found[entry.anchor.mem_id] = entry
            if len(found) >= _MOST:
                break
    return _with_company(list(found.values()))


def _outranks(entry: Entry, before: Entry) -> bool:
    """A stamp outranks a day that a sentence tells of; of two cells in a row of a table, the day of publication is the later one."""
    if entry.alone != before.alone:
        return entry.alone
    return bool(entry.alone and entry.box.tag_id == _ROW and entry.day and before.day and entry.day > before.day)


def _with_company(found: list[Entry]) -> list[Entry]:
    """Entries without a box of their own only where there are several: a single one is a day that stands near some link."""
    crowds = [entry.crowd.mem_id for entry in found if entry.crowd is not None]
    if not crowds:
        return found
    large = {crowd for crowd, entries in Counter(crowds).items() if entries >= _FEW}
    return [entry for entry in found if entry.crowd is None or entry.crowd.mem_id in large]


def _may_pin(text: str) -> bool:
    lower = text.lower()
    return "置顶" in lower or "top" in lower or "hot" in lower


def _marks(box: LexborNode) -> str:
    """Short texts and icon names beside the title; the title itself may speak of a hot topic."""
    marks = ""
    for node in islice(box.traverse(), _MOST_NODES):  # a row is small: two queries would cost more
        tag = node.tag_id
        if tag == _IMAGE:
            icon = node.attributes
            marks += f" {icon.get('alt') or ''} {(icon.get('src') or '').rpartition('/')[2]}"
        elif tag in _SMALL_TAGS and len(text := words_of(node)) <= _SMALL_CHARS:
            marks += f" {text}"
    return marks

"""Pages made of the techniques in techniques.toml: every technique in every place of a page and in every encoding, with its look-alike."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from govcrawl.page.model import Page

TECHNIQUES = Path(__file__).with_name("techniques.toml")
PLACES = ("inline", "style block", "sheet", "script", "written")
ENCODINGS = ("utf-8", "gbk")
URL = "http://www.qingshan.gov.cn/xw/"
SHEET = "http://www.qingshan.gov.cn/css/site.css"
_MARK, _OVER = "q7x", "q7y"
_FRAME = """<!DOCTYPE html><html><head><meta charset="$CHARSET"><title>青山县人民政府门户网站</title>$HEAD</head><body>
<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/bsfw/">办事服务</a></div>
<h1>青山县人民政府</h1><ul class="list"><li><a href="/xw/1.html">县长调研春耕生产工作</a> 2025-11-18</li>
<li><a href="/xw/2.html">我县召开安全生产会议</a> 2025-11-17</li></ul>
$BODY
<div class="foot">主办：青山县人民政府办公室 <a href="http://www.gov.cn/">中国政府网</a></div></body></html>"""


@dataclass(frozen=True, slots=True)
class Case:
    """One page. `dark` says what must come out of it; `why` what the technique or the look-alike is."""

    technique: str
    place: str
    encoding: str
    dark: bool
    why: str
    html: str
    sheets: dict[str, str] = field(default_factory=dict)
    url: str = URL

    @property
    def name(self) -> str:
        return f"{self.technique} / {self.place} / {self.encoding} / {'dark' if self.dark else 'look-alike'}"

    @property
    def hides(self) -> bool:
        return self.technique.startswith(("H", "J1", "J2"))

    @property
    def page(self) -> Page:
        html = self.html.replace("$CHARSET", self.encoding)
        return Page(self.url, html.encode(self.encoding, "xmlcharrefreplace"), sheets=self.sheets)


def cases() -> Iterator[Case]:
    data = tomllib.loads(TECHNIQUES.read_text(encoding="utf-8"))
    links = {name: _anchors(entries) for name, entries in data["links"].items()}
    for encoding in ENCODINGS:
        for entry in data["styles"]:
            for place in PLACES:
                yield from _styled(entry, place, encoding, data["links"])
        for entry in data["markups"]:
            yield from _marked(entry, encoding, links)
        for entry in data["pages"]:
            for dark, key in ((True, "flagged"), (False, "clean")):
                yield Case(entry["id"], "page", encoding, dark, entry["why"], entry[key], url=entry.get("url", URL))


def _anchors(entries: list[list[str]], style: str = "") -> str:
    said = f' style="{style}"' if style else ""
    return " ".join(f'<a href="{url}"{said}>{text}</a>' for text, url in entries)


def framed(head: str = "", body: str = "") -> str:
    return _FRAME.replace("$HEAD", head).replace("$BODY", body)


@dataclass(frozen=True, slots=True)
class _Declared:
    """The declarations of one case: on the element around the links, on the links, on an empty box behind them, and further rules."""

    css: str
    link_css: str = ""
    over_css: str = ""
    rules: str = ""

    @classmethod
    def of(cls, entry: dict, prefix: str) -> "_Declared":
        own = entry["guard"] if prefix else entry["css"]
        link_css, over_css = entry.get(f"{prefix}link_css", ""), entry.get(f"{prefix}over_css", "")
        return cls(own, link_css, over_css, entry.get(f"{prefix}rules", "").replace("$MARK", _MARK).replace("$OVER", _OVER))

    @property
    def sheet(self) -> str:
        named = ((f".{_MARK}", self.css), (f".{_MARK} a", self.link_css), (f".{_OVER}", self.over_css))
        return "".join(f"{selector}{{{css}}}" for selector, css in named if css)


def _styled(entry: dict, place: str, encoding: str, links: dict[str, list]) -> Iterator[Case]:
    for dark, prefix, chosen in ((True, "", ("SPAM", "ONE")), (False, "guard_", (entry["guard_links"],))):
        declared = _Declared.of(entry, prefix)
        if place == "script" and declared.link_css:
            continue  # no script of one line reaches the links inside; they are styled by the written block
        for name in chosen:
            head, body, sheets = _placed(place, declared, links[name])
            yield Case(entry["id"], place, encoding, dark, entry["why"], framed(head, body), sheets)


def _placed(place: str, said: _Declared, links: list) -> tuple[str, str, dict[str, str]]:
    """Head, body and sheets of a page that puts these declarations in this place."""
    over = f"<b id='{_OVER}' class='{_OVER}'></b>" if said.over_css else ""
    block = f"<div id='{_MARK}' class='{_MARK}'>{_anchors(links)}{over}</div>"
    style = f"<style>{said.rules}</style>" if said.rules else ""
    if place == "inline":
        over = over.replace("></b>", f' style="{said.over_css}"></b>')
        return style, f'<div class="{_MARK}" style="{said.css}">{_anchors(links, said.link_css)}{over}</div>', {}
    if place == "style block":
        return f"<style>{said.sheet}{said.rules}</style>", block, {}
    if place == "sheet":
        return '<link rel="stylesheet" href="/css/site.css">', block, {SHEET: said.sheet + said.rules}
    if place == "script":
        return style, f"{block}<script>{_set(_MARK, said.css)}{_set(_OVER, said.over_css)}</script>", {}
    return f"{style}<script>document.write({json.dumps(f'<style>{said.sheet}</style>')})</script>", block, {}


def _set(identifier: str, css: str) -> str:
    return f"document.getElementById('{identifier}').style.cssText={json.dumps(css)};" if css else ""


def _marked(entry: dict, encoding: str, links: dict[str, str]) -> Iterator[Case]:
    for dark, key in ((True, "flagged"), (False, "clean")):
        markup = entry[key]
        for name, anchors in links.items():
            markup = markup.replace(f"${name}", anchors)
        yield Case(entry["id"], "inline", encoding, dark, entry["why"], framed("", markup))
        if entry.get("written", True):
            literal = json.dumps(markup, ensure_ascii=False).replace("</", "<\\/")
            yield Case(
                entry["id"], "written", encoding, dark, entry["why"], framed("", f"<script>document.write({literal})</script>")
            )

"""The pages of a made-up site, as they come over the wire."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from string import Template

from tests.eval.webs.plans import NOW, Planned, Web

_DATA = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text("utf-8"))
LAYOUTS: dict[str, dict[str, str]] = _DATA["layouts"]
_SHELLS: dict[str, str] = _DATA["shells"]
_SUBJECTS = [
    "安全生产",
    "乡村振兴",
    "教育医疗",
    "营商环境",
    "防汛抗旱",
    "民生实事",
    "项目建设",
    "生态环境",
    "养老服务",
    "就业创业",
    "粮食生产",
    "交通建设",
]
_FORMS = [
    "青山县召开{}工作会议",
    "县领导调研{}工作",
    "关于进一步做好{}工作的通知",
    "我县部署{}重点任务",
    "{}专项检查全面展开",
    "{}取得新进展",
]
# A title may tell a day that is newer than the entry.
_DATED_FORMS = ("关于2025年8月30日{}现场会的预告", "{}公开课定于8月29日举行", "2025-08-30前完成{}任务")
_TEASERS = (
    "为深入推进相关工作，请各单位于2025年8月30日前报送材料，逾期不予受理。",
    "{}，县领导到乡镇调研有关工作并召开座谈会，对下一步工作提出要求。",
)
_TEXT = "<p>" + "负责贯彻执行国家和省市有关方针政策，拟订全县有关规划并组织实施，承担相关综合协调工作。" * 9 + "</p>"
_PINS = ('<img src="/images/zhiding.gif" alt="置顶">', '<span class="top">[置顶]</span>', "<font color=red>[置顶]</font> ")
_TYPES = {"NEWS": "工作动态", "POLICY": "政策文件", "STATIC": "机构职能"}
_CHARSETS = {
    "utf-8": ('<meta charset="utf-8">', "utf-8", "text/html"),
    "gb2312": ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />', "gbk", "text/html"),
    "gbk in the header": ("", "gbk", "text/html; charset=GBK"),
    "gb18030 untold": ("", "gb18030", "text/html"),
}
_EMPTY = (
    "",
    '<div class="nodata">暂无相关信息</div>',
    '<div class="content"><p align="center">对不起，该栏目暂无内容！</p></div>',
    '<div class="nr"><p>栏目正在建设中，敬请期待……</p></div>',
    '<div class="list"><p>没有找到任何信息</p></div><div class="page">共0条记录 第1/0页 首页 上一页 下一页 尾页</div>',
)
_UNREAD = (
    '<div id="app"></div><script src="/static/js/chunk-vendors.8f2a.js"></script><script src="/static/js/app.33c1.js"></script>',
    '<ul class="list" id="docs"></ul><script>var p=location.search;$$.post("/api/doc/list"+p,{size:15},function(d){show(d)})</script>',
    '<div class="list"><ul><li v-for="item in list" :key="item.id">{{ item.title }}</li></ul></div><script src="/js/vue.min.js"></script>',
    '<div class="list_box"><img src="/images/loading.gif"><p>数据加载中，请稍候...</p></div>',
    '<iframe src="/plugin/list/$number" width="100%" height="600" frameborder="0"></iframe>',
    '<ul class="list"></ul><script>fetch("/rest/broken/list?channel=$number").then(r=>r.json()).then(show)</script>',
)


@dataclass(frozen=True)
class Made:
    """A page; `planned` is None for the home page, and for answers to data requests."""

    url: str
    body: bytes
    content_type: str
    planned: Planned | None = None


@dataclass(frozen=True)
class _Entry:
    title: str
    day: date
    pinned: bool = False
    away: bool = False


@dataclass(frozen=True)
class _Maker:
    web: Web
    number: int
    planned: Planned

    @property
    def layout(self) -> dict[str, str]:
        return LAYOUTS[self.web.layout]

    @property
    def names(self) -> dict[str, object]:
        return {"slug": f"lm{self.number}", "number": 1000 + self.number, "name": self.planned.name}

    @property
    def dice(self) -> random.Random:
        return random.Random(f"{self.web.number} {self.number}")

    @property
    def path(self) -> str:
        return Template(self.layout["column"]).substitute(self.names)


def pages(web: Web, entries: int = 12) -> Iterator[Made]:
    """The home page, each column, and the answers to the data requests of columns that a script fills."""
    makers = [_Maker(web, number, planned) for number, planned in enumerate(web.columns)]
    menu = "".join(f'<li><a href="{one.path}">{one.planned.name}</a></li>' for one in makers)
    yield _wire(web, "/", _shell(web, "青山县人民政府", menu, content=_blocks(web, makers)))
    for maker in makers:
        shown = list(_entries(maker, entries))
        yield _column(maker, menu, shown)
        if "answer" in maker.layout and maker.planned.shows in {"list", "blank", "undated"}:
            rows = "" if maker.planned.shows == "blank" else _rows(maker, maker.layout["records"], shown, ",")
            rows = rows.replace('"},{"', '"},{"') if "page-content" not in maker.layout["wrap"] else rows.replace(">,<", "><")
            body = Template(maker.layout["wrap"]).substitute(maker.names, items=rows, total=len(shown) if rows else 0)
            yield Made(_at(web, Template(maker.layout["answer"]).substitute(maker.names)), body.encode(), "application/json")
        if "feed" in maker.layout and maker.planned.shows == "list":
            yield _feed(maker, shown)


def _feed(maker: _Maker, shown: list[_Entry]) -> Made:
    """What a reader subscribes to: the newest entries of the column and of the one beside it, in the time of Greenwich."""
    other = _Maker(maker.web, maker.number + 50, maker.planned)
    entries = [(maker, n, entry) for n, entry in enumerate(shown)] + [(other, 0, _Entry(_title(maker.dice), NOW))]
    items = "".join(
        f"<item><title>{entry.title}</title><link>{_words(one, entry, n)['href']}</link>"
        f"<pubDate>{format_datetime(datetime.combine(entry.day, time(1, 30), UTC))}</pubDate></item>"
        for one, n, entry in sorted(entries, key=lambda told: told[2].day, reverse=True)
    )
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{maker.planned.name}</title>{items}</channel></rss>'
    return Made(_at(maker.web, Template(maker.layout["feed"]).substitute(maker.names)), body.encode(), "application/rss+xml")


def _column(maker: _Maker, menu: str, shown: list[_Entry]) -> Made:
    planned, web = maker.planned, maker.web
    content = _content(maker, shown)
    above = [] if planned.first_level else ['<a href="/zwgk.html">政务公开</a>']
    tail = "".join(maker.layout["separator"] + step for step in [*above, f"<span>{planned.name}</span>"])
    crumbs = Template(maker.layout["crumbs"]).substitute(maker.names, tail=tail)
    meta = f'<meta name="ColumnName" content="{planned.name}">' if web.number % 3 == 0 else ""
    if "feed" in maker.layout:
        meta += (
            f'<link rel="alternate" type="application/rss+xml" href="{Template(maker.layout["feed"]).substitute(maker.names)}">'
        )
    if web.number % 6 == 0 and planned.kind in _TYPES:
        meta += f'<meta name="ColumnType" content="{_TYPES[planned.kind]}">'
    title = f"{planned.name}-青山县人民政府"
    html = _shell(web, title, menu, content=content, crumbs=crumbs, meta=meta, side=_side(maker))
    return _wire(web, maker.path, html, planned)


def _content(maker: _Maker, shown: list[_Entry]) -> str:
    layout, planned = maker.layout, maker.planned
    if planned.shows == "text":
        return f'<div class="article">{_TEXT}</div>'
    if planned.shows == "unread":
        return Template(_UNREAD[(maker.web.number + maker.number) % len(_UNREAD)]).safe_substitute(maker.names)
    if "answer" in layout or planned.shows != "blank":
        items = "" if "answer" in layout else _rows(maker, layout["item"], shown, "\n")
        return Template(layout["list"]).substitute(maker.names, items=items)
    if "empty" in layout:
        return Template(layout["empty"]).substitute(maker.names)
    # Of the list only its own box: the pager of an empty list shows no further page.
    box = layout["list"].partition("$items")
    bare = box[0] + "".join(f"</{tag}>" for tag in reversed(_open_tags(box[0])))
    # A box without any name is nothing that a reader could take for a list: there words say it.
    telling = "class=" in bare.lower() or "id=" in bare.lower()
    return _EMPTY[maker.number % len(_EMPTY)] or (Template(bare).substitute(maker.names) if telling else _EMPTY[1])


def _open_tags(markup: str) -> list[str]:
    return [part.split()[0].split(">")[0].lower() for part in markup.split("<")[1:] if not part.startswith(("/", "input", "th"))]


def _entries(maker: _Maker, count: int) -> Iterator[_Entry]:
    """The newest first; before and between them what does not count: a pinned entry, a repost, a slip of the hand."""
    dice, day = maker.dice, maker.planned.newest
    odd = dice.choice(("none", "none", "pinned", "away", "ahead"))
    if odd == "pinned":
        yield _Entry(_title(dice), NOW - timedelta(days=dice.choice((1, 400))), pinned=True)
    elif odd == "away":
        yield _Entry(_title(dice), NOW - timedelta(days=1), away=True)
    elif odd == "ahead":
        yield _Entry(_title(dice), NOW + timedelta(days=31))
    for n in range(count):
        yield _Entry(_title(dice, dated=n % 4 == 1), day)
        day -= timedelta(days=dice.choice((0, 1, 3, 7)) if n else 1)


def _title(dice: random.Random, *, dated: bool = False) -> str:
    return dice.choice(_DATED_FORMS if dated else _FORMS).format(dice.choice(_SUBJECTS))


def _rows(maker: _Maker, row: str, shown: list[_Entry], between: str) -> str:
    """Without days where the plan says so: what is left of a row once its day is cut out."""
    made = []
    for n, entry in enumerate(shown):
        words = _words(maker, entry, n)
        if maker.planned.shows == "undated":
            words |= dict.fromkeys(("y", "m", "d", "m1", "d1", "before", "epoch"), "")
        made.append(Template(row).substitute(maker.names, **words))
    return between.join(made)


def _words(maker: _Maker, entry: _Entry, n: int) -> dict[str, object]:
    day = entry.day
    words: dict[str, object] = {
        "n": n, "no": n + 1, "id": 100_000 + 100 * maker.number + n, "title": entry.title, "teaser": _teaser(day, n),
        "y": f"{day:%Y}", "m": f"{day:%m}", "d": f"{day:%d}", "m1": day.month, "d1": day.day, "before": day - timedelta(days=20),
        "epoch": int(datetime.combine(day, time(3, 30), UTC).timestamp() * 1000),
        "mark": _PINS[maker.number % len(_PINS)].replace('"', '\\"' if "answer" in maker.layout else '"') if entry.pinned else "",
        "top": int(entry.pinned),
    }  # fmt: skip
    article = maker.layout["article"]
    if maker.planned.shows == "undated":
        article = "/content/$id.html"
    href = Template(article).substitute(maker.names, **words)
    return words | {"href": f"http://www.people-daily.test/{words['id']}.html" if entry.away else href}


def _teaser(day: date, n: int) -> str:
    """The first sentence tells of a deadline after the entry, or of a day some time before it."""
    before = day - timedelta(days=3)
    return _TEASERS[n % 2].format(f"{before:%Y}年{before.month}月{before.day}日")


def _blocks(web: Web, makers: list[_Maker]) -> str:
    """Three boxes of the newest entries; nothing but the menu where the home page only leads on."""
    if web.home_newest is None:
        return '<div class="entrance"><a href="/zwgk.html">进入网站</a></div>'
    made = ""
    for place, maker in enumerate(makers[:3]):
        days = [web.home_newest - timedelta(days=2 * place + n) for n in range(6)]
        rows = _rows_of_home(maker, [_Entry(_title(maker.dice), day) for day in days])
        made += f'<div class="box"><h2>{maker.planned.name}</h2><ul>{rows}</ul></div>'
    return made


def _rows_of_home(maker: _Maker, shown: list[_Entry]) -> str:
    rows = "".join(
        Template(maker.layout["home"]).substitute(maker.names, **_words_at_home(maker, entry, n)) for n, entry in enumerate(shown)
    )
    return f"<table>{rows}</table>" if rows.startswith(("<tr", "<TR")) else rows


def _words_at_home(maker: _Maker, entry: _Entry, n: int) -> dict[str, object]:
    words = _words(maker, entry, n)
    day = entry.day
    return words | {"href": f"/{day:%Y%m}/t{day:%Y%m%d}_{words['id']}.html" if n % 2 else f"/content/{words['id']}.html"}


def _side(maker: _Maker) -> str:
    """What stands beside the list: what is read much or new anywhere on the site, with days that are no news of this column."""
    fresh = "".join(
        f'<li><a href="/hot/{n}.html">热点文章推荐阅读第{n}篇内容</a><span>{NOW - timedelta(days=n):%Y-%m-%d}</span></li>'
        for n in range(5)
    )
    return (
        "",
        f'<div class="side"><h3>热点推荐</h3><ul class="hot">{fresh}</ul></div>',
        f'<div class="box2"><div class="t">最新更新</div><ul>{fresh}</ul></div>',
        '<div class="tree"><ul><li><a href="/a/">机构概况</a></li><li><a href="/b/">信息公开制度</a></li></ul></div>',
        f'<table class="phb"><tr><td>点击排行</td></tr><tr><td><ul>{fresh}</ul></td></tr></table>',
        "<select><option>友情链接</option><option>中国政府网</option></select>",
    )[(maker.web.number + maker.number) % 6]


def _shell(web: Web, title: str, menu: str, **parts: str) -> str:
    blank = {"crumbs": "", "meta": "", "side": ""}
    return Template(_SHELLS[LAYOUTS[web.layout]["shell"]]).substitute(
        blank | parts, title=title, nav=menu, charset="$charset", year=NOW.year, today=f"{NOW.year}年{NOW.month}月{NOW.day}日"
    )


def _wire(web: Web, path: str, html: str, planned: Planned | None = None) -> Made:
    told, codec, content_type = _CHARSETS[web.encoding]
    return Made(_at(web, path), html.replace("$charset", told, 1).encode(codec, "xmlcharrefreplace"), content_type, planned)


def _at(web: Web, path: str) -> str:
    return f"http://{web.host}{path}"

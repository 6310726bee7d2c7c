"""The pages of the demo web, made for one day."""

import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import md5

from govcrawl.demo.sheet import ColumnPlan, Plant, Sheet, SitePlan, Style, layout, read_sheet, read_sites, read_styles

_SUBJECTS = (
    "安全生产",
    "乡村振兴",
    "营商环境",
    "生态环境",
    "教育医疗",
    "交通建设",
    "防汛抗旱",
    "养老服务",
    "就业创业",
    "粮食生产",
)
_VERBS = ("召开{}工作会议", "部署{}重点任务", "调研{}工作", "印发{}实施方案", "开展{}专项检查", "公布{}工作进展")
_TEXT = (
    "会议强调，各有关单位要提高认识，压实责任，细化措施，确保各项任务落到实处。",
    "下一步，将继续完善工作机制，加强统筹协调，及时研究解决工作中的困难和问题。",
    "有关负责同志表示，要坚持问题导向，广泛听取意见建议，不断提升群众满意度。",
)
_WAY_OUT = "/go/out.html"  # a redirect to an address outside of the demo web
_NOON = time(9, 30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web answers on one address. `location` makes it a redirect."""

    body: bytes
    status: int = 200
    content_type: str = "text/html"
    delay_seconds: float = 0.0
    location: str = ""


@dataclass(frozen=True, slots=True)
class Web:
    """Answers by host and path with query. A host that is not here does not answer at all."""

    answers: dict[tuple[str, str], Answer]
    sites: tuple[SitePlan, ...]
    sheet: Sheet
    addresses: dict[Plant, str] = field(default_factory=dict)  # the address of the page on which a plant stands

    def site_list(self) -> str:
        """CSV with the headings of the site list."""
        lines = ["网站标识码,网站名称,首页网址,地区,层级,主办单位"]
        lines += [f"{s.code},{s.name},{s.url},{s.region},{s.level},{s.organizer}" for s in self.sites]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    href: str
    day: date


@dataclass(slots=True)
class Draft:
    """A page before it is laid out. `spot` is the name that the answer sheet gives it."""

    path: str
    spot: str
    title: str
    crumb: str
    content: str
    meta: dict[str, str]
    head: str = ""
    tail: str = ""
    listed: str = ""


def build_web(today: date) -> Web:
    sheet = read_sheet()
    web = Web({}, read_sites(), sheet)
    for site in web.sites:
        if not site.dead:
            _SiteMaker(site, today, web).make()
    for check in sheet.checks:
        if check.page.startswith("/"):
            body = _stub(check.page)
            web.answers[check.site, check.page] = Answer(body, delay_seconds=check.delay_seconds)
        elif check.page:
            web.answers[check.site, _WAY_OUT] = Answer(b"", 302, location=check.page)
    return web


def _stub(path: str) -> bytes:
    return f"<html><head><meta charset=utf-8><title>{path}</title></head><body><p>内容页 {path}</p></body></html>".encode()


class _SiteMaker:
    """Makes all pages of one site."""

    def __init__(self, site: SitePlan, today: date, web: Web) -> None:
        self.site, self.today, self.web = site, today, web
        self.style: Style = read_styles()[site.style]
        self.plants = web.sheet.plants(site.host)
        self.lists = {column.slug: self._items(number, column) for number, column in enumerate(site.columns, 1)}

    def make(self) -> None:
        for draft in self._drafts():
            self._publish(draft)
        denied = [check.page for check in self.web.sheet.checks if check.site == self.site.host and check.kind == "kept-out"]
        lines = "".join(f"Disallow: {path.rpartition('/')[0]}/\n" for path in denied if path.startswith("/"))
        self._put("/robots.txt", Answer(f"User-agent: *\n{lines}".encode(), content_type="text/plain"))
        for plant in self.plants:
            if plant.place == "whole":
                body = plant.html.encode(self.style.encoding)
                self._put(plant.page, Answer(body, plant.status, f"text/html; charset={self.style.encoding}"))
                self.web.addresses[plant] = f"http://{self.site.host}{plant.page}"

    def _put(self, path: str, answer: Answer) -> None:
        self.web.answers[self.site.host, path] = answer

    def _items(self, number: int, column: ColumnPlan) -> list[Item]:
        found = []
        for n in range(column.items):
            day = self.today - timedelta(days=column.newest + n * column.every)
            subject = _SUBJECTS[(n * 7 + number * 3 + len(self.site.host)) % len(_SUBJECTS)]
            title = self.site.region + _VERBS[(n + number) % len(_VERBS)].format(subject)
            found.append(Item(title, self._article_path(number, column, n, day), day))
        return found

    def _article_path(self, number: int, column: ColumnPlan, n: int, day: date) -> str:
        mark = number * 100_000 + n + 1
        digest = md5(f"{self.site.host}{mark}".encode(), usedforsecurity=False).hexdigest()
        return self.style.article.format(slug=column.slug, number=100 + number, day=day, id=mark, hash=digest)

    def _column_path(self, number: int, column: ColumnPlan) -> str:
        return self.style.column.format(slug=column.slug, number=100 + number)

    def _drafts(self) -> Iterator[Draft]:
        yield self._home()
        for number, column in enumerate(self.site.columns, 1):
            path, items = self._column_path(number, column), self.lists[column.slug]
            yield self._column(path, f"column:{column.slug}", column.name, self._list(items))
            for n, item in enumerate(items):
                yield self._article(f"article:{column.slug}:{n}", column.name, path, item)
        for plant in self.plants:
            if plant.own_page and plant.place != "whole":
                yield self._own(plant)

    def _home(self) -> Draft:
        site = self.site
        blocks = "".join(
            f'<div class="box"><h2><a href="{self._column_path(number, column)}">{column.name}</a></h2>'
            f"{self._list(self.lists[column.slug][:6])}</div>"
            for number, column in enumerate(site.columns, 1)
        )
        return Draft("/", "home", site.name, "首页", blocks + self._extra_links(), {"ColumnType": "首页"})

    def _extra_links(self) -> str:
        """Links from the home page to the pages that stand in no list."""
        pages: list[tuple[str, str]] = [(plant.page, "专题") for plant in self.plants if plant.own_page and not plant.name]
        checks = [check.page for check in self.web.sheet.checks if check.site == self.site.host and check.page]
        pages += [(page if page.startswith("/") else _WAY_OUT, "更多") for page in checks]
        return "".join(f'<p><a href="{path}">{name}</a></p>' for path, name in pages)

    def _column(self, path: str, spot: str, name: str, listed: str) -> Draft:
        meta = {"ColumnName": name, "ColumnDescription": f"{self.site.name}{name}"}
        return Draft(path, spot, f"{name}-{self.site.name}", f'<a href="/">首页</a> &gt; {name}', "", meta, listed=listed)

    def _article(self, spot: str, column: str, column_path: str, item: Item) -> Draft:
        moment = datetime.combine(item.day, _NOON)
        text = "".join(f"<p>{line}</p>" for line in (f"近日，{item.title}。", *_TEXT))
        content = (
            f'<h2 class="title">{item.title}</h2><div class="info">发布时间：{moment:%Y-%m-%d %H:%M} 来源：{self.site.organizer}</div>'
            + self.style.body.format(text=text)
        )
        meta = {"ArticleTitle": item.title, "PubDate": f"{moment:%Y-%m-%d %H:%M}", "ContentSource": self.site.organizer}
        crumb = f'<a href="/">首页</a> &gt; <a href="{column_path}">{column}</a> &gt; 正文'
        return Draft(item.href, spot, f"{item.title}-{self.site.name}", crumb, content, meta)

    def _own(self, plant: Plant) -> Draft:
        """A page that is in the web for the sake of one entry: a column where it has a name, else a topic page."""
        if plant.name:
            return self._column(plant.page, plant.page, plant.name, "")
        text = "".join(f"<p>{line}</p>" for line in _TEXT)
        return Draft(plant.page, plant.page, f"专题-{self.site.name}", '<a href="/">首页</a> &gt; 专题', text, {})

    def _list(self, items: list[Item]) -> str:
        rows = (
            self.style.item.format(n=n, href=item.href, title=item.title, day=datetime.combine(item.day, _NOON))
            for n, item in enumerate(items)
        )
        return self.style.list.format(items="".join(rows))

    def _publish(self, draft: Draft) -> None:
        raw = ""
        for plant in self.plants:
            if plant.page == draft.spot:
                _plant(draft, plant)
                raw += plant.html if plant.place == "raw-tail" else ""
                self.web.addresses[plant] = f"http://{self.site.host}{draft.path}"
        body = self._laid_out(draft).encode(self.style.encoding, "xmlcharrefreplace") + raw.encode()
        self._put(draft.path, Answer(body, content_type=f"text/html; charset={self.style.encoding}"))

    def _laid_out(self, draft: Draft) -> str:
        site = self.site
        meta = {"SiteName": site.name, "SiteDomain": site.host, "SiteIDCode": site.code, **draft.meta}
        return string.Template(layout(self.style.layout)).substitute(
            encoding=self.style.encoding,
            title=draft.title,
            meta="\n".join(f'<meta name="{name}" content="{value}">' for name, value in meta.items()),
            head=draft.head,
            site=site.name,
            nav=self._nav(),
            crumb=draft.crumb,
            content=draft.content + draft.listed,
            organizer=site.organizer,
            code=site.code,
            today=f"{self.today.year}年{self.today.month}月{self.today.day}日",
            tail=draft.tail,
        )

    def _nav(self) -> str:
        columns = [(self._column_path(number, column), column.name) for number, column in enumerate(self.site.columns, 1)]
        columns += [(plant.page, plant.name) for plant in self.plants if plant.name]
        return "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in [("/", "首页"), *columns])


def _plant(draft: Draft, plant: Plant) -> None:
    if plant.place == "title":
        draft.title = plant.html
    elif plant.place == "items":
        draft.listed = plant.html
    elif plant.place in {"content", "head", "tail"}:
        setattr(draft, plant.place, getattr(draft, plant.place) + plant.html)

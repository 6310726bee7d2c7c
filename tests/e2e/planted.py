"""A small web that says secrets wherever a web can say something, each place one of its own."""

import random
import re
import string
from urllib.parse import quote

from tests.crawl.web import Answer
from tests.page import attachment_makers as make

# The specimens of the standard's annex and of public test data; a Luhn-true card number that nobody has.
ID_NUMBERS = ("11010519491231002X", "440524188001010014", "11010219840406970X")
CARD = "6222021234567890128"
_SIGNS = string.ascii_letters + string.digits
_FILLER = "<p>青山县人民政府认真落实各项工作部署，持续推进政务公开。</p>" * 4
_LINK = re.compile(r'href="(/[^"]*)"')


def key(place: str) -> str:
    """A made-up cloud key of the form that Tencent hands out; the same for the same place."""
    dice = random.Random(place)
    return "AKID" + "".join(dice.choice(_SIGNS) for _ in range(32))


def password(place: str) -> str:
    dice = random.Random(f"password {place}")
    return "".join(dice.choice(_SIGNS) for _ in range(14))


class Planted:
    """Pages, attachments and answers by path. `keys` and `passwords` grow with every place that asks for one."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.passwords: dict[str, str] = {}
        self.answers: dict[str, Answer] = {}
        self._fill()

    @property
    def specimens(self) -> dict[str, bytes]:
        """Where each was planted -> what must stand nowhere. Keys and passwords without their ends, which a mask may show."""
        found = {f"key in {place}": value[6:-4].encode() for place, value in self.keys.items()}
        found |= {f"password in {place}": value[2:-2].encode() for place, value in self.passwords.items()}
        found |= {f"ID number {n}": number[3:-3].encode() for n, number in enumerate(ID_NUMBERS)}
        return found | {"card": CARD[3:-3].encode(), "name beside a number": "欧阳测试".encode()}

    @property
    def links(self) -> list[str]:
        """What the home page leads to."""
        return _LINK.findall(str(self.answers["/"].body))

    def answer(self, host: str, path: str) -> Answer | None:  # noqa: ARG002 - the shape of a web
        return self.answers.get(path)

    def k(self, place: str) -> str:
        return self.keys.setdefault(place, key(place))

    def p(self, place: str) -> str:
        return self.passwords.setdefault(place, password(place))

    def _fill(self) -> None:
        self._pages()
        self._addresses()
        self._attachments()
        self._faults()
        self._home()

    def _page(self, path: str, body: str, title: str = "青山县", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(
            f"<html><head><title>{title}</title></head><body>{_FILLER}{body}</body></html>", headers=named
        )

    def _pages(self) -> None:
        k, number = self.k, ID_NUMBERS[0]
        self._page("/title.html", "<p>正文</p>", title=f"{k('title')} {number}")
        self._page("/text.html", f"<p>姓名：欧阳测试 身份证号：{number} 银行卡号：{CARD}</p><p>secretKey={k('text')}</p>")
        self._page("/comment.html", f"<!-- 数据库密码：{self.p('comment')} {k('comment')} {ID_NUMBERS[1]} -->")
        self._page(
            "/script.html", f'<script>var ak="{k("script")}";var db="mysql://root:{self.p("script")}@10.1.1.8/cms";</script>'
        )
        self._page(
            "/input.html", f'<input type="hidden" name="sfzh" value="{ID_NUMBERS[2]}"><input name="key" value="{k("input")}">'
        )
        self._page(
            "/dark.html",
            f'<div style="display:none"><a href="http://bet.test/?token={k("hidden link")}">澳门赌场 {k("hidden text")} {number}</a>'
            '<a href="http://b.test/">彩票投注平台</a></div>',
        )
        rows = "".join(
            f'<li><a href="/item{n}.html">关于{k(f"item {n}")}和{number}的通知</a><span>2017-03-{n + 10}</span></li>'
            for n in range(6)
        )
        self._page("/column/", f"<h1>{k('column')}{number}</h1><ul>{rows}</ul>", title=f"通知公告{k('column title')}")
        self._page(
            "/header.html", "<p>x</p>", X_Debug_Token=k("header"), Set_Cookie=f"session={k('cookie')}; Path=/", Server=k("server")
        )
        self.answers["/charset.html"] = Answer(_FILLER, headers={"Content-Type": f"text/html; charset={k('charset')}"})
        self.answers["/type.html"] = Answer(_FILLER, headers={"Content-Type": f"application/{k('content type')}"})

    def _addresses(self) -> None:
        """The hard case: an address has to be queued as it is."""
        self._page(f"/person/{ID_NUMBERS[0]}.html", "<p>一</p>")
        self._page(f"/query?sfzh={ID_NUMBERS[1]}&access_token={self.k('query')}", f"<p>身份证号：{ID_NUMBERS[1]}</p>")
        self._page(f"/key/{self.k('path')}/index.html", "<p>二</p>")
        self.answers["/moved"] = Answer(status=302, headers={"Location": f"/landed?ticket={self.k('redirect')}"})
        self._page(f"/landed?ticket={self.k('redirect')}", "<p>三</p>")
        self.answers["/away"] = Answer(status=302, headers={"Location": f"http://a.test/?ticket={self.k('redirect away')}"})
        self._page(f"/refresh?token={self.k('refresh')}", "<p>四</p>")
        self.answers["/meta.html"] = Answer(f'<meta http-equiv="refresh" content="0;url=/refresh?token={self.k("refresh")}">')
        self.answers["/robots.txt"] = Answer(f"User-agent: *\nDisallow: /closed?token={self.k('robots')}\n")

    def _attachments(self) -> None:
        text, k = f"姓名：欧阳测试 身份证号：{ID_NUMBERS[0]} secretKey={self.k('attachment')}", self.k
        secret_name = f"{k('attachment name')}欧阳测试{ID_NUMBERS[2]}"
        self.answers |= {
            quote(f"/files/{secret_name}.docx"): Answer(make.docx(text)),
            "/files/a.xlsx": Answer(make.xlsx("comment", f"{text} {k('comment of a sheet')}")),
            "/files/b.csv": Answer(f"姓名,身份证号\n欧阳测试,{ID_NUMBERS[1]}\n".encode("gb18030")),
            "/files/c.zip": Answer(make.zipped({f"{secret_name}/{k('entry name')}.txt": text, f"{k('broken entry')}.docx": b"PK\x03\x04x"})),
            f"/files/{k('broken attachment')}-{ID_NUMBERS[1]}.xlsx": Answer(make.xlsx("body", text)[:900]),
            "/files/wwwroot.zip": Answer(make.zipped({"config.php": f"password = '{self.p('backup')}'"})),
            "/files/secret.txt": Answer(f"秘密★1年\n特急\n关于{k('classified text')}的通知", headers={"Content-Type": "text/plain"}),
        }  # fmt: skip

    def _faults(self) -> None:
        k = self.k
        trace = (
            f"java.sql.SQLException: Access denied for {ID_NUMBERS[0]} password={self.p('trace')} key {k('trace')}\n"
            + "".join(f"\tat com.example.Dao.open(Dao.java:{n})\n" for n in range(4))
        )
        self.answers |= {
            "/fault.html": Answer(f"<html><head><title>Error</title></head><pre>{trace}</pre></html>", status=500),
            f"/missing?token={k('missing address')}": Answer(f"<title>404 {k('missing title')}</title>", status=404),
            f"/refused?sfz={ID_NUMBERS[0]}&k={k('refused address')}": Answer(b"", status=403),
            "/php.html": Answer(f"<b>Warning</b>: mysql_connect('10.1.1.8','root','{self.p('php')}') {k('php')} in <b>/www/a.php</b> on line <b>3</b><br />"),
            f"/broken-{k('broken answer')}.html": Answer(b"\x1f\x8b\x08broken", headers={"Content-Encoding": "gzip"}),
            f"/large?password={self.p('large')}": Answer(b"x", headers={"Content-Encoding": f"x-{k('encoding')}"}),
        }  # fmt: skip

    def _home(self) -> None:
        paths = [path for path in self.answers if not path.startswith(("/robots", "/landed", "/refresh"))]
        closed = (
            f'<a href="/closed?token={self.k("robots")}">关闭</a><a href="/gone/{ID_NUMBERS[1]}?token={self.k("gone")}">去</a>'
        )
        links = "".join(
            f'<li><a href="{path}" title="{self.k("anchor title")}">链接{self.k("anchor")}</a></li>' for path in paths
        )
        self._page("/", f'<meta name="keywords" content="{self.k("meta")}"><ul>{links}{closed}</ul>', title="青山县人民政府")

"""Generated webs on loopback for the crawl benches, and the process that serves them.

python tests/bench/webs.py HOSTS PAGES [dressed]     prints its port; GET /__counts tells how often each page was asked for

Dressed pages have style sheets as those of real sites are, of each host its own, and a link to another host in an element that they style.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from typing import ClassVar

import uvloop

WORDS = [
    "政府信息公开",
    "通知公告",
    "工作动态",
    "政策解读",
    "关于印发",
    "实施方案",
    "会议召开",
    "调研检查",
    "安全生产",
    "乡村振兴",
    "营商环境",
    "民生实事",
    "征求意见",
    "行政审批",
    "办事指南",
    "财政预算",
    "人事任免",
    "应急管理",
    "生态环境",
    "教育卫生",
    "交通运输",
    "城市建设",
    "文化旅游",
    "数据发布",
]


SHEETS = 3


def address(host: int) -> str:
    return f"127.0.{8 + host // 250}.{host % 250 + 1}"


def path_of(page: int) -> str:
    if page == 0:
        return "/"
    if page < 8:
        return f"/lm{page}/"
    return f"/lm{page % 7 + 1}/2017{page % 3 + 1:02d}/t2017{page % 3 + 1:02d}{page % 28 + 1:02d}_{page + 10000}.html"


def page_body(host: int, page: int, pages: int, links: tuple[int, int] = (28, 50)) -> bytes:
    """7 to 14 kB with 28 to 53 links (or about so many as asked for), each page linked from several others; the same for the same numbers."""
    dice = random.Random(host * 100_003 + page)
    linked = {(page + 1) % pages, (page * 7 + 3) % pages, *range(min(8, pages))}
    while len(linked) < min(dice.randint(*links), pages):
        linked.add(dice.randrange(pages))
    items = "".join(
        f'<li><a href="{path_of(n)}" title="{(title := "".join(dice.choices(WORDS, k=4)))}">{title}</a>'
        f"<span>2017-{n % 3 + 1:02d}-{n % 28 + 1:02d}</span></li>"
        for n in sorted(linked)
    )
    text = "".join(f"<p>{''.join(dice.choices(WORDS, k=dice.randint(20, 60)))}。</p>" for _ in range(dice.randint(2, 7)))
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{WORDS[page % len(WORDS)]}-第{page}页</title>'
        f'<link rel="stylesheet" href="/css/main.css"><meta name="ColumnName" content="{WORDS[page % 7]}">'
        f"<script>var n={page};function go(){{return n}}</script></head><body><div class=head><h1>某市人民政府</h1></div>"
        f'<div class="list"><ul>{items}</ul></div><div class="text">{text}</div>'
        f"<div class=foot>网站标识码：1101050001 主办单位：某市人民政府办公室</div></body></html>"
    )
    return html.encode()


def dressed(body: bytes, host: int, neighbour: str) -> bytes:
    """The page with three sheets, and a link to a neighbour in an element that one of them hides until it is pointed at."""
    sheets = b"".join(b'<link rel="stylesheet" href="/css/%d.css">' % number for number in range(SHEETS))
    link = f'<div class="box{host % 33 * 10} menu"><a href="{neighbour}">{WORDS[host % len(WORDS)]}</a></div>'.encode()
    return body.replace(b"</head>", sheets + b"</head>").replace(b"<div class=foot>", link + b"<div class=foot>")


def sheet(host: int, number: int) -> bytes:
    """60 KB in 330 rules, of which a tenth hide something and a fifth wait for the pointer. Of real sheets, 9.5 MB of 1,100, the selectors and
    the declarations that can hide something or undo it are 42 % of the text; here 41 %.
    """
    dice = random.Random(host * 7 + number)
    rules = [
        f".h{host} .box{n} > .item{n % 40} a{{\n  padding: {n % 9}px {n % 30}px;\n  color: #{dice.randrange(1000):03};\n  float: left;\n"
        f"  background: url(/images/{host}/{n}.png) no-repeat;\n  border-bottom: 1px solid #{n % 1000:03};\n"
        f"  width: {dice.randrange(10, 900)}px;\n  font-weight: bold;\n}}"
        if n % 10
        else f".box{n}{{display:none;position:absolute;top:{n % 90}px}}\n.menu:hover .box{n}{{display:block}}"
        for n in range(330)
    ]
    return "\n".join(rules).encode()


class Server(asyncio.Protocol):
    pages: ClassVar[dict[bytes, bytes]] = {}
    counts: ClassVar[Counter[bytes]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            host = next(line[5:].strip() for line in head.split(b"\r\n") if line[:5].lower() == b"host:").partition(b":")[0]
            self.transport.write(self.answer(host + path, path))

    def answer(self, key: bytes, path: bytes) -> bytes:
        if path == b"/__counts":
            return made(json.dumps({k.decode(): n for k, n in self.counts.items()}).encode(), b"application/json")
        if path == b"/__reset":
            self.counts.clear()
            return made(b"ok", b"text/plain")
        self.counts[key] += 1
        return self.pages.get(key) or b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"


def made(body: bytes, kind: bytes = b"text/html; charset=utf-8") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


async def serve(hosts: int, pages: int, *, with_sheets: bool) -> None:
    loop = asyncio.get_running_loop()
    port = 0
    for host in range(hosts):
        server = await loop.create_server(Server, address(host), port, backlog=1024)
        port = server.sockets[0].getsockname()[1]
    for host in range(hosts):
        neighbour = f"http://{address((host + 1) % hosts)}:{port}/"
        for page in range(pages):
            body = page_body(host, page, pages)
            Server.pages[f"{address(host)}{path_of(page)}".encode()] = made(
                dressed(body, host, neighbour) if with_sheets else body
            )
        for number in range(SHEETS if with_sheets else 0):
            Server.pages[f"{address(host)}/css/{number}.css".encode()] = made(sheet(host, number), b"text/css")
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), with_sheets="dressed" in sys.argv))

"""Bodies, encodings, redirects, markup and robots.txt with which a server misleads who reads them."""

import gzip
import io
import struct
import zipfile
import zlib

from tests.hostile.behaviour import DONE, GOOD, Act, Behaviour, Pause, Repeat, Step, http, page, start, to

_HTML = b"<!DOCTYPE html><title>x</title><p>" + b"body " * 200
_ZEROS = bytes(30_000_000)


def _packed(body: bytes, encoding: str = "gzip") -> tuple[bytes, ...]:
    return http(body, "200 OK", f"Content-Encoding: {encoding}")


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


_ZIPPED = gzip.compress(_HTML)
ENCODINGS = (
    Behaviour("packs a bomb", "too_large", _packed(gzip.compress(_ZEROS, 1))),
    Behaviour("packs a bomb in a bomb", "too_large", _packed(gzip.compress(gzip.compress(_ZEROS, 1)), "gzip, gzip")),
    Behaviour("packs a bomb as deflate", "too_large", _packed(zlib.compress(_ZEROS, 1), "deflate")),
    Behaviour("packs a bomb of many members", "too_large", _packed(gzip.compress(bytes(900_000)) * 16)),
    Behaviour("packs forty thousand empty members", "bad_response", _packed(_ZIPPED + gzip.compress(b"") * 40_000)),
    Behaviour("packs in many members", DONE, _packed(gzip.compress(_HTML[:300]) + gzip.compress(_HTML[300:]))),
    Behaviour("cuts the packed body", "bad_response", _packed(_ZIPPED[:-20])),
    Behaviour("packs under a wrong checksum", "bad_response", _packed(_ZIPPED[:-8] + b"12345678")),
    Behaviour("packs, then adds noise", DONE, _packed(_ZIPPED + b"\0noise")),
    Behaviour("says gzip and sends plain", DONE, _packed(_HTML)),
    Behaviour("says gzip and sends nothing", DONE, _packed(b"")),
    Behaviour("says deflate and sends noise", "bad_response", _packed(b"\xff" * 500, "deflate")),
    Behaviour("says deflate without its header", DONE, _packed(_bare(_HTML), "deflate")),
    Behaviour("packs in brotli unasked", "bad_response", _packed(b"\x1b\x03\x00", "br")),
    Behaviour("packs in zstd unasked", "bad_response", _packed(b"\x28\xb5\x2f\xfd", "zstd")),
    Behaviour("packs nine times", "bad_response", _packed(_ZIPPED, ", ".join(["gzip"] * 9))),
    Behaviour("names its charset as encoding", DONE, _packed(_HTML, "utf-8")),  # browsers ignore what is no coding
    Behaviour("names an encoding of raw bytes", DONE, _packed(_HTML, "\xff\xfe")),
)

_LOOP = {f"/{n}": to(f"/{n + 1}") for n in range(400)}
# A home page that leads nowhere leaves the site unseen: final, and told.
REDIRECTS = (
    Behaviour("redirects without saying where", "bad_response", http(b"", "302 Found")),
    Behaviour("redirects to nothing", "bad_response", to("")),
    Behaviour("redirects to itself", "bad_response", to("/")),
    Behaviour("redirects to a fragment of itself", "bad_response", to("#x")),
    Behaviour("redirects to no address", "bad_response", to("http://[")),
    Behaviour("redirects to an empty host", "bad_response", to("http:///")),
    Behaviour("redirects to a script", "bad_response", to("javascript:alert(1)")),
    Behaviour("redirects to a file", "bad_response", to("file:///etc/passwd")),
    Behaviour("redirects to data", "bad_response", to("data:text/html,x")),
    Behaviour("redirects to gopher", "bad_response", to("gopher://127.0.0.1:6379/_FLUSHALL")),
    Behaviour("redirects off the site", "bad_response", to("http://127.99.0.2/")),
    Behaviour("redirects inside by name", "bad_response", to("http://localhost/")),
    Behaviour("redirects to the metadata", "bad_response", to("http://169.254.169.254/latest/meta-data/")),
    Behaviour("redirects in raw bytes", DONE, to("/\xd6\xd0\xb9\xfa"), pages={"/%D6%D0%B9%FA": GOOD}),
    Behaviour("redirects with credentials", DONE, to("//admin:secret@HOST/a"), pages={"/a": GOOD}),
    Behaviour("redirects off the site in raw bytes", "bad_response", to("http://\xd6\xd0\xb9\xfa.test/\xff")),
    Behaviour("redirects to an address of seven kilobytes", "bad_response", to("/" + "x" * 7000)),
    Behaviour("redirects once", DONE, to("/a"), pages={"/a": GOOD}),
    Behaviour("redirects for good with a body", DONE, http(_HTML, "308 Moved", "Location: /a"), pages={"/a": GOOD}),
    # Both addresses are seen by then; nothing was had.
    Behaviour("redirects to and fro", "bad_response", to("/a"), pages={"/a": to("/")}),
    Behaviour("redirects without end", "bad_response", to("/0"), pages=_LOOP),
    Behaviour("redirects and hangs", DONE, (start("Location: /a").replace(b"200 OK", b"302 Found") + b"\r\n", Pause(0.2), Act.END),
              pages={"/a": GOOD}),
    Behaviour("refreshes to itself", DONE, page('<meta http-equiv=refresh content="0;url=/">')),
    Behaviour("refreshes to the metadata", DONE, page('<meta http-equiv=refresh content="0;url=http://169.254.169.254/">')),
)  # fmt: skip


def _zip(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return held.getvalue()


_XML_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><l>&j;</l>"
)
_XXE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1/">]><l>&x;&y;</l>'
_TEXTS = {
    "nests four thousand tables": "<table><tr><td>" * 4_000,
    "nests two thousand links": "<a href=http://o.test/x><b>" * 2_000,
    "closes what was never opened": "</p></div></html></x>" * 14_000,
    "gives an element ten thousand attributes": "<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">",
    "gives an attribute half a megabyte": f'<p title="{"x" * 500_000}">',
    "shows half a megabyte of one letter": "a" * 500_000,
    "shows half a megabyte of digits": "1" * 500_000,
    "shows half a megabyte of spaces": " " * 500_000 + "x",
    "shows a hundred thousand at signs": "a@" * 100_000,
    "shows fifty thousand brackets": "([{" * 50_000,
    "shows thirty thousand dates": "2017-04-01 " * 30_000,
    "shows lone surrogates": "&#xD800;&#xDFFF;\ud800" * 100,
    "shows NUL and control characters": "a\0b\x1b[31m\x07\x7f" * 1000,
    "shows right-to-left overrides": "\u202eabc\u2066" * 5000,
    "shows a stack of accents": "a" + "\u0301" * 50_000,
    "shows entities that are none": "&#x110000;&#0;&nosuch;&#99999999999;" * 5000,
    "links three thousand places outside": "".join(f"<a href=http://h{n}.test/>x</a>" for n in range(3_000)),
    "links to every protocol": "".join(f'<a href="{p}:x">x</a>' for p in ("javascript", "data", "file", "ftp", "gopher", "blob", "about")),
    "links with broken addresses": "".join(f'<a href="{u}">x</a>' for u in ("http://[", "//", "http://a b/", "http://%", "\\\\", "?" * 9000)),
    "frames the machine itself": '<iframe src="http://127.0.0.1/"></iframe><frame src="http://localhost:6379/">',
    "moves its base inside": '<base href="http://10.0.0.1/"><a href="x">x</a><link rel=stylesheet href="s.css">',
    "moves its base a thousand times": "".join(f'<base href="//b{n}.test/">' for n in range(1000)),
    "styles with a selector of a megabyte": f"<style>{'a>' * 100_000}b{{display:none}}</style><p>x",
    "styles with three thousand rules": "<style>" + "".join(f".c{n}{{display:none}}" for n in range(3_000)) + "</style><p class=c9>x",
    "styles without end": "<style>p{" + "/*" * 100_000,
    "styles itself with imports of itself": '<style>@import "/";@import "//127.0.0.1/x.css";</style>',
    "scripts a line of half a megabyte": f"<script>var a='{'x' * 500_000}'</script>",
    "scripts a packed program without end": "<script>eval(function(p,a,c,k,e,d){" + "}('" * 2000 + "</script>",
    "scripts a string of escapes": "<script>document.write(unescape('" + "%3C" * 50_000 + "'))</script>",
    "comments without end": "<!--" + "x" * 300_000,
    "stops marking up": "<plaintext>" + "<a href=/x>" * 1000,
    "hides three thousand links": "<div style=display:none>" + "<a href=http://b.test/>x</a>" * 3000,
    "draws foreign content": "<svg><math><mtext><svg><foreignObject><p>" * 500,
    "selects among five thousand": "<select>" + "<option>x" * 5_000,
    "lists three hundred entries": "<ul>" + "".join(f"<li><a href=http://o.test/{n}>通知</a> 2017-03-{n % 28 + 1:02d}" for n in range(300)),
    "posts a form at everyone": '<form action="/delete" method=post><input name=x></form><script>document.forms[0].submit()</script>',
    "titles itself with a megabyte": f"<title>{'标' * 200_000}",
}  # fmt: skip
# The longest pages that are read, each full of one thing that some step goes over in one go; and as many tags as are read.
_LONG_BYTES = 2_990_000
_LONG = {
    "one letter": "a",
    "spaces": " ",
    "digits": "1",
    "Chinese": "政务公开",
    "at signs": "a@",
    "words": "fetch new v ng app loading template ",
    "brackets": "([{",
    "braces": "{{ ",
    "quotes": "'\"",
    "escapes": "%3C&#60;\\u003c",
}
_HALVES = {"comment": "<!--", "script": "<script>var a='", "sheet": "<style>p{", "tag": "<p title='"}
_CROWDS = {
    "paragraphs": "<p>关于通知的公告</p>\n",
    "lines": "<br>\n",
    "links outside": "<a href=http://o.test/>通知</a>",
    "entries": "<li><a href=/>关于做好工作的通知</a> 2017-03-11",
    "rows": "<tr><td>2017-03-11",
    "hidden links": "<p hidden><a href=http://b.test/>x</a></p>",
}


def _long(before: str, piece: str) -> tuple[Step, ...]:
    portion = piece.encode() * (_LONG_BYTES // 100 // len(piece.encode()))
    return (start() + b"\r\n<!DOCTYPE html><title>x</title><body>" + before.encode(), Repeat(portion, 100), Act.END)


def _crowd(piece: str) -> tuple[Step, ...]:
    return (
        start() + b"\r\n<!DOCTYPE html><title>x</title><body>",
        Repeat(piece.encode() * 100, 590 // piece.count("<")),
        Act.END,
    )


_COSTLY = "or as costly as those"
MARKUP = (
    *(Behaviour(name, DONE, page(body)) for name, body in _TEXTS.items()),
    *(Behaviour(f"sends three megabytes of {name}", DONE, _long("", piece)) for name, piece in _LONG.items()),
    *(Behaviour(f"sends three megabytes of half a {name}", DONE, _long(piece, "xyz;" * 25)) for name, piece in _HALVES.items()),
    *(Behaviour(f"sends sixty thousand tags of {name}", DONE, _crowd(piece)) for name, piece in _CROWDS.items()),
    Behaviour("sends nine megabytes", "too_large", (start() + b"\r\n", Repeat(b"<p>x " * 1000, 1800), Act.END), gaps=("3,000,000 bytes",)),
    Behaviour("sends nine megabytes of text", DONE, (start().replace(b"html", b"plain") + b"\r\n", Repeat(b"text " * 1000, 1800), Act.END),
              gaps=("3,000,000 bytes",)),
    Behaviour("offers twenty thousand entries", "too_large", page("<select>" + "<option>x" * 20_000), gaps=(_COSTLY,)),
    Behaviour("lists items far down", "too_large", page("<div>" * 4_900 + "<li>x" * 100_000), gaps=(_COSTLY,)),
    Behaviour("ends far down what was never opened", "too_large", page("<div>" * 4_900 + "</h1>" * 100_000), gaps=(_COSTLY,)),
    Behaviour("gives an element forty thousand attributes", "too_large",
              page("<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">"), gaps=("10,000 attributes",)),
    Behaviour("hides brackets in forty thousand attributes", "too_large",
              page("<p " + " ".join(f'a{n}="<>"' for n in range(40_000)) + ">"), gaps=("10,000 attributes",)),
    Behaviour("nests fifty thousand elements", "too_large", page("<div>" * 50_000), gaps=("nested more than",)),
    Behaviour("nests fifty thousand elements of its own", "too_large", page("<x-y>" * 50_000), gaps=("nested more than",)),
    Behaviour("nests four thousand elements", DONE, page("<div><b>" * 2_000)),
    Behaviour("sends a billion laughs", DONE, http(_XML_BOMB, kind="application/xml")),
    Behaviour("asks for files by entity", DONE, http(_XXE, kind="application/xhtml+xml")),
    Behaviour("names no charset that is", DONE, http(_HTML, kind="text/html; charset=utf-7; charset=zzz")),
    Behaviour("sends half of UTF-16", DONE, http("<p>标题".encode("utf-16")[:-1], kind="text/html; charset=utf-16le")),
    Behaviour("sends UTF-8 that is none", DONE, http(b"<p>\xc0\x80\xed\xa0\x80\xf8\xff\xfe", kind="text/html; charset=utf-8")),
    Behaviour("sends noise as a page", DONE, http(bytes(range(256)) * 400)),
    Behaviour("sends a page as a picture", DONE, http(_HTML, kind="image/png")),
    Behaviour("sends a page as nothing", DONE, http(_HTML, kind="")),
    Behaviour("sends a PDF that is cut", DONE, http(b"%PDF-1.7\n" + b"1 0 obj<<" * 500, kind="application/pdf"), gaps=("damaged PDF",)),
    Behaviour("sends an archive with paths outside", DONE,
              http(_zip({"../../etc/passwd": b"x", "C:\\x.txt": b"y", "/abs.txt": b"z"}), kind="application/zip")),
    Behaviour("sends an archive that is a bomb", DONE, http(_zip({"a.txt": _ZEROS[:20_000_000]}), kind="application/zip")),
    Behaviour("sends an archive that is cut", DONE, http(_zip({"a.txt": b"x" * 5000})[:-60], kind="application/zip")),
    Behaviour("sends a workbook that is noise", DONE, http(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000,
                                                          kind="application/vnd.ms-excel")),
    Behaviour("sends a document with a huge table", DONE, http(struct.pack("<II", 0xE011CFD0, 0xE11AB1A1) + b"\x7f" * 8000,
                                                              kind="application/msword")),
)  # fmt: skip


def _robots(body: bytes | str, status: str = "200 OK") -> tuple[bytes, ...]:
    return http(body, status, kind="text/plain")


# RFC 9309: not there allows all, a server in trouble forbids all, out of reach is asked for its home page all the same.
ROBOTS = (
    Behaviour("forbids everything", "robots", GOOD, 0, robots=_robots("User-agent: *\nDisallow: /")),
    Behaviour("forbids us by name", "robots", GOOD, 0, robots=_robots("User-agent: govcrawl\nDisallow: /")),
    Behaviour("has a robots.txt in trouble", "http_5xx", GOOD, 0, robots=_robots("", "500 Fault")),
    Behaviour("has a robots.txt that hangs", DONE, GOOD, robots=(Act.HANG,)),
    Behaviour("has a robots.txt that resets", DONE, GOOD, robots=(Act.RESET,)),
    Behaviour("has a robots.txt without end", DONE, GOOD, robots=(start() + b"\r\n", Repeat(b"Allow: /\n" * 5000))),
    Behaviour("has a robots.txt that is a page", DONE, GOOD, robots=GOOD),
    Behaviour("has a robots.txt of noise", DONE, GOOD, robots=_robots(bytes(range(256)) * 50)),
    Behaviour("has a robots.txt of surrogates", DONE, GOOD, robots=_robots("User-agent: *\nAllow: /\ud800\n")),
    Behaviour("has a robots.txt that moves inside", DONE, GOOD, robots=to("http://127.0.0.1:6379/")),
    Behaviour("has a robots.txt that moves for ever", DONE, GOOD, robots=to("/robots.txt")),
    Behaviour("has a robots.txt with a delay that is no number", DONE, GOOD, robots=_robots("User-agent: *\nCrawl-delay: nan")),
    Behaviour("has a robots.txt with a delay below nothing", DONE, GOOD, robots=_robots("User-agent: *\nCrawl-delay: -5")),
    Behaviour("has a robots.txt of stars", DONE, GOOD, robots=_robots("User-agent: *\n" + f"Disallow: /{'*a' * 60}b\n" * 50)),
    Behaviour("has a robots.txt of ten thousand rules", DONE, GOOD,
              robots=_robots("User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(10_000)))),
    Behaviour("lists a site map inside", DONE, GOOD, robots=_robots("Sitemap: http://127.0.0.1:6379/\nSitemap: file:///etc/passwd\n")),
)  # fmt: skip

# What a page brings with it: had or not, the page is inspected, and what was not had is told.
_SHEET = page('<link rel=stylesheet href="/s.css"><p class=x>text<a href="http://o.test/">o</a>')
BESIDE = (
    Behaviour("has a style sheet that hangs", DONE, _SHEET, pages={"/s.css": (Act.HANG,)}, gaps=("timeout",)),
    Behaviour("has a style sheet that resets", DONE, _SHEET, pages={"/s.css": (Act.RESET,)}, gaps=("reset",)),
    Behaviour("has a style sheet over the limit", DONE, _SHEET, pages={"/s.css": http(b" " * 700_000)}, gaps=("too_large",)),
    Behaviour(
        "has a style sheet that moves inside",
        DONE,
        _SHEET,
        pages={"/s.css": to("http://127.0.0.1:6379/")},
        gaps=("bad_response",),
    ),
    Behaviour("has a style sheet that moves for ever", DONE, _SHEET, pages={"/s.css": to("/s.css")}, gaps=("bad_response",)),
    Behaviour("has a style sheet in trouble", DONE, _SHEET, pages={"/s.css": http(b"", "500 Fault")}, gaps=("http_5xx",)),
    Behaviour("has a style sheet of braces", DONE, _SHEET, pages={"/s.css": http("{" * 100_000, kind="text/css")}),
    Behaviour("has a style sheet that is a page", DONE, _SHEET, pages={"/s.css": GOOD}),
    Behaviour(
        "has a style sheet that imports itself", DONE, _SHEET, pages={"/s.css": http('@import "/s.css";', kind="text/css")}
    ),
)
_AFTER = page('<a href="/a">a</a><a href="/b">b</a><a href="/c">c</a>')
PAGES = (
    Behaviour("has good pages beside one that hangs", DONE, _AFTER, pages={"/a": GOOD, "/b": (Act.HANG,), "/c": GOOD}, extra=2, failed=1),
    Behaviour("has good pages beside one that is a bomb", DONE, _AFTER,
              pages={"/a": GOOD, "/b": _packed(gzip.compress(_ZEROS, 1)), "/c": GOOD}, extra=2, failed=1, gaps=("too_large",)),
    Behaviour("has a page that redirects to itself", DONE, _AFTER, pages={"/a": GOOD, "/b": to("/b"), "/c": GOOD}, extra=2, failed=1,
              gaps=("redirects to itself",)),
    Behaviour("has a page that redirects without end", DONE, _AFTER, pages={"/a": GOOD, "/b": to("/0"), "/c": GOOD, **_LOOP}, extra=2,
              failed=1, gaps=("redirects on and on",)),
)  # fmt: skip

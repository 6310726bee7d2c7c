"""Connections and HTTP messages that are broken."""

from tests.hostile.behaviour import AGAIN, DONE, GOOD, ONCE, THROTTLED, Act, Behaviour, Pause, Repeat, http, page, start

_HTML = b"<!DOCTYPE html><title>x</title><p>body"
_CHUNKED = start("Transfer-Encoding: chunked") + b"\r\n"

# A host that gives no answer, or half of one, may be better in a minute: a transient word, all tries.
CONNECTIONS = (
    Behaviour("nobody listens", "refused", tries=AGAIN, listens=False),
    Behaviour("the backlog is full", "timeout", tries=AGAIN, deaf=True),
    Behaviour("ends at once", "reset", (Act.END,), AGAIN),
    Behaviour("resets at once", "reset", (Act.RESET,), AGAIN),
    Behaviour("never answers", "timeout", (Act.HANG,), AGAIN),
    Behaviour("ends after the status line", "reset", (b"HTTP/1.1 200 OK\r\n",), AGAIN),
    Behaviour("ends within the headers", "reset", (start("X: 1"),), AGAIN),
    Behaviour("falls silent within the headers", "timeout", (start("X: 1"), Act.HANG), AGAIN),
    Behaviour("falls silent before the body", "timeout", (start("Content-Length: 9") + b"\r\n", Act.HANG), AGAIN),
    Behaviour("falls silent within the body", "timeout", (start("Content-Length: 900") + b"\r\n" + _HTML, Act.HANG), AGAIN),
    Behaviour("falls silent within a chunk", "timeout", (_CHUNKED + b"ff\r\nhalf", Act.HANG), AGAIN),
    Behaviour("resets after the headers", "reset", (start("Content-Length: 900") + b"\r\n", Pause(0.1), Act.RESET), AGAIN),
    Behaviour("resets within the body", "reset", (start("Content-Length: 900") + b"\r\n" + _HTML, Pause(0.1), Act.RESET), AGAIN),
    Behaviour("resets within a chunk", "reset", (_CHUNKED + b"ff\r\nhalf", Pause(0.1), Act.RESET), AGAIN),
    Behaviour("drips headers", "timeout", (b"HTTP/1.1 200 OK\r\nX: ", Repeat(b"x", pause=0.3)), AGAIN),
    Behaviour("drips the body", "timeout", (start("Content-Length: 9999") + b"\r\n", Repeat(b"x", pause=0.3)), AGAIN),
    Behaviour("drips chunks", "timeout", (_CHUNKED, Repeat(b"1\r\nx\r\n", pause=0.3)), AGAIN),
    Behaviour("drips interim answers", "timeout", (Repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.2),), AGAIN),
    Behaviour("is slow, but in time", DONE, (Pause(1.0), *GOOD)),
    Behaviour("sends byte by byte, but in time", DONE, tuple(bytes([byte]) for byte in GOOD[0])),
)

# The length that a server names is not the length that it sends.
LENGTHS = (
    Behaviour("names a longer body", "reset", http(_HTML, length=900), AGAIN),
    # What belongs to the answer, and what to the next one, nobody can tell.
    Behaviour("names a shorter body", "bad_response", http(_HTML + b"rest", length=len(_HTML))),
    Behaviour("names a negative length", "bad_response", (start("Content-Length: -5") + b"\r\n" + _HTML,)),
    Behaviour("names a length in words", "bad_response", (start("Content-Length: much") + b"\r\n" + _HTML,)),
    Behaviour("names two lengths", "bad_response", (start("Content-Length: 5", "Content-Length: 38") + b"\r\n" + _HTML,)),
    Behaviour("names a length with a sign", "bad_response", (start("Content-Length: +38") + b"\r\n" + _HTML,)),
    Behaviour("names a length of thirty digits", "bad_response", (start("Content-Length: " + "9" * 30) + b"\r\n" + _HTML,)),
    Behaviour("names a length over the limit", "too_large", (start("Content-Length: 999999999") + b"\r\n" + _HTML, Act.HANG)),
    Behaviour("names no length and ends", DONE, (start() + b"\r\n" + _HTML,)),
    Behaviour("sends without end", "too_large", (start() + b"\r\n", Repeat(b"x" * 65536))),
    Behaviour("sends chunks without end", "too_large", (_CHUNKED, Repeat(b"10000\r\n" + b"x" * 65536 + b"\r\n"))),
    Behaviour("sends a body over the limit", "too_large", (start() + b"\r\n", Repeat(b"x" * 65536, 200), Act.HANG)),
    Behaviour("sends nothing under 200", DONE, http(b"")),
    Behaviour("names a chunk size in words", "bad_response", (_CHUNKED + b"much\r\n" + _HTML + b"\r\n0\r\n\r\n",)),
    Behaviour("names a negative chunk size", "bad_response", (_CHUNKED + b"-5\r\n" + _HTML + b"\r\n0\r\n\r\n",)),
    Behaviour("names a chunk of sixteen exbibytes", "bad_response", (_CHUNKED + b"f" * 17 + b"\r\n" + _HTML + b"\r\n0\r\n\r\n",)),
    Behaviour("sends more than the chunk has", "bad_response", (_CHUNKED + b"5\r\n" + _HTML + b"\r\n0\r\n\r\n",)),
    Behaviour("leaves the last chunk out", "reset", (_CHUNKED + b"5\r\n<p>ab\r\n",), AGAIN),
    Behaviour("sends chunks that are well", DONE, (_CHUNKED + b"5\r\n<p>ab\r\n0\r\n\r\n",)),
    Behaviour("sends a chunk extension of a megabyte", DONE, (_CHUNKED + b"5;" + b"x" * 1_200_000 + b"\r\n<p>ab\r\n0\r\n\r\n",)),
    Behaviour("sends a chunk extension without end", "timeout", (_CHUNKED + b"5;", Repeat(b"x" * 4000, pause=0.05)), AGAIN),
    Behaviour(
        "sends trailers without end", "too_large", (_CHUNKED + b"5\r\n<p>ab\r\n0\r\n", Repeat(b"X: " + b"x" * 4000 + b"\r\n"))
    ),
)

_BANNERS = {
    "HTTP/0.9": b"<html><title>old</title>",
    "Shoutcast": b"ICY 200 OK\r\n\r\n<p>x",
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n",
    "SMTP": b"220 mail.test ESMTP\r\n",
    "FTP": b"220 ftp.test ready\r\n",
    "Redis": b"-ERR wrong number of arguments\r\n",
    "noise": bytes(range(256)) * 8,
    "a TLS alert": b"\x15\x03\x01\x00\x02\x02\x16",
    "HTTP/2 frames": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18),
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n" + _HTML,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n" + _HTML,
    "a status in words": b"HTTP/1.1 GOOD\r\n\r\n" + _HTML,
    "a version of its own": b"HTTP/9.9 200 OK\r\n\r\n" + _HTML,
    "an event stream of zeros": bytes(100_000),
}
PROTOCOLS = tuple(Behaviour(f"speaks {name}", "bad_response", (sent,)) for name, sent in _BANNERS.items())

# What a browser shows is inspected, what it refuses is not; bounds have their own word.
HEADERS = (
    Behaviour("speaks HTTP/1.0", DONE, (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + _HTML,)),
    Behaviour("gives no reason phrase", DONE, (b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n" + _HTML,)),
    Behaviour("gives no headers", DONE, (b"HTTP/1.1 200 OK\r\n\r\n" + _HTML,)),
    Behaviour("ends lines with LF alone", DONE, (b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + _HTML,)),
    Behaviour("sends a header line of a megabyte", "too_large", (start("X: " + "x" * 1_000_000) + b"\r\n" + _HTML,)),
    Behaviour("sends a header name of a megabyte", "too_large", (start("x" * 1_000_000 + ": 1") + b"\r\n" + _HTML,)),
    Behaviour("sends five thousand headers", "too_large", (start(*(f"X{n}: 1" for n in range(5000))) + b"\r\n" + _HTML,)),
    Behaviour("sends headers without end", "too_large", (start(), Repeat(b"X: " + b"x" * 4000 + b"\r\n"))),
    Behaviour("sends a status line of a megabyte", "too_large", (b"HTTP/1.1 200 " + b"x" * 1_000_000 + b"\r\n\r\n" + _HTML,)),
    Behaviour("sets sixty cookies of four kilobytes", DONE, page("", *(f"Set-Cookie: c{n}={'x' * 4000}" for n in range(60)))),
    Behaviour("sends two content types", DONE, page("", "Content-Type: image/png")),
    Behaviour("sends a header without colon", "bad_response", (start("nonsense") + b"\r\n" + _HTML,)),
    Behaviour("sends a header with NUL", "bad_response", (start("X: a\0b") + b"\r\n" + _HTML,)),
    Behaviour("puts raw bytes into ETag and Last-Modified", DONE, page("", 'ETag: "\xff\xfe\xb9"', "Last-Modified: \xff\xfe")),
    Behaviour("puts raw bytes into Content-Type", DONE, http(_HTML, kind="text/html; charset=\xff\xfe\xed\xa0\x80")),
    Behaviour("puts terminal escapes into headers", DONE, page("", "Server: \x1b[2J\x1b]0;x\x07")),
    Behaviour("names an endless ETag", DONE, page("", f'ETag: "{"x" * 7000}"')),
    Behaviour("names a file outside", DONE, page("", 'Content-Disposition: attachment; filename="../../etc/passwd"')),
    Behaviour("hints early, then answers", DONE, (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", *GOOD)),
    Behaviour("says continue, then answers", DONE, (b"HTTP/1.1 100 Continue\r\n\r\n", *GOOD)),
    Behaviour(
        "switches protocols unasked", "bad_response", (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Act.HANG)
    ),
)

_STATUSES = {
    "201 Created": ("bad_response", ONCE), "202 Accepted": ("bad_response", ONCE), "203 Other": (DONE, ONCE),
    "206 Partial Content": ("bad_response", ONCE),
    "300 Choices": ("bad_response", ONCE), "304 Not Modified": ("bad_response", ONCE), "305 Use Proxy": ("bad_response", ONCE),
    "400 Bad": ("http_4xx", ONCE), "401 Login": ("http_4xx", ONCE), "402 Pay": ("http_4xx", ONCE), "403 No": ("blocked", ONCE),
    "404 Gone": ("http_4xx", ONCE), "405 Method": ("http_4xx", ONCE), "407 Proxy": ("http_4xx", ONCE),
    "408 Slow": ("timeout", AGAIN), "410 Gone": ("http_4xx", ONCE), "412 Shield": ("blocked", ONCE),
    "418 Teapot": ("http_4xx", ONCE), "425 Early": ("http_4xx", AGAIN), "429 Too Many": ("throttled", THROTTLED),
    "451 Law": ("http_4xx", ONCE), "499 Left": ("http_4xx", ONCE),
    "500 Fault": ("http_5xx", AGAIN), "501 Never": ("http_5xx", ONCE), "502 Gateway": ("http_5xx", AGAIN),
    "503 Busy": ("http_5xx", AGAIN), "504 Late": ("http_5xx", AGAIN), "505 Version": ("http_5xx", ONCE),
    "521 Down": ("http_5xx", AGAIN),
    "600 Unknown": ("http_5xx", AGAIN), "999 Denied": ("http_5xx", AGAIN),  # RFC 9110, 15: as a 5xx
}  # fmt: skip
STATUSES = (
    *(Behaviour(f"answers {status}", word, http(_HTML, status), tries) for status, (word, tries) in _STATUSES.items()),
    # Nothing came that could be inspected.
    Behaviour("answers 204", "bad_response", (b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",)),
    Behaviour("answers 205", "bad_response", http(b"", "205 Reset Content")),
    Behaviour("asks to come back in a word", "throttled", http(_HTML, "503 Busy", "Retry-After: soon"), THROTTLED),
    Behaviour("asks to come back before", "throttled", http(_HTML, "429 Busy", "Retry-After: -99"), THROTTLED),
    Behaviour(
        "asks to come back in a year that no calendar has", "throttled",
        http(_HTML, "503 Busy", f"Retry-After: Mon, 01 Jan {'9' * 30} 00:00:00 GMT"), THROTTLED,
    ),
    Behaviour(
        "asks to come back at a time with an endless zone", "throttled",
        http(_HTML, "503 Busy", f"Retry-After: Mon, 01 Jan 2020 00:00:00 +{'9' * 300}"), THROTTLED,
    ),
)  # fmt: skip

NAMES = (
    Behaviour("has no name", "dns", tries=AGAIN, host="gone.test", names=-2),
    Behaviour("has a name server that is away", "dns", tries=AGAIN, host="away.test", names=-3),
    Behaviour("has a name server that fails", "dns", tries=AGAIN, host="broken.test", names=-4),
    Behaviour("has a name without addresses", "dns", tries=AGAIN, host="empty.test", names=-5),
    Behaviour(
        "has a name that leads inside", "forbidden_address", host="inside.test", names=("10.0.0.7", "192.168.0.1", "fd00::1")
    ),
    Behaviour("has a name that leads to the metadata", "forbidden_address", host="meta.test", names=("169.254.169.254",)),
    Behaviour("has a name with addresses inside and outside", DONE, GOOD, host="mixed.test", names=("10.0.0.7", "OWN")),
    Behaviour("has a first address that refuses", DONE, GOOD, host="second.test", names=("127.99.0.1", "OWN")),
    Behaviour("has IPv6 alone", DONE, GOOD, host="six.test", names=("::1",)),
    Behaviour("spells an address inside", "forbidden_address", host="10.0.0.7", listens=False),
    Behaviour("spells an address inside in hexadecimal", "forbidden_address", host="0xa000007", listens=False),
    Behaviour("spells an address inside within IPv6", "forbidden_address", host="[::ffff:10.0.0.7]", listens=False),
)

"""Whether a page shows a fault of its own server or quotes one, as tutorials and forums do."""

import re2

from govcrawl.detectors.leaks.view import View

# Words of pages about programming. A public office that shows a trace does not write about it.
_TOPIC = re2.compile(
    r"(?i)博客|blog|csdn|cnblogs|论坛|问答|教程|编程|开发者|源码|笔记|解决(?:方法|办法|方案)|报错|异常处理|java基础|程序员|stack ?overflow|github"
    r"|tutorial|知识库|技术文章|\bhow to\b|\bjava\b.{0,20}(?:学习|入门|面试)|(?:exception|error|异常|错误).{0,30}(?:解决|原因|怎么|如何|分析)"
)
_ERROR_TITLE = re2.compile(
    r"(?i)^\s*(?:$|[45]\d\d\b|http status|error\b|exception|apache tomcat|runtime error|server error|internal server error|系统(?:发生)?错误|系统异常"
    r"|出错|错误(?:页面|信息|提示)?\s*$|服务器错误|运行时错误|应用程序中的服务器错误|whoops|struts problem)"
)
_OPENED = re2.compile(
    r"(?i)<(?:pre|code|textarea|blockquote|xmp)\b|class\s*=\s*[\"']?[^\"'>]*(?:highlight|syntax|brush:|codeblock|blockcode|code_|-code)"
)
_CLOSED = re2.compile(r"(?i)</(?:pre|code|textarea|blockquote|xmp)\s*>")
_LEAD = re2.compile(
    r"(?i)如下|报错|抛出|控制台|日志|堆栈|解决|错误提示|提示错误|出现(?:了|以下|这个|下面)|遇到|运行时|原因|例如|比如|the following|i get|i got|stack ?trace i|throws?\b.{0,30}$"
)
_TAGS = re2.compile(r"(?s)<script.*?</script>|<style.*?</style>|<[^>]*>|&nbsp;|\s+")
_NEAR_BYTES = 600
_PROSE_BYTES = 1500


def is_error_page(view: View) -> bool:
    """The response is itself the answer to a fault: by its status or by its title."""
    return view.status >= 500 or bool(_ERROR_TITLE.search(view.title.encode()))


def is_quoted(view: View, start: int, end: int) -> bool:
    """The text between two bytes of the source is told about, not shown by the server."""
    if is_error_page(view):
        return False
    return about_programming(view) or _introduced(view, start) or (_in_code(view, start) and _prose(view, start, end))


def about_programming(view: View) -> bool:
    head = view.source[:6000]
    at = head.lower().find(b"<body")
    names = [view.title.encode(), view.url.encode(), *(_meta(head[: at if at > 0 else None]))]
    return any(_TOPIC.search(name) for name in names)


_META = re2.compile(r"(?is)<meta[^>]{0,40}name\s*=\s*[\"']?(?:keywords|description)[^>]{0,600}>")


def _meta(head: bytes) -> list[bytes]:
    return [match.group() for match in _META.finditer(head)]


def _introduced(view: View, start: int) -> bool:
    """The words just before speak of a fault as of something that happened elsewhere."""
    before = _TAGS.sub(b" ", view.source[max(0, start - _NEAR_BYTES) : start])
    return bool(_LEAD.search(before[-180:]))


def _in_code(view: View, start: int) -> bool:
    before = view.source[max(0, start - 20_000) : start]
    opened = [match.start() for match in _OPENED.finditer(before)]
    closed = [match.start() for match in _CLOSED.finditer(before)]
    return bool(opened) and opened[-1] > (closed[-1] if closed else -1)


def _prose(view: View, start: int, end: int) -> bool:
    """Much else to read on the page than the fault."""
    rest = view.source[max(0, start - 100_000) : start] + view.source[end : end + 100_000]
    return len(_TAGS.sub(b"", rest)) > _PROSE_BYTES

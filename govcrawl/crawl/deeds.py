"""Links whose mere visit does something: ends a session, deletes."""

import re
from urllib.parse import parse_qsl, unquote

from govcrawl.kit.remember import remembered

SESSION, REMOVAL = "would end a session", "would delete something"

_ENDINGS = frozenset("logout logoff signout signoff loginout".split())  # noqa: SIM905 - a table, as the one below
_REMOVALS = frozenset("delete del remove destroy purge drop truncate uninstall erase".split())  # noqa: SIM905
# What names the deed in a query; a search for the word is none.
_ACTIONS = frozenset("action act do op oper cmd command method m a func function mode task event handler opt type".split())  # noqa: SIM905
_MAY_ACT = re.compile(
    r"log-?_?(?:out|off)|loginout|sign-?_?(?:out|off)|del|remov|destroy|purge|drop|truncat|uninst|erase", re.IGNORECASE
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_EXTENSION = re.compile(r"\.\w{1,6}$")
_FILE = re.compile(
    r"\.(?:s?html?|css|js|xml|txt|csv|png|jpe?g|gif|svg|pdf|docx?|xlsx?|pptx?|zip|rar|7z)$", re.IGNORECASE
)  # a file deletes nothing
_MOST_WORDS = 3  # deleteUserInfo, do_delete; a longer name is the title of an article
_LONGEST_TEXT = 16
_MARKS = "[]【】()（）<>《》|·.!！"
_SPACE = re.compile(rf"[\s{re.escape(_MARKS)}]+")
# The whole text of the link: a title with the word in it is a title.
_SAYS_END = frozenset("退出 退出登录 退出登陆 安全退出 退出系统 登出 注销登录 注销登陆 logout logoff signout signoff".split())  # noqa: SIM905
# Names of columns too (企业注销): only on an address that a program answers.
_SAYS_MAYBE = {
    **dict.fromkeys("注销 注销账号 注销帐号".split(), SESSION),  # noqa: SIM905
    **dict.fromkeys("删除 删 移除 清空 彻底删除 删除此条 delete del remove".split(), REMOVAL),  # noqa: SIM905
}
# How those begin, marks around them included: the rest of them is looked at on few links.
_BEGINNINGS = frozenset(" " + _MARKS).union(*(said[0] + said[0].upper() for said in (*_SAYS_END, *_SAYS_MAYBE)))


def deed_of(url: str, text: str = "") -> str:
    """What a visit would do; "" for a link that only shows something."""
    return _deed_of_address(url) or deed_of_text(url, text)


def deed_of_text(url: str, text: str) -> str:
    """What the words of a link say that a visit to its address would do."""
    if not 0 < len(text) <= _LONGEST_TEXT or text[0] not in _BEGINNINGS or not (said := _said(text)):
        return ""
    return SESSION if said in _SAYS_END else _SAYS_MAYBE[said] if _is_program(url) else ""


def _said(text: str) -> str:
    """The words, where they speak of a deed."""
    said = _SPACE.sub("", text).lower()
    return said if said in _SAYS_END or said in _SAYS_MAYBE else ""


def _is_program(url: str) -> bool:
    path, _, query = url.partition("?")
    name = path.rpartition("/")[2]
    return bool(query) or (_EXTENSION.search(name) is not None and not _FILE.search(name))


@remembered(32768, 2_000)  # each page is linked from many
def _deed_of_address(url: str) -> str:
    place = url.partition("://")[2].partition("/")[2]
    if not _MAY_ACT.search(place):
        return ""
    path, _, query = place.partition("?")
    segments = [unquote(segment) for segment in path.split("/")]
    names = [*segments[:-1], *([segments[-1]] if not _FILE.search(segments[-1]) else [])]
    names += [value if name.lower() in _ACTIONS else name for name, value in parse_qsl(query, keep_blank_values=True)]
    # A page called logout.html goes the same way: it is the end of a session, or says so.
    names.append(_EXTENSION.sub("", segments[-1]) if _deed(segments[-1]) == SESSION else "")
    return next(filter(None, map(_deed, names)), "")


def _deed(name: str) -> str:
    words = [word.lower() for word in _WORD.findall(_EXTENSION.sub("", name))]
    if not 0 < len(words) <= _MOST_WORDS:
        return ""
    pairs = {words[0], words[-1], "".join(words[-2:]), "".join(words[:2])}
    return SESSION if pairs & _ENDINGS else REMOVAL if {words[0], words[-1]} & _REMOVALS else ""

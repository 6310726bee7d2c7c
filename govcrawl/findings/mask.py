"""Masked text: the only kind of text that evidence takes."""

import logging
import re
from collections.abc import Callable
from hashlib import blake2b, sha256
from typing import NewType

# Only this module makes one. A NewType rather than a class: it costs nothing where a page yields thousands.
Masked = NewType("Masked", str)

# \d of Python takes full-width digits too, which is what lists typed by hand carry.
_PERSON = r"""
      (?<![0-9A-Za-z]) \d{6} [ \-–]? (?:19|20|１９|２０)\d{6} [ \-–]? \d{3}[\dXxＸ] (?![0-9A-Za-z])     # ID number, also in groups
    | (?<![0-9A-Za-z]) \d{17}[\dXxＸ] (?![0-9A-Za-z])                          # anything of that length
    | (?<![0-9A-Za-z.]) \d{15,19} (?![0-9A-Za-z])                              # bank card, ID number of the old form
    | (?<!\d) \d{4} (?: [ \-–]\d{4} ){3} (?: [ \-–]\d{1,3} )? (?!\d)           # card number in groups of four
    | (?<!\d) 1[3-9]\d ([ \-–]?) \d{4} \1 \d{4} (?!\d)                         # mobile phone
    | (?<![0-9A-Za-z]) (?: [EGDSPH]\d{8} | E[A-HJ-NP-Z]\d{7} ) (?![0-9A-Za-z]) # passport
    """
_KEYS = r"""
      (?<![\w+/=-]) eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?                       # JSON web token
    | (?<![A-Za-z0-9]) (?: AKID | LTAI | AKIA | ASIA | AIza | gh[pousr]_ | github_pat_ | glpat- | xox[abprs]- | sk[-_] ) [\w-]{12,}
    | (?<![A-Za-z0-9]) (?: [0-9a-f]{32,} | [0-9A-F]{32,} ) (?![A-Za-z0-9])
    | (?<![A-Za-z0-9_-]) (?= [\w-]* \d ) (?= [\w-]* [a-z] ) (?= [\w-]* [A-Z] ) [A-Za-z0-9_-]{24,} (?![A-Za-z0-9])
    | (?<![A-Za-z0-9+/]) [A-Za-z0-9+/]{30,} ={1,2}                             # base64, told from a path by its padding
    """
_NAMED = r"""(?ix)
    ( (?: pass(?:word|wd|phrase)? | pwd | secret (?:_?key)? | token | api_?key | access_?key (?:_?(?:id|secret))? | app_?secret | auth (?:orization)?
        | credential s? | session (?:_?id)? | cookie | private_?key | 密码 | 口令 | 密钥 )
      [\w-]{0,12} ["']? \s* (?: [:=：] | = > ) \s* (?: bearer\s | basic\s )? ["']? )
    ( [^\s"'<>&;,，。*]{4,200} ) (?!\*)
    """
_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)", re.DOTALL
)
# The third word of a call that opens a data base, as traces print it: host or DSN, user, password.
_CALLED = re.compile(
    r"""(?ix) ( (?: connect\w* | mysqli | PDO | __construct ) \s* \(
        (?: \s* (?: ['"] | &\#0?39; | &quot; ) [^'"&]{0,200} (?: ['"] | &\#0?39; | &quot; ) \s* , ){2} \s* (?: ['"] | &\#0?39; | &quot; ) )
        ( [^'"*&]{1,200} )
    """
)
_USERINFO = re.compile(r"(?<=://)([^\s/@:<>\"']{0,80}):([^\s/@<>\"'*]{1,200})@")
_ASSIGNED = re.compile(_NAMED)
_SENSITIVE = re.compile(f"(?:{_PERSON})|(?:{_KEYS})", re.VERBOSE)

# In an address, only what is surely a person's or a key: an address cut by mistake cannot be opened again.
_IN_URL = re.compile(
    r"""
      (?: (?<![0-9A-Za-z]) | (?<=%[0-9A-Fa-f]{2}) )                            # or after an escaped sign
      (?: (?P<person> \d{6} (?:18|19|20)\d{2} (?:0\d|1[0-2]) [0-3]\d \d{3} [\dXx] )
        | 62\d{14,17} | [1-8]\d{5}\d{2}(?:0\d|1[0-2])[0-3]\d{4} | 1[3-9]\d{9} ) (?![0-9A-Za-z])
    | eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?
    | (?<![A-Za-z0-9]) (?: AKID | LTAI | AKIA | ASIA | gh[pousr]_ | github_pat_ | glpat- | xox[abprs]- ) [\w-]{12,}
    """,
    re.VERBOSE,
)
_ESCAPED_WORD = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f]){3,}|[^\x00-\x7f]+")
_QUERY = re.compile(
    r"""(?ix) ( [?&;] [\w.\[\]-]{0,24}?
        (?: pass(?:word|wd)? | pwd | secret | token | api_?key | access_?key | app_?key | sign(?:ature)? | session(?:_?id)? | jsessionid | phpsessid | ticket
          | credential | (?<=[?&;])(?:ak|sk|key|auth|sfz|sfzh|idcard|id_?no|cardno|mobile|phone|tel) )
        [\w-]{0,8} = ) ( [^&#\s*]{4,} ) (?!\*)
    """
)

# What forms and lists call their fields. Beside a person's number every other word may be who it is and where they live.
_FIELDS = (
    "姓名 名字 性别 年龄 民族 籍贯 学历 身份证 公民 居民 身份 号码 证件 证号 证书 编号 序号 卡号 账号 帐号 账户 户主 户籍 户口 银行 开户 一卡通 存折 社保 医保 电话 手机 联系 方式"
    " 住址 地址 家庭 现住 居住 通讯 通信 邮编 邮箱 出生 日期 年月 时间 残疾 类别 类型 等级 程度 低保 特困 五保 金额 补贴 补助 救助 资金 标准 发放 人数 人口 关系 申请 持卡 持证 患者 当事人"
    " 学生 考生 准考证 学号 学校 班级 年级 成绩 总分 名次 排名 录取 专业 病种 疾病 诊断 护照 通行证 车牌 号牌 获奖 法定 代表人 负责人 联系人 监护人 配偶 名单 公示 公告 通知 附件 情况 统计 汇总"
    " 合计 备注 单位 部门 职务 职称 岗位 乡镇 街道 社区 小区 所属"
).replace(" ", "|")
_MARKUP = (
    "input name value type text hidden label class style option select table tbody tr td th p div span li br nbsp id idcard card no num number sfz sfzh"
    " zjhm xm phone mobile tel address"
).replace(" ", "|")
_OF_PERSON = re.compile(r"(?<![0-9A-Za-z])\d{6}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dXx](?![0-9A-Za-z])|(?<!\d)1[3-9]\d{9}(?!\d)")
_FIELD = re.compile(f"({_FIELDS})")
_PLAIN_WORD = re.compile(_MARKUP, re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def secret(value: str, keep: int = 4) -> Masked:
    """First and last characters and the length: enough to find the place, not to use the value.

    At most a third of the value stays readable, whatever `keep` asks for.
    """
    shown = min(keep, len(value) // 6)
    return Masked(f"{value[:shown]}***{value[len(value) - shown :] if shown else ''}[{len(value)}]")


def text(value: str, limit: int = 400) -> Masked:
    """A snippet with everything that looks like an identifier or a key masked, cut to `limit` characters."""
    masked = _PEM.sub("[private key]***", value)
    masked = _USERINFO.sub(lambda match: f"{match[1]}:{secret(match[2])}@", masked)
    masked = _ASSIGNED.sub(_value_of, _CALLED.sub(_value_of, masked))
    masked = _SENSITIVE.sub(lambda match: secret(match[0]), masked)
    return Masked(masked if len(masked) <= limit else f"{masked[: limit - 1]}…")


def url(value: str) -> Masked:
    """An address that can still be told from others: passwords, keys and persons' numbers masked, all else as it is.

    Beside an ID number Chinese words are left out too: an address that says one is a person's, and cannot be opened any more anyway.
    """
    masked = _USERINFO.sub(lambda match: f"{match[1]}:{secret(match[2])}@", value)
    masked = _QUERY.sub(_value_of, masked)
    if any(match["person"] for match in _IN_URL.finditer(masked)):
        masked = _ESCAPED_WORD.sub("***", masked)
    return Masked(_IN_URL.sub(lambda match: secret(match[0]), masked))


def log(value: str) -> Masked:
    """A line for the log: as `text`, whole."""
    return text(value, limit=len(value) + 1000)


def join(*parts: Masked) -> Masked:
    """Masked pieces side by side."""
    return Masked("".join(parts))


def near_person(value: str) -> Masked:
    """What stands beside a person's number: the names of fields as they are, of all other words the first sign at most.

    Names and addresses have no form to know them by, the words of forms are few: so those are listed, and nothing else is kept.
    """
    return text(_WORD.sub(lambda match: match[0] if _PLAIN_WORD.fullmatch(match[0]) else _starred(match[0]), value))


def beside(value: str) -> Masked:
    """Surroundings of any finding: as `text`, and as `near_person` where a person's number stands in them."""
    return near_person(value) if _OF_PERSON.search(value) else text(value)


def _starred(word: str) -> str:
    pieces = _FIELD.split(word)  # every second one is the name of a field
    return "".join(piece if number % 2 else _first_sign(piece) for number, piece in enumerate(pieces))


def _first_sign(piece: str) -> str:
    if len(piece) < 2 or piece.isdecimal():
        return "*" * min(len(piece), 3)
    return piece[0] + "*" * min(len(piece) - 1, 3)


def within(
    value: str,
    start: int,
    end: int,
    *,
    window: int = 60,
    show: Callable[[str], Masked] = secret,
    around: Callable[[str], Masked] = beside,
) -> Masked:
    """The text around value[start:end]: that part shown through `show`, the rest through `around`.

    Words that the window cuts in half are left out: half a number would slip through the mask.
    """
    first, last = max(0, start - window), min(len(value), end + window)
    before, after = value[first:start], value[end:last]
    if first:
        before = re.sub(r"^[\w+/=-]+", "", before)
    if last < len(value):
        after = re.sub(r"[\w+/=-]+$", "", after)
    return join(around(before), show(value[start:end]), around(after))


def fingerprint(value: str, salt: str = "govcrawl") -> str:
    """A salted hash that identifies a secret without telling it: 32 hex digits."""
    return blake2b(value.encode("utf-8", "surrogatepass"), key=salt.encode()[:64], digest_size=16).hexdigest()


def digest(data: bytes) -> Masked:
    """SHA-256 of a whole document, by which a person with the right to see it finds it again."""
    return Masked(sha256(data).hexdigest())


def _value_of(match: re.Match[str]) -> str:
    return f"{match[1]}{secret(match[2])}"


class LogFilter(logging.Filter):
    """Masks a log record in place: message, fields and trace. For handlers and loggers that others set up, Scrapy's among them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = log(record.getMessage()), None
        if record.exc_info:
            record.exc_text = log(_TRACES.formatException(record.exc_info))
            record.exc_info = None
        for name, value in vars(record).items():
            if isinstance(value, str) and name not in _PLAIN:
                setattr(record, name, log(value))
        return True


_TRACES = logging.Formatter()
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) - {"exc_text"}

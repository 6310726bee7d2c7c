"""The headings of a site list and the field that each means."""

import unicodedata
from collections.abc import Sequence

# Chinese words as the unit lists of inspections and the ministries' website inventories use them.
_WORDS = {
    "id": "id 网站标识码 标识码 网站编码 siteid site_id",
    "name": "name 网站名称 名称 网站名 站点名称 sitename site_name",
    "url": "url 首页网址 网址 首页地址 网站网址 网站地址 网站域名 域名 链接 address website link homepage",
    "region": "region 地区 所在地区 行政区划 区域 area",
    "level": "level 层级 级别 行政层级",
    "organizer": "organizer 主办单位 单位 单位名称 主办单位名称 organiser owner",
    "tags": "tags 标签 分类 类别 kind",
    "max_pages": "max_pages 最多页数 页数上限 maxpages",
    "delay_seconds": "delay_seconds 间隔秒数 抓取间隔 延迟 delay",
    "window": "window 抓取时段 访问时段 检查时段 时间窗口",
    "hosts": "hosts 其他域名 附属域名 其它域名 extra_hosts",
}
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split()}


def field_of(heading: str) -> str | None:
    """The field that a heading means, without regard to case, width, spaces, stars and remarks in brackets."""
    plain = unicodedata.normalize("NFKC", heading).strip().strip("*").partition("(")[0]
    return _FIELDS.get(plain.lower().strip().replace(" ", "_")) or _FIELDS.get("".join(plain.lower().split()))


def fields_of(cells: Sequence[str]) -> tuple[str | None, ...] | None:
    """The field of each cell of a heading row; None where the row names no address and so is no heading."""
    fields = tuple(field_of(cell) for cell in cells)
    return fields if "url" in fields else None

"""Columns that show no entry at all."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, SiteView
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.sites.model import ColumnClass

_HEAD = '<meta name="ColumnName" content="重点项目"><title>重点项目</title><div>当前位置：首页 &gt; 重点项目</div>'
_AT = "http://www.qingshan.gov.cn/zwgk/zdxm/"
_NOT_COUNTED = {ColumnClass.HOME, ColumnClass.SERVICE, ColumnClass.EXTERNAL, ColumnClass.ARCHIVE}


class BlankColumn(Detector):
    """A list filled by script, a form and a search page have no entries either: they are not inspected, never blank."""

    id = "stale-columns/blank"
    title = "Blank column"
    category = Category.BLANK_COLUMN
    severity, confidence = Severity.MEDIUM, Confidence.MEDIUM
    indicators = ("V4c",)
    flagged = (
        Example(f'{_HEAD}<ul class="list"></ul>', "the box of the list is empty", url=_AT),
        Example(f'{_HEAD}<div class="content">栏目正在建设中</div>', "a placeholder in place of entries", url=_AT),
    )
    clean = (
        Example(
            f'{_HEAD}<ul class="list" id="l"></ul><script>$.getJSON("/data/zdxm.json",function(d){{show(d)}})</script>',
            "filled by script",
            url=_AT,
        ),
        Example(
            "<title>站内搜索</title><div>当前位置：首页 &gt; 搜索</div><form><input name=q></form><p>暂无数据</p>",
            "a search page",
            url=_AT,
        ),
        Example(
            f'{_HEAD}<ul class="list">'
            + "".join(f'<li><a href="/{n}.html">第{n}个重点项目开工建设</a><em>2025-0{n}-01</em></li>' for n in range(1, 7))
            + "</ul>",
            "a list with entries",
            url=_AT,
        ),
    )

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for column in view.columns:
            if column.inspected and not column.items and column.placeholder and column.column_class not in _NOT_COUNTED:
                yield self.finding(
                    column.url,
                    subject=column.url,
                    evidence=f"{column.name}: {column.placeholder}",
                    reason="the page shows no entry; 国办秘函〔2019〕19号 counts blank columns",
                    extra={"column": mask.text(column.name), "column_class": mask.text(str(column.column_class or ""))},
                )

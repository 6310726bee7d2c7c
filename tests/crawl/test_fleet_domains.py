"""What a page tells the fleet of the domains that it links."""

import pytest

from govcrawl.crawl.fleet import _domains
from govcrawl.page.model import Page

LINK = '<a href="http://bet.test/">彩票</a>'


@pytest.mark.parametrize(
    ("html", "hidden"),
    [
        (LINK, False),
        (f'<div style="display:none">{LINK}</div>', True),
        (f'<div style="display:none">{LINK}</div>{LINK}', False),
        (f'<div style="background:#fff"><style>a{{color:#fff}}</style>{LINK}</div>', True),
        (f'<div style="position:relative">{LINK}<i style="position:absolute;inset:0;background:#fff"></i></div>', True),
        (f'<div style="height:20px;overflow:hidden"><p style="height:30px"></p>{LINK}</div>', True),
        (f'<div><b style="margin-right:-9999px"></b>{LINK}</div>', True),
    ],
)
def test_a_domain_is_hidden_where_no_visitor_sees_a_link_to_it(html, hidden):
    assert _domains(Page("http://www.qingshan.gov.cn/", html.encode())) == [("bet.test", hidden)]

"""Elements by name, asked for where the source says that there may be some."""

from hypothesis import given
from hypothesis import strategies as st

from govcrawl.page.model import Page

PIECES = st.sampled_from(
    [
        "<head>", "</head>", "<body>", "<link rel=stylesheet href=/a.css>", "<LINK href=/b.css>", "<style>a{}</style>", "<meta name=a content=b>",
        "<noscript>", "</noscript>", "<!--<link>-->", "<script>'<style>'</script>", "<svg><style>b{}</style>", "</svg>", "<linearGradient>", "<base href=/x/>",
        "<template><meta></template>", "<title>t</title>", "<p>x", "&lt;style&gt;", "<iframe><meta></iframe>", "<textarea><link></textarea>",
    ]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=12).map("".join), st.sampled_from([("style",), ("link",), ("meta",), ("base",), ("style", "link")])
)
def test_the_same_elements_as_by_a_walk_through_the_tree(html, tags):
    page = Page("http://h.test/", html.encode())
    walked = page.tree.css(", ".join(tags))
    assert [node.mem_id for node in page.tagged(*tags)] == [node.mem_id for node in walked]

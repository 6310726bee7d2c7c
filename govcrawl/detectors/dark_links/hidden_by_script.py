"""Links to other sites that a script hides or writes."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.judged import BlockDetector
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page

_LINKS = '<div id="links"><a href="http://a.test/">百家乐</a><a href="http://b.test/">新葡京</a></div>'


class HiddenByScript(BlockDetector):
    """The classic form is a block of links and one line of script after it; scripts are read, never run."""

    id = "dark-links/hidden-by-script"
    title = "Links to other sites hidden or written by a script"
    flagged = (
        Example(
            f'{_LINKS}<script>document.getElementById("li"+"nks").style.display="n"+"one"</script>', "id and value in pieces"
        ),
        Example(
            "<script>document.write('<div style=\"position:absolute;top:-999px\">')</script><a href='http://a.test/'>代孕</a>"
            "<a href='http://b.test/'>代孕网</a><script>document.write('</div>')</script>",
            "the wrapper is written around the links",
        ),
        Example(
            "<script>document.write(unescape('%3Cp%20style%3D%22display%3Anone%22%3E%3Ca%20href%3D%22http%3A//a.test/%22%3E"
            "%u516D%u5408%u5F69%3C/a%3E%3C/p%3E'))</script>",
            "block and hiding both inside an escaped string",
        ),
    )
    clean = (
        Example(f'{_LINKS.replace("百家乐", "招标").replace("新葡京", "采购")}<script>function f(){{document.getElementById("links").style.display="none"}}</script>', "a toggle that waits for a click"),
        Example("<script>document.write(unescape(\"%3Cscript src='http://s9.cnzz.com/z_stat.php'%3E%3C/script%3E\"))</script>", "a visitor counter"),
        Example("<script>document.write('<div style=\"display:none\">')</script><a href='http://www.cnzz.com/'>站长统计</a><script>document.write('</div>')</script>", "a hidden counter badge"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        for block in analysis(page).standing(context.fleet):
            if block.by_script:
                yield from self.stated(page, block)

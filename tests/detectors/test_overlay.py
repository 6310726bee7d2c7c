"""A tenant's own file changes the rules, and a bad one is refused with its place and the way out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.leaks.catalogue import overlay_with
from govcrawl.detectors.overlay import NONE, read
from govcrawl.detectors.rules_load import RuleError
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

SITE = Site(id="s", url="http://www.qingshan.gov.cn/")
TOKEN = "dak_0123456789abcdefghijklmn"
RULE = "[[rules]]\nid = 'own/archive-token'\nkeywords = ['dak_']\nregex = 'dak_[0-9a-z]{24}'\n"
BANNER = "<html><title>404</title><hr><address>Apache/2.4.7 (Win32) PHP/5.4.1 Server at 10.1.1.8 Port 80</address></html>"


@pytest.fixture(autouse=True)
def _built_in_again() -> Iterator[None]:
    yield
    overlay_with(NONE)


def judged(tmp_path: Path, text: str, body: str) -> list[Finding]:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    overlay = read(file)
    overlay_with(overlay)
    page = Page(SITE.url, body.encode(), today=date(2025, 11, 20))
    return Inspector(accepted=overlay.accepted, disabled=overlay.disabled).inspect(page, Context(SITE, page.today)).findings


def test_a_rule_of_ones_own_is_judged_and_masked_like_the_others(tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, RULE, f"<p>{TOKEN}</p>")
    assert finding.rule.id == "own/archive-token"
    assert TOKEN not in repr(finding)


def test_a_rule_that_is_switched_off_says_nothing(tmp_path: Path) -> None:
    assert "leaks/server-version" in {one.rule.id for one in judged(tmp_path, "", BANNER)}
    off = "[extend]\ndisabledRules = ['leaks/server-version']\n"
    assert "leaks/server-version" not in {one.rule.id for one in judged(tmp_path, off, BANNER)}


def test_a_detector_may_be_switched_off_too(tmp_path: Path) -> None:
    number = "<p>身份证号：11010519491231002X</p>"
    assert judged(tmp_path, "", number)
    assert judged(tmp_path, "[extend]\ndisabledRules = ['leaks/id-number']\n", number) == []


def test_an_allow_list_of_ones_own_holds_for_the_built_in_rules(tmp_path: Path) -> None:
    key = "<script>var k='AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA'</script>"
    assert judged(tmp_path, "", key)
    assert judged(tmp_path, "[[allowlists]]\nregexes = ['^AKIDz8krbsJ5yKBZ']\n", key) == []


def test_an_accepted_finding_is_not_told_again(tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, RULE, TOKEN)
    accepted = f"[[accepted]]\nid = '{finding.identity(SITE.id)}'\nreason = 'a test system'\n"
    assert judged(tmp_path, RULE + accepted, TOKEN) == []
    assert judged(tmp_path, RULE + accepted, TOKEN.replace("dak_0", "dak_9"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rules]\n", "own.toml: .*line 1.*must be TOML"),
        ("[[rules]]\nregex = 'a'\n", "a rule without an id; give it one"),
        ("[[rules]]\nid = 'own/a'\nregex = '(?=a)'\n", r"own.toml: own/a: .*no RE2 pattern"),
        ("[[rules]]\nid = 'own/a'\n", "own.toml: own/a: neither regex nor path; give it one"),
        ("[[rules]]\nid = 'own/a'\nregex = 'a'\nvalidator = 'isbn'\n", "own/a: unknown validator 'isbn'; use one of "),
        ("[[rules]]\nid = 'own/a'\nregex = 'a'\nkeywords = 'a'\n", "own/a: keywords"),
        ("[[rules]]\nid = 'own/a'\nregex = 'a'\nentropy = 'much'\n", "own/a: .*entropy"),
        ("[[rules]]\nid = 'own/a'\nregex = 'a'\nsecretGroup = 2\n", "own/a: secretGroup = 2, but the regex has 0 groups"),
        ("[[rules]]\nid = 'own/a'\nregex = 'a'\nrequires = [{ within = 'room' }]\n", 'write "block", "page" or a number'),
        (RULE + RULE, "ids used twice: own/archive-token"),
        (RULE.replace("own/archive-token", "leaks/id-card"), None),
        (RULE.replace("own/archive-token", "leaks/server-version"), "an id of a built-in rule"),
        ("[extend]\ndisabledRules = ['leaks/nothing']\n", "disabledRules: no rule or detector leaks/nothing"),
        ("[[accepted]]\nid = 'x'\n", "no id of a finding"),
        (f"[[accepted]]\nid = '{'0' * 32}'\n", "no reason; say why"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_the_way_out(tmp_path: Path, text: str, said: str | None) -> None:
    if said is None:
        assert judged(tmp_path, text, TOKEN)
        return
    with pytest.raises(RuleError, match=said):
        judged(tmp_path, text, "<p>a</p>")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none\.toml: .*name a UTF-8 file"):
        read(tmp_path / "none.toml")

"""The rule engine: files of gitleaks load as they are, ours may say more, and a faulty file is named."""

import pytest

from govcrawl.detectors.rules import Piece, entropy
from govcrawl.detectors.rules_engine import RuleSet
from govcrawl.detectors.rules_load import RuleError, load
from tests.eval.corpus import ROOT, available

GITLEAKS = ROOT / "leaks" / "gitleaks" / "config" / "gitleaks.toml"
RULE = """
[[rules]]
id = "tests/token"
keywords = ["tok"]
regex = '''tok_([0-9a-z]{6})'''
"""


def found(toml: str, text: str, path: str = "", **kinds: str) -> list[str]:
    rules, everywhere = load(toml, "tests.toml")
    hits = RuleSet.of(rules, everywhere).scan([Piece(kinds.get("target", "source"), text.encode(), path)])
    return [hit.secret.decode() for hit in hits]


@pytest.mark.skipif(not available(), reason=f"no labelled pages at {ROOT}")
def test_the_rule_file_of_gitleaks_loads_as_it_is() -> None:
    rules, everywhere = load(GITLEAKS.read_text(encoding="utf-8"), "gitleaks.toml", prefix="gitleaks")
    assert len(rules) == 222
    hits = RuleSet.of(rules, everywhere).scan([Piece("source", b"token = ghp_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2")])
    assert "gitleaks/github-pat" in {hit.rule.id for hit in hits}


def test_a_rule_without_its_keyword_is_never_tried() -> None:
    assert found(RULE, "TOK tok_abc123") == ["abc123"]
    assert found(RULE.replace('["tok"]', '["other"]'), "tok_abc123") == []


def test_a_rule_that_keeps_near_its_keywords_finds_what_it_finds_anywhere() -> None:
    near = RULE + "near = 20"
    for text in (
        "tok_abc123",
        "tok " * 3 + "tok_abc123 tok_def456",
        "x" * 100 + "tok_abc123" + "y" * 100 + "tok_def456 tok_",
        "TOK",
    ):
        assert found(near, text) == found(RULE, text)


def test_what_stands_around_the_place_of_a_keyword_still_decides() -> None:
    whole = RULE.replace("tok_([0-9a-z]{6})", r"^tok_([0-9a-z]{6})$") + "near = 10"
    assert found(whole, "tok_abc123") == ["abc123"]
    assert found(whole, "tok_abc123" + " " * 100) == []
    assert found(whole, " " * 100 + "tok_abc123") == []


def test_with_many_keywords_the_whole_text_is_looked_at_once() -> None:
    assert found(RULE + "near = 20", "tok_abc123 " * 15 + "tok " * 50) == ["abc123"] * 15


def test_entropy_keeps_placeholders_out() -> None:
    assert found(RULE + "entropy = 2.0", "tok_aaaaaa tok_abc123") == ["abc123"]
    assert entropy(b"aaaa") == 0
    assert entropy(b"abcd") == 2


def test_an_allow_list_looks_at_secret_match_line_or_path() -> None:
    for body in (
        "regexes = ['^abc']",
        "regexTarget = 'match'\nregexes = ['^tok_a']",
        "regexTarget = 'line'\nregexes = ['fine']",
        "stopwords = ['bc1']",
    ):
        assert found(f"{RULE}[[rules.allowlists]]\n{body}", "this is fine tok_abc123") == []
    assert found(f"{RULE}[[rules.allowlists]]\ncondition = 'AND'\nregexes = ['^abc']\npaths = ['x']", "tok_abc123", path="y") == [
        "abc123"
    ]


def test_a_global_allow_list_may_name_its_rules() -> None:
    assert found(f"[[allowlists]]\ntargetRules = ['tests/other']\nregexes = ['abc']\n{RULE}", "tok_abc123") == ["abc123"]
    assert found(f"[[allowlists]]\ntargetRules = ['tests/token']\nregexes = ['abc']\n{RULE}", "tok_abc123") == []


def test_what_a_rule_requires_must_stand_in_the_same_block() -> None:
    toml = RULE + "requires = [{ regexes = ['partner'], within = 'block' }]"
    assert found(toml, "<p>partner tok_abc123</p>") == ["abc123"]
    assert found(toml, "<p>partner</p><p>tok_abc123</p>") == []
    assert found(toml.replace("'block'", "60"), "<p>partner</p><p>tok_abc123</p>") == ["abc123"]


def test_a_rule_may_require_another_rule() -> None:
    toml = f"{RULE}[[rules.required]]\nid = 'tests/id'\nwithinLines = 2\n[[rules]]\nid = 'tests/id'\nkeywords = ['app']\nregex = '''app\\d'''"
    assert found(toml, "app1 tok_abc123") == ["abc123", "app1"]
    assert found(toml, "tok_abc123") == []


def test_disabled_rules_of_an_overlay_are_off() -> None:
    rules, _ = load(RULE, "tests.toml")
    assert RuleSet.of(rules, disabled=["tests/token"]).rules == ()
    assert found(f"[extend]\ndisabledRules = ['tests/token']\n{RULE}", "tok_abc123") == []


def test_a_hostile_text_takes_linear_time() -> None:
    toml = RULE.replace("tok_([0-9a-z]{6})", "tok(a+)+$")
    assert found(toml, "tok" + "a" * 100_000 + "b") == []


@pytest.mark.parametrize(
    ("toml", "word"),
    [
        ("[[rules]]\nregex = 'x'", "without an id"),
        ("[[rules]]\nid = 'a'\nregex = '('", "no RE2 pattern"),
        ("[[rules]]\nid = 'a'\nseverity = 'huge'", "huge"),
        ("[[rules]]\nid = 'a'\ntargets = ['moon']", "unknown targets"),
        ("[[rules]]\nid = 'a'\n[[rules.flagged]]\ntext = 'x'", "without a reason"),
        ("[[rules", "must be TOML"),
    ],
)
def test_a_faulty_file_is_named_with_the_way_out(toml: str, word: str) -> None:
    with pytest.raises(RuleError, match=word) as fault:
        load(toml, "tests.toml")
    assert "tests.toml" in str(fault.value)


def test_two_rules_of_one_id_are_refused() -> None:
    rules, _ = load(RULE, "tests.toml")
    with pytest.raises(ValueError, match="used twice"):
        RuleSet.of([*rules, *rules])

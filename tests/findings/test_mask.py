"""Nothing that identifies a person or opens a door gets through the mask, and what is masked can still be found."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.detectors.base import Detector
from govcrawl.findings import mask
from govcrawl.findings.model import Category

SECRETS = (
    "11010519491231002X", "11010519491231002x", "440524188001010014", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", "130503670401001",
    "6222021234567890128", "6222 0212 3456 7890 128", "13800138000", "138-0013-8000", "E12345678",
    "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA", "LTAI4FoxQ7aGhjKp9Wd2mnTZ", "AKIAQ3EGV5KJ2WRT6MZL", "ghp_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2",
    "5f2c7a9b1d3e8f604c2a7b9d1e3f5a68", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.q8RkP2vZxY7sT1uW3nB5",
)  # fmt: skip
NAMED = (
    "password=q8RkP2vZ",
    "密码：q8RkP2vZ",
    '"appSecret": "q8RkP2vZxY"',
    "Authorization: Bearer q8RkP2vZxY7s",
    "mysql://root:q8RkP2vZ@10.1.1.8/cms",
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("frame", ["{}", "前{}后", "a={}&b=1", "<td>{}</td>", "'{}'", "({})。"])
def test_a_snippet_never_carries_a_secret(secret: str, frame: str) -> None:
    assert secret not in mask.text(frame.format(secret))


@pytest.mark.parametrize("text", NAMED)
def test_the_value_behind_a_telling_name_is_masked(text: str) -> None:
    assert "q8RkP2vZ" not in mask.text(text)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_masked_snippet_stays_as_it_is_when_masked_again(secret: str) -> None:
    once = mask.text(f"证件 {secret} 等")
    assert mask.text(once) == once


def test_what_is_shown_is_a_third_at_most() -> None:
    assert mask.secret("abc") == "***[3]"
    assert mask.secret("q8RkP2vZxY7s") == "q8***7s[12]"
    assert mask.secret("11010519491231002X") == "110***02X[18]"


def test_an_address_keeps_what_is_needed_to_open_it() -> None:
    address = "http://www.qingshan.gov.cn/art/2024/3/5/art_1234567_20240305101112345.html?id=5f2c7a9b1d3e8f604c2a7b9d1e3f5a68&page=2#top"
    assert mask.url(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://www.qingshan.gov.cn/q?sfzh=11010519491231002X&a=1",
        "http://www.qingshan.gov.cn/person/11010519491231002X.html",
        "http://www.qingshan.gov.cn/q?x=11010519491231002x",
        "http://www.qingshan.gov.cn/q?access_token=q8RkP2vZxY7sT1uW",
        "http://root:q8RkP2vZ@www.qingshan.gov.cn/",
        "http://www.qingshan.gov.cn/q?phone=13800138000",
    ],
)
def test_an_address_never_carries_a_secret(address: str) -> None:
    masked = mask.url(address)
    assert masked.startswith("http://")
    for secret in ("11010519491231002X", "11010519491231002x", "q8RkP2vZ", "13800138000"):
        assert secret not in masked


def test_a_window_leaves_no_half_of_a_number() -> None:
    text = f"{'字' * 50}11010519491231002X{'字' * 50}名单6222021234567890128{'字' * 50}"
    for start in range(len(text) - 3):
        shown = mask.within(text, start, start + 2, window=20)
        assert "1010519491231" not in shown
        assert "22021234567" not in shown


class _Everywhere(Detector):
    id, title, category = "tests/everywhere", "Everywhere", Category.SECURITY_LEAK


def test_a_finding_is_masked_in_every_field() -> None:
    secret = "11010519491231002X"
    finding = _Everywhere().finding(
        f"http://www.qingshan.gov.cn/?sfz={secret}",
        mask.fingerprint(secret),
        f"号 {secret}",
        reason=f"因 {secret}",
        target=f"http://a.test/{secret}",
        locator=f"p#{secret}",
        title=f"Of {secret}",
    )
    assert secret not in repr(finding)


def test_a_private_key_is_masked_as_a_whole() -> None:
    text = "前 -----BEGIN RSA PRIVATE KEY-----\nMIIC\nXgIB\n-----END RSA PRIVATE KEY----- 后"
    assert mask.text(text) == "前 [private key]*** 后"


def test_a_log_line_is_masked_with_its_fields_and_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    secret = "11010519491231002X"
    log = logging.getLogger("govcrawl.test")
    log.addFilter(mask_filter := mask.LogFilter())
    try:
        int(f"bad number {secret}")
    except ValueError:
        log.warning("failed on %s", secret, exc_info=True, extra={"url": f"http://a.test/{secret}"})
    finally:
        log.removeFilter(mask_filter)
    record = caplog.records[0]
    assert secret not in caplog.text
    assert secret not in repr(vars(record))


@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str) -> None:
    assert len(mask.text(text)) <= 400
    assert isinstance(mask.url(text), str)


def test_one_secret_has_one_fingerprint_for_each_salt() -> None:
    assert mask.fingerprint("a") == mask.fingerprint("a")
    assert mask.fingerprint("a") != mask.fingerprint("a", salt="other")

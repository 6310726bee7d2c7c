import json
from dataclasses import replace

import pytest

from govcrawl.findings import lifecycle, mask
from govcrawl.findings.document import from_document, to_document
from govcrawl.findings.lifecycle import opened
from govcrawl.findings.model import Evidence, Review, State
from tests.findings.observed import after, observation


def a_record():
    reviewed = lifecycle.review(opened(observation()), Review(State.CONFIRMED, "王", "seen", after(5)))
    return lifecycle.resolve(reviewed, after(60))


def test_a_record_comes_back_from_its_json_but_for_the_subject():
    record = a_record()
    text = json.dumps(to_document(record), ensure_ascii=False)
    assert from_document(json.loads(text)) == replace(record, finding=replace(record.finding, subject=""))


def test_the_document_has_the_shape_outsiders_rely_on():
    document = to_document(opened(observation("http://www.example.gov.cn:8080/a/b.html?c=1")))
    assert set(document) == {"@timestamp", "finding", "rule", "site", "url", "campaign"}
    assert document["@timestamp"] == document["finding"]["last_seen"] == "2026-03-02T12:00:00.250Z"
    assert document["rule"] == {"id": "dark-links/hidden-by-style", "version": 1, "name": "Hidden by style"}
    assert set(document["site"]) == {"id", "name", "region", "level", "organizer"}
    assert document["url"] == {
        "full": "http://www.example.gov.cn:8080/a/b.html?c=1",
        "domain": "www.example.gov.cn",
        "path": "/a/b.html",
    }
    assert document["finding"]["indicator"] == ["V1"]
    assert document["finding"]["evidence"]["technique"] == "style"
    assert document["campaign"] == {"id": "2026-q1"}


def test_the_subject_is_in_no_document():
    document = to_document(opened(observation(subject="the-subject-itself")))
    assert "the-subject-itself" not in json.dumps(document)


def test_half_a_surrogate_from_a_broken_page_does_not_stop_the_writing():
    evidence = Evidence(mask.text("政府\ud83d网"), extra={"lines": mask.text("\ude00")})
    document = to_document(opened(observation("http://www.example.gov.cn/\udce9", evidence=evidence)))
    assert json.dumps(document, ensure_ascii=False).encode()
    assert document["finding"]["evidence"]["snippet"] == "政府?网"


@pytest.mark.parametrize("url", ["http://[::1/x", "", "no address"])
def test_an_address_that_is_none_is_kept_as_it_is(url):
    assert to_document(opened(observation(url)))["url"]["full"] == url

"""Scripts of other sites: the detectors' examples, and the list of hosts that were taken over."""

import pytest

from govcrawl.detectors.check import disagreements
from govcrawl.detectors.foreign_scripts.taken_over import taken_over
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Category
from govcrawl.kit.urls import registrable

FAMILY = [detector for detector in all_detectors() if detector.id.startswith("foreign-scripts/")]


@pytest.mark.parametrize("detector", FAMILY, ids=lambda detector: detector.id)
def test_a_detector_judges_its_examples_as_written(detector):
    assert not list(disagreements([detector]))


def test_nothing_of_the_family_calls_a_site_hacked():
    assert {detector.category for detector in FAMILY} == {Category.AVAILABILITY}


@pytest.mark.parametrize("host", taken_over().values(), ids=lambda host: host.domain)
def test_a_host_that_was_taken_over_is_named_by_two_sources_elsewhere(host):
    assert registrable(host.domain) == host.domain
    sites = {source.partition("://")[2].partition("/")[0] for source in host.sources}
    assert len(sites) >= 2
    assert host.domain not in sites
    assert host.what

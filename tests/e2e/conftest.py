"""A real Elasticsearch for whole crawls."""

import os
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from tests.services import elasticsearch
from tests.services.java import Missing


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server without findings. One that the environment names and that has some is somebody's, and left alone."""
    try:
        with elasticsearch.running() as url, Elasticsearch(url, request_timeout=300) as client:
            if client.indices.exists(index="govcrawl-findings"):
                pytest.skip("the named Elasticsearch has govcrawl indices already; this test needs one without")
            yield url
            client.indices.delete(index="govcrawl-*")
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Elasticsearch: {missing}")

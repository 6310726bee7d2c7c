"""The templates of the indices, as JSON files, and the index that each of them maps."""

import json
from importlib.resources import files

from govcrawl.findings.document import Document

PREFIX = "govcrawl"

# Index -> the template that maps it. The first two words of a name are what people type into Kibana.
TEMPLATE_OF = {
    "findings": "findings",
    "sightings": "sightings",
    "events": "events",
    "columns": "columns",
    "column-history": "columns",
    "sites": "sites",
    "site-history": "sites",
    "not-inspected": "not-inspected",
    "workers": "workers",
}


def template(name: str, prefix: str = PREFIX) -> Document:
    """A file of templates/ with the prefix filled in."""
    text = (files("govcrawl.store") / "templates" / f"{name}.json").read_text(encoding="utf-8")
    found: Document = json.loads(text.replace("{prefix}", prefix))
    return found

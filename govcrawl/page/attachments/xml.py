"""XML of untrusted documents: no entity, no network, no bomb."""

from collections.abc import Iterator

from lxml import etree

from govcrawl.page.attachments.values import Refused

# In the encodings that a parser reads without being told of them.
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))


def parsed(data: bytes) -> etree._Element:
    """The root of a part; damaged markup is mended. Raises Refused where it defines entities or is no XML at all."""
    if any(sign in data for sign in _ENTITIES):
        raise Refused("defines XML entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused("damaged XML") from fault
    if root is None:
        raise Refused("damaged XML")
    return root


def local(element: etree._Element) -> str:
    """The name without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """The first attribute of that local name."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def words(root: etree._Element, names: frozenset[str]) -> Iterator[str]:
    """Texts of all elements of these names."""
    for element in root.iter():
        if local(element) in names and element.text:
            yield element.text

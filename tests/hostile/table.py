"""All behaviours of the hostile web."""

from tests.hostile import content, tls, transport
from tests.hostile.behaviour import Behaviour

FAMILIES: dict[str, tuple[Behaviour, ...]] = {
    "connections": transport.CONNECTIONS,
    "lengths": transport.LENGTHS,
    "protocols": transport.PROTOCOLS,
    "headers": transport.HEADERS,
    "statuses": transport.STATUSES,
    "names": transport.NAMES,
    "certificates": (*tls.WARNED, *tls.OLD, *tls.BROKEN),
    "encodings": content.ENCODINGS,
    "redirects": content.REDIRECTS,
    "markup": content.MARKUP,
    "robots": content.ROBOTS,
    "beside the page": content.BESIDE,
    "good neighbours": content.PAGES,
}
BEHAVIOURS = tuple(behaviour for family in FAMILIES.values() for behaviour in family)

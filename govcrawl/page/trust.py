"""How far a day can be trusted, by where it was read."""

from functools import cache

# Of 1. The first seven are those of detection: 2.3; the others stand where their like do.
_TRUST = {
    "meta": 0.98,
    "item": 0.95,
    "label": 0.9,
    "address": 0.85,
    "feed": 0.7,
    "sign-off": 0.6,
    "last-modified": 0.2,  # beside another one
    "data": 0.95,  # a field of the record that a script makes the entry of
    "recordset": 0.95,
    "data request": 0.95,
    "byline": 0.85,  # as a label, but without its word
    "headline": 0.8,
    "dateline": 0.7,
    "item, year from its address": 0.85,
    "item, year by order": 0.8,
    "htmldate": 0.5,  # the last resort; it does not say where it read
    "meta:createdate": 0.5,  # when the file was made, or made again
    "meta:dc.date": 0.5,
    "meta:date": 0.5,
    "meta:lastmodifiedtime": 0.5,
    "the day of an earlier visit": 0.85,
}
UNKNOWN = 0.5
SURE, FAIR = 0.9, 0.7


BESIDE = " + "
LAST_MODIFIED = "last-modified"  # never alone: of most pages it is the moment of the answer


@cache
def trust_of(source: str) -> float:
    """By the whole source, or the word before its colon (`meta:pubdate`, `data:publishTime`). Two that agree are wrong where both are."""
    first, beside, second = source.partition(BESIDE)
    if beside:
        return round(1 - (1 - trust_of(first)) * (1 - trust_of(second)), 2)
    known = _TRUST.get(source.lower())
    return known if known is not None else _TRUST.get(source.partition(":")[0], UNKNOWN)

"""The evidence of a dark link: what a unit can check and what stays after the block is gone."""

from collections.abc import Mapping

from govcrawl.detectors.dark_links.blocks import Block
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked

SHOWN_LINKS = 12
SUBJECT_DOMAINS = 64


def defanged(url: str) -> str:
    """An address, or a piece of markup, that nobody opens by accident."""
    return url.replace("http", "hxxp").replace(".", "[.]", 1)


def copy_of(block: Block, limit: int = 1500) -> Masked:
    """The worst links of a block, defanged: kept so that it can be shown after it is gone."""
    worst = sorted(block.links, key=lambda themed: -themed.level)[:SHOWN_LINKS]
    shown = "; ".join(f"{themed.link.text[:60]} → {defanged(themed.link.url)[:120]}" for themed in worst)
    left = len(block.links) - len(worst)
    return mask.text(f"{shown}; … {left} more" if left else shown, limit)


def identity_of(block: Block) -> str:
    """The same block on any page: its technique and its targets, in order."""
    return "\n".join((block.technique, *block.domains[:SUBJECT_DOMAINS]))


def facts_of(block: Block) -> Mapping[str, Masked | int | float | bool]:
    return {
        "technique": mask.text(block.technique),
        "links": len(block.links),
        "domains": len(block.domains),
        "score": round(block.score, 2),
        "factors": mask.text(" × ".join(f"{name} = {factor:g}" for name, factor in block.factors)),
        "block": copy_of(block),
    }


def words_of(block: Block) -> str:
    worst = sorted(block.links, key=lambda themed: -themed.level)
    return " ".join(dict.fromkeys(themed.link.text for themed in worst if themed.link.text))


def target_of(block: Block) -> str:
    return max(block.links, key=lambda themed: themed.level).link.url

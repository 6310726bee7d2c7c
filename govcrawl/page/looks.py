"""How the boxes of a page look: by that the rows of one list are told from those of another."""

from selectolax.lexbor import LexborNode

from govcrawl.page.outline import tag_ids

Look = tuple[str, ...]

_LEVELS = 5
_OUTSIDE = tag_ids("body", "html")


class Looks:
    """Tags and names of a box and those around it, without the numbers that tell boxes of one kind apart. Each box is read once: those
    around it are mostly the same.
    """

    def __init__(self) -> None:
        self._known: dict[int, Look] = {}
        self._levels: dict[int, tuple[str, LexborNode | None]] = {}

    def of(self, box: LexborNode) -> Look:
        """From the box upwards, at most five levels."""
        known = self._known.get(box.mem_id)
        if known is None:
            known = self._known[box.mem_id] = tuple(self._upwards(box))
        return known

    def _upwards(self, box: LexborNode) -> list[str]:
        levels: list[str] = []
        above: LexborNode | None = box
        while above is not None and len(levels) < _LEVELS:
            known = self._levels.get(above.mem_id)
            if known is None:
                if above.tag_id in _OUTSIDE:
                    break
                known = self._levels[above.mem_id] = (_level(above), above.parent)
            level, above = known
            levels.append(level)
        return levels


def _level(box: LexborNode) -> str:
    attributes = box.attributes
    return f"{box.tag} {attributes.get('class') or ''} {attributes.get('id') or ''}".rstrip(" 0123456789")

"""Addresses that a program may make without end: calendars, facets, paths that grow."""

import re
from collections import Counter

# Relative links that lead ever deeper repeat a name over and over; a real path does so once, as /gk/zfxxgk/gk/.
_MOST_REPEATED = 2
# Three choices and more multiply: a list sorted, filtered and narrowed in all ways at once.
_FEWEST_FACETS = 3
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_PACKED_DAY = re.compile(r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")
_SHORT = re.compile(r"\d{1,2}")
_LONG = 4  # digits of a number that is no choice, nor the number of a page in a list


def pattern_of(url: str) -> str:
    """What addresses of one trap have in common, without scheme; "" where nothing speaks for one.

    What names an article or column (`id=`, `wbnewsid=`, `seq=446015`) makes no facet, and a date no calendar where a number beside it does.
    """
    path, _, query = url.partition("?")
    host, _, path = path.partition("://")[2].partition("/")
    path = f"/{path}"
    if repeated := _repeated(path):
        return host + repeated
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    if _is_calendar(path, [value for _, _, value in pairs]):
        names = "&".join(f"{name}={_NUMBER.sub('*', value)}" for name, _, value in sorted(pairs))
        return host + _NUMBER.sub("*", path) + (f"?{names}" if names else "")
    chosen = sorted({name for name, _, value in pairs if value})
    if len(chosen) >= _FEWEST_FACETS and not any(_names_a_page(name, value) for name, _, value in pairs):
        return f"{host}{path}?{'&'.join(f'{name}=*' for name in chosen)}"
    return ""


def _names_a_page(name: str, value: str) -> bool:
    return name.lower().endswith("id") or (len(value) >= _LONG and value.isdecimal() and not _PACKED_DAY.fullmatch(value))


def _repeated(path: str) -> str:
    counts = Counter(part for part in path.split("/") if part)
    again = [part for part, times in counts.items() if times > _MOST_REPEATED]
    return f"/*/{'/*/'.join(sorted(again))}/*" if again else ""


def _is_calendar(path: str, values: list[str]) -> bool:
    """Whether all its numbers together are a day or a month, be it packed as 20170312 or in parts."""
    numbers = _NUMBER.findall(path) + [number for value in values for number in _NUMBER.findall(value)]
    if len(numbers) == 1:
        return _PACKED_DAY.fullmatch(numbers[0]) is not None
    years = [number for number in numbers if _YEAR.fullmatch(number)]
    return (
        len(years) == 1 and 2 <= len(numbers) <= 3 and all(_SHORT.fullmatch(number) for number in numbers if number not in years)
    )

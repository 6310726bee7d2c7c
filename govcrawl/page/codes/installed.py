"""The packages of the extra `qr`, as far as they are here."""

from importlib.util import find_spec

EXTRA = "govcrawl[qr]"
_PACKAGES = {"zxingcpp": "zxing-cpp", "PIL": "pillow"}


def missing() -> tuple[str, ...]:
    """Names of the packages without which no code is read; () where all of them are installed."""
    return tuple(package for module, package in _PACKAGES.items() if find_spec(module) is None)

"""Every detector of the package, found by walking it."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

import govcrawl.detectors as package
from govcrawl.detectors.base import Detector


@lru_cache(maxsize=1)
def all_detectors() -> tuple[Detector, ...]:
    """One instance of each concrete detector, ordered by id. Two of one id are a programming error."""
    found: dict[str, Detector] = {}
    for module in _modules():
        for thing in vars(module).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, Detector)
                and thing.__module__ == module.__name__
                and hasattr(thing, "id")
            ):
                if thing.id in found:
                    raise ValueError(f"two detectors are called {thing.id}; ids are never reused")
                found[thing.id] = thing()
    return tuple(found[name] for name in sorted(found))


def _modules() -> Iterator[ModuleType]:
    for entry in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(entry.name)

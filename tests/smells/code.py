"""Smells that the syntax tree shows: sizes, broad excepts, clocks, foreign imports."""

import ast
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

from tests.smells.measure import PRODUCT, ROOT, Smell, places

EXAMPLES = {"flagged", "clean", "misses"}
_DATA_LINES = 10  # a literal at module level that is longer is data
_LITERALS = (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Constant)
FOREIGN = {"scrapy": "crawl", "twisted": "crawl", "scrapy_redis": "crawl", "redis": "frontier", "elasticsearch": "store"}
_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("os", "environ"),
    ("os", "getenv"),
}
MOST_LINES = 400  # of a file
_CLOCK_PLACES = ("kit/clock.py", "config.py", "cli/")
_CLIENTS = {"Redis", "from_url", "Elasticsearch", "AsyncElasticsearch", "ClientSession", "ValkeyServer"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One source file, parsed once."""

    path: Path

    @cached_property
    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse("\n".join(self.lines))

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def inside(self) -> str:
        """The path under govcrawl/."""
        return self.path.relative_to(PRODUCT).as_posix()

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{node.lineno}"


def modules(folder: Path = PRODUCT) -> list[Module]:
    return [Module(path) for path in sorted(folder.rglob("*.py"))]


def body_lines(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code: without signature, docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    if not body:
        return 0
    span = module.lines[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(1 for line in span if line.strip() and not line.strip().startswith("#"))


def file_lines(module: Module) -> int:
    """Lines of a file, its data and the examples of its detectors aside."""
    return len(module.lines) - sum(node.end_lineno - node.lineno + 1 for node in _aside(module.tree))


def _aside(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (part for part in node.body if _assigned(part) in EXAMPLES)
        elif _is_data(node) and node.end_lineno - node.lineno >= _DATA_LINES:
            yield node


def _is_data(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, _LITERALS)


def _assigned(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def sizes(found: list[Module]) -> Iterator[Smell]:
    functions = sorted(
        ((body_lines(module, node), module.at(node)) for module in found for node in _functions(module)), reverse=True
    )
    yield from _sized("function body lines", functions, typical=6, p90=22, most=50)
    files = sorted(((file_lines(module), module.name) for module in found), reverse=True)
    yield from _sized("file lines", [entry for entry in files if entry[0]], typical=130, p90=None, most=MOST_LINES)


def long_tests(found: list[Module]) -> Smell:
    """Each test file counts whole: its tables are what is read in it."""
    lengths = sorted(((len(module.lines), module.name) for module in found), reverse=True)
    long = [f"{name}: {lines} lines" for lines, name in lengths if lines > MOST_LINES]
    return Smell("file lines of tests, most", str(lengths[0][0]), f"<= {MOST_LINES}", bool(long), where=long)


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, _FUNCTIONS))


def _sized(name: str, found: list[tuple[int, str]], *, typical: int, p90: int | None, most: int) -> Iterator[Smell]:
    values = [value for value, _ in found]
    middle = median(values)
    yield Smell(f"{name}, median", f"{middle:g}", f"<= {typical}", middle > typical)
    if p90 is not None:
        high = values[len(values) - math.ceil(len(values) * 0.9)]
        yield Smell(f"{name}, p90", str(high), f"<= {p90}", high > p90)
    over = [f"{place} has {value}" for value, place in found if value > most]
    yield Smell(f"{name}, most", str(values[0]), f"<= {most}", bool(over), where=over)


def broad_excepts(found: list[Module]) -> Smell:
    handlers = ((module, node) for module in found for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler))
    lines = [f"{module.at(node)} {why}" for module, node in handlers for why in _blind(module, node)]
    return places("`except Exception`, bare except, `return None` in an except", lines)


def _blind(module: Module, handler: ast.ExceptHandler) -> Iterator[str]:
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"everything"}
    broad = caught & {"Exception", "BaseException", "everything"} and not _raises_again(handler)
    if broad and module.inside != "detectors/inspector.py":
        yield f"catches {', '.join(sorted(caught))}"
    for node in ast.walk(ast.Module(handler.body, [])):
        if isinstance(node, ast.Return) and (node.value is None or getattr(node.value, "value", ...) is None):
            yield "returns None"


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """A transaction that is rolled back on anything and passes it on swallows nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def clocks(found: list[Module]) -> Smell:
    lines = [
        f"{module.at(node)} {node.value.id}.{node.attr}"
        for module in found
        if not module.inside.startswith(_CLOCK_PLACES)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in _CLOCKS
    ]
    return places("clock or environment read outside kit/clock, config, cli", lines, bold=False)


def clients(found: list[Module]) -> Smell:
    lines = [
        module.at(node)
        for module in found
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call) and _called(node.value) in _CLIENTS
    ]
    return places("clients at module level", lines, bold=False)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def foreign_imports(found: list[Module]) -> Smell:
    lines = [
        f"{module.name} imports {name}"
        for module in found
        for name in _imports(module.tree)
        if (home := FOREIGN.get(name.partition(".")[0])) and not module.inside.startswith(f"{home}/")
    ]
    return places("scrapy, redis, elasticsearch imported outside their folder", lines)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def banned_names(found: Iterable[Module]) -> Smell:
    banned = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "handlers", "managers"}
    lines = [module.name for module in found if banned & set(Path(module.inside).with_suffix("").parts)]
    return places("drawers: utils, helpers, common, misc, manager, handler", lines, bold=False)

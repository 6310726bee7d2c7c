"""What a callback yields, seen on its way to Scrapy."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

See = Callable[[Any], Any]


def watched(call: Callable[..., Any], see: See) -> Callable[..., Any]:
    """`call`, with `see` applied to each thing that it yields or returns. Plain, generator, async and async generator calls stay what they
    are, because Scrapy and its middlewares treat each in its own way.
    """

    def run(*arguments: Any, **words: Any) -> Any:
        return _seen(call(*arguments, **words), see)

    return run


def _seen(output: Any, see: See) -> Any:
    if inspect.isasyncgen(output):
        return _each_later(output, see)
    if inspect.isawaitable(output):
        return _later(output, see)
    if isinstance(output, Mapping | str | bytes) or not hasattr(output, "__iter__"):
        return see(output)
    return _each(output, see)


def _each(output: Any, see: See) -> Iterator[Any]:
    for one in output:
        yield see(one)


async def _each_later(output: AsyncIterator[Any], see: See) -> AsyncIterator[Any]:
    async for one in output:
        yield see(one)


async def _later(output: Awaitable[Any], see: See) -> Any:
    return _seen(await output, see)

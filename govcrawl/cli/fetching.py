"""One page from the network, fetched with the crawler's own rules but without the crawl."""

import asyncio

from govcrawl.config import Config
from govcrawl.crawl.environment import limits_of
from govcrawl.crawl.fetching import Fetched, Fetcher
from govcrawl.crawl.fetching import FetchError as NoAnswer
from govcrawl.crawl.identity import user_agent
from govcrawl.crawl.options import Proxies
from govcrawl.findings import mask
from govcrawl.frontier.model import Reason
from govcrawl.kit.urls import resolve

_MAX_REDIRECTS = 8
_WAY_OUT = {
    Reason.FORBIDDEN_ADDRESS: "an inner address; allow its network with GOVCRAWL_ALLOW_NETWORKS if it is meant",
    Reason.TOO_LARGE: "too large; raise GOVCRAWL_MAX_BYTES, or save it and scan the file",
    Reason.DNS: "no such host; check the name and the network",
}


class FetchError(Exception):
    """The address could not be had; the message names it and the way out."""


def fetch(url: str, config: Config) -> Fetched:
    """The page at an address, at the end of its redirects. Inner addresses are refused as in a crawl, on every hop."""
    return asyncio.run(_fetch(url, config))


async def _fetch(url: str, config: Config) -> Fetched:
    proxies = Proxies(config.http_proxy, config.https_proxy, config.no_proxy)
    fetcher = Fetcher(user_agent(), limits_of(config), proxies, config.allow_networks)
    try:
        return await _followed(url, fetcher)
    except NoAnswer as fault:
        raise FetchError(
            f"{mask.url(url)}: {_WAY_OUT.get(fault.reason, f'{fault} ({fault.reason}); check the address and try again')}"
        ) from fault
    finally:
        await fetcher.aclose()


async def _followed(url: str, fetcher: Fetcher) -> Fetched:
    address = resolve("", url)
    for _ in range(_MAX_REDIRECTS):
        if address is None:
            raise FetchError(f"{mask.url(url)}: not an http or https address; write it as http://www.example.com/")
        answer = await fetcher.fetch(address)
        location = answer.headers.get("location") if 300 <= answer.status < 400 else None
        if location is None:
            return answer
        address = resolve(address, location)
    raise FetchError(f"{mask.url(url)}: more than {_MAX_REDIRECTS} redirects; name the address where they should end")

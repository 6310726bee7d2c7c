"""How long hosts are left alone, and when the frontier gives up."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Politeness:
    """The limits that every Lua script gets. All of it is per host, over all workers and campaigns.

    But for `address_seconds`: between two requests to one IP address, over all hosts that stand on it, in each partition for itself; 0 asks
    nothing of addresses. The first request to a host comes before anybody knows where it stands.

    A failed host is left alone for `retry_seconds`, then twice as long with every failure in a row; after 429 or 503 with Retry-After for
    `throttle_seconds`, doubling too, forgiven after `forgive_seconds` without another. After `patience` failures to reach it in a row
    its queue is given up. With a delay above 0, a slow host is asked no sooner than `slow_factor` times its last answer took.
    Of a site no more than `alike` addresses of one suspicious pattern are visited (five years of a calendar's days); 0 is no limit.
    A site whose pages had `site_bytes` together gives no more of them; 0 is no limit.
    A host stays with the worker that had its last page, which knows its sheets and scripts: the others may have it once it has been due for
    `stay_seconds`; 0 gives each host to whoever comes first.
    Numbers of frontier back-off as StormCrawler's (60 s doubling, 10 % jitter, forgiven after 30 minutes).
    """

    in_flight: int = 1
    attempts: int = 3
    retry_seconds: float = 2.0
    retry_cap_seconds: float = 120.0
    throttle_seconds: float = 60.0
    throttle_cap_seconds: float = 86_400.0
    forgive_seconds: float = 1_800.0
    patience: int = 6
    crawl_delay_cap_seconds: float = 60.0
    slow_factor: float = 2.0
    slow_cap_seconds: float = 10.0
    robots_seconds: float = 86_400.0
    robots_unreached_seconds: float = 3_600.0
    address_seconds: float = 0.0
    alike: int = 2_000
    site_bytes: int = 20 * 2**30
    stay_seconds: float = 0.2

    def limits(self, lease_seconds: float) -> bytes:
        """As queues.lua reads them: milliseconds."""
        return msgspec.msgpack.encode(
            (
                self.in_flight,
                self.attempts,
                round(lease_seconds * 1000),
                round(self.retry_seconds * 1000),
                round(self.retry_cap_seconds * 1000),
                round(self.throttle_seconds * 1000),
                round(self.throttle_cap_seconds * 1000),
                round(self.forgive_seconds * 1000),
                self.patience,
                round(self.crawl_delay_cap_seconds * 1000),
                self.slow_factor,
                round(self.slow_cap_seconds * 1000),
                round(self.robots_seconds * 1000),
                round(self.robots_unreached_seconds * 1000),
                round(self.address_seconds * 1000),
                self.alike,
                self.site_bytes,
                round(self.stay_seconds * 1000),
            )
        )

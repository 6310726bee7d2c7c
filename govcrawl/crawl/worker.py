"""The worker process."""

import logging
import resource

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from govcrawl.crawl.options import AFRESH, WorkerOptions
from govcrawl.crawl.services import OPTIONS, services_of
from govcrawl.crawl.spiders.site import SiteSpider
from govcrawl.crawl.study import share_the_interpreter

DONE, CUT_OFF = 0, 130


def run_worker(options: WorkerOptions) -> int:
    """Works until told to stop, until nothing runs (`until_idle`), or until its memory is full (AFRESH); blocks, and needs a process of its own.

    SIGTERM and SIGINT finish the pages under way and hand back the others; a second one stops at once.
    Raises FrontierUnreachable or StoreUnreachable where a service does not answer at the start.
    """
    _open_files()
    share_the_interpreter()
    settings = Settings()
    settings.setmodule("govcrawl.crawl.settings", priority="project")
    settings.set(OPTIONS, options, priority="cmdline")
    settings.set("LOG_LEVEL", options.log_level, priority="cmdline")
    for name, value in options.settings.items():
        settings.set(name, value, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    # Scrapy opens its own logger wide, whatever the root logger says.
    logging.getLogger("scrapy").setLevel(options.log_level)
    crawler = Crawler(SiteSpider, settings)
    crawl = process.crawl(crawler)
    process.start()
    # Raises what kept the worker from starting. One that was told twice to stop is cut off in its last breath.
    if not crawl.done() or crawl.result() is not None:
        return CUT_OFF
    return AFRESH if services_of(crawler).afresh else DONE


def _open_files() -> None:
    """One connection a host: the usual 1,024 open files are too few for a thousand hosts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

"""Stock scrapy-redis 0.9.1 over the generated webs, as its documentation shows it, and as far as it starts on Scrapy 2.19.

python tests/bench/stock_worker.py REDIS_URL SLOTS SEED...     prints one JSON line
"""

import json
import sys
import time

import redis
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy_redis.spiders import RedisSpider


class StockSpider(RedisSpider):
    name = "stock"
    redis_key = "stock:start_urls"
    max_idle_time = 2

    def parse(self, response):
        self.marks.append((time.perf_counter(), time.process_time()))
        for href in response.css("a::attr(href)").getall():
            yield Request(response.urljoin(href))
        yield {"url": response.url, "title": response.css("title::text").get()}


def main(redis_url: str, slots: int, seeds: list[str]) -> None:
    server = redis.from_url(redis_url)
    server.flushdb()
    server.rpush(StockSpider.redis_key, *[json.dumps({"url": seed}) for seed in seeds])
    marks = StockSpider.marks = []
    process = AsyncCrawlerProcess(
        {
            "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
            "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
            "REDIS_URL": redis_url,
            "CONCURRENT_REQUESTS": slots,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    crawler = process.create_crawler(StockSpider)
    begun = []
    crawler.signals.connect(lambda: begun.append((time.perf_counter(), time.process_time())), signals.spider_opened, weak=False)
    process.crawl(crawler)
    process.start()
    # Up to the last page: the idle time that it needs to find out that it is done does not count against it.
    (wall, cpu), (wall_end, cpu_end) = begun[0], marks[-1]
    print(json.dumps({"pages": len(marks), "seconds": wall_end - wall, "cpu_seconds": cpu_end - cpu}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])

"""Pages that somebody pushes into a list of Redis."""

from scrapy_redis.spiders import RedisSpider


class SeededSpider(RedisSpider):
    name = "seeded"
    max_idle_time = 3

    def parse(self, response):
        yield {"url": response.url}
        yield from response.follow_all(css="a.shelf", callback=self.parse_shelf)

    def parse_shelf(self, response):
        yield {"url": response.url}

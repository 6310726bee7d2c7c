"""What the spiders collect."""

import scrapy


class Book(scrapy.Item):
    title = scrapy.Field()
    shelf = scrapy.Field()
    price = scrapy.Field()
    found_on = scrapy.Field()

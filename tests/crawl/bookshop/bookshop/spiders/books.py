"""Shelves, their pages, their books, and the price of each by a form."""

import os

import scrapy

from bookshop.items import Book


class BooksSpider(scrapy.Spider):
    name = "books"

    async def start(self):
        yield scrapy.Request(os.environ["SHOP_URL"], callback=self.parse_front)

    def parse_front(self, response):
        for link in response.css("a.shelf"):
            yield response.follow(link, self.parse_shelf, cb_kwargs={"shelf": link.css("::text").get()}, priority=1)
        yield response.follow("/gone", self.parse_book, errback=self.failed, meta={"shelf": "none"})
        yield response.follow("/moved", self.parse_moved)

    async def parse_shelf(self, response, shelf):
        for link in response.css("a.book"):
            # The whole meta of the response travels on, as many spiders do it.
            yield response.follow(link, self.parse_book, meta={**response.meta, "shelf": shelf})
        for link in response.css("a.next"):
            yield response.follow(link, self.parse_shelf, cb_kwargs={"shelf": shelf})

    def parse_book(self, response):
        title = response.css("h1::text").get()
        book = {"title": title, "shelf": response.meta["shelf"], "found_on": response.url}
        return scrapy.FormRequest(
            response.urljoin("/price"), formdata={"title": title}, callback=self.parse_price, cb_kwargs={"book": book}
        )

    def parse_price(self, response, book):
        return Book(**book, price=response.text)

    def parse_moved(self, response):
        yield {"moved_to": response.url}

    def failed(self, failure):
        yield {"failed": failure.value.response.status}

"""The Scrapy worker: what runs between the frontier and the store."""

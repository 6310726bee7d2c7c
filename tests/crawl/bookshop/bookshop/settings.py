"""An ordinary project of scrapy-redis, with one line changed."""

import os
import warnings

from scrapy.exceptions import ScrapyDeprecationWarning

warnings.simplefilter("error", ScrapyDeprecationWarning)

BOT_NAME = "bookshop"
SPIDER_MODULES = ["bookshop.spiders"]
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 4
DOWNLOAD_DELAY = 0
LOG_LEVEL = "INFO"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

REDIS_URL = os.environ["REDIS_URL"]
SCHEDULER = "govcrawl.crawl.scheduler.Scheduler"

"""Scrapy's settings, for `scrapy crawl site` and for the workers; each change of a default says why."""

BOT_NAME = "govcrawl"
SPIDER_MODULES = ["govcrawl.crawl.spiders"]

SCHEDULER = "govcrawl.crawl.scheduler.Scheduler"
ADDONS = {"govcrawl.crawl.services.Services": 0}
ITEM_PIPELINES = {
    "govcrawl.crawl.pipelines.InspectPipeline": 300,
    "govcrawl.crawl.pipelines.StorePipeline": 900,
}
DOWNLOAD_HANDLERS = {
    "http": "govcrawl.crawl.downloading.PageDownloadHandler",
    "https": "govcrawl.crawl.downloading.PageDownloadHandler",
    # A page must not be able to send the crawler to a file or another protocol.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # a quarter more pages a second

# A page yields one item; Scrapy starts this many tasks for every response (frontier: 35 % of a crawl at the default of 100).
CONCURRENT_ITEMS = 1
# How many pages are under way, and how far apart, is the frontier's business: the downloader only carries out.
CONCURRENT_REQUESTS = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1_000_000
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
# A slow store holds pages in memory: this many bytes of them, then nothing new is started.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16 * 1024 * 1024

# Each of these runs for every page. What they do is done elsewhere, once: retries, robots.txt, scope and duplicates in the frontier,
# headers, time-outs, compression and proxies in the download handler; redirects are pages of their own; cookies are not kept.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
# The spider reads answers of every status, and yields no requests.
SPIDER_MIDDLEWARES = {
    "govcrawl.crawl.pipelines.Mishaps": 10,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,  # a signal handler for every page; the desk counts
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.closespider.CloseSpider": None,
}
LOG_FORMATTER = "govcrawl.crawl.quiet.QuietLogFormatter"
LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False  # the command line has set up the log
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the source of the callback; ours is known

# Both let whoever reaches the port, or can read a file of the user, run code inside the worker.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

"""The connection to Redis as projects of scrapy-redis set it."""

from urllib.parse import quote

from scrapy.settings import BaseSettings

_NAMES = {"host": "REDIS_HOST", "port": "REDIS_PORT", "db": "REDIS_DB"}


def redis_url(settings: BaseSettings) -> str:
    """From REDIS_URL, or REDIS_HOST, REDIS_PORT, REDIS_DB and what REDIS_PARAMS has of url, host, port, db, username, password and ssl."""
    given = settings.getdict("REDIS_PARAMS")
    if url := settings.get("REDIS_URL") or given.get("url"):
        return str(url)
    words = {name: settings.get(setting) or given.get(name) for name, setting in _NAMES.items()}
    user, password = quote(str(given.get("username") or ""), safe=""), quote(str(given.get("password") or ""), safe="")
    login = f"{user}:{password}@" if user or password else ""
    scheme = "rediss" if given.get("ssl") else "redis"
    return f"{scheme}://{login}{words['host'] or '127.0.0.1'}:{words['port'] or 6379}/{words['db'] or 0}"

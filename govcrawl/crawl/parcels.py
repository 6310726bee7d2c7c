"""A Scrapy request as bytes, and back: a fixed form that can call nothing but the spider's own methods."""

from typing import Any

import msgspec
from scrapy import Request, Spider
from scrapy.http import FormRequest, JsonRequest, XmlRpcRequest

_KINDS = {f"{kind.__module__}.{kind.__name__}": kind for kind in (FormRequest, JsonRequest, XmlRpcRequest)}
_CALLS = ("callback", "errback")


class BadParcel(Exception):  # noqa: N818 - a state of a record, as BadRecord is
    """A request that cannot be queued, or a record that we did not write. The message says which part of it."""


class Parcel(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """All that a request has besides its place in the queue. Scrapy's own serialisation would load any class that a record names."""

    url: str
    kind: str = ""  # one of Scrapy's own subclasses
    callback: str = ""
    errback: str = ""
    method: str = "GET"
    headers: list[tuple[bytes, list[bytes]]] = []
    body: bytes = b""
    cookies: Any = None
    meta: dict[str, Any] = {}
    cb_kwargs: dict[str, Any] = {}
    flags: list[str] = []
    encoding: str = "utf-8"
    priority: int = 0
    dont_filter: bool = False


_decode = msgspec.msgpack.Decoder(Parcel).decode


def packed(request: Request, spider: Spider) -> bytes:
    """Raises BadParcel where a part of the request cannot be stored: a lambda as callback, an object in its meta."""
    kind = type(request)
    name = "" if kind is Request else f"{kind.__module__}.{kind.__name__}"
    if name and name not in _KINDS:
        raise BadParcel(f"{name} is not one of Scrapy's own request classes")
    try:
        return msgspec.msgpack.encode(
            Parcel(
                url=request.url,
                kind=name,
                callback=_name_of(request.callback, spider),
                errback=_name_of(request.errback, spider),
                method=request.method,
                headers=[(name, list(request.headers.getlist(name))) for name in request.headers],
                body=request.body,
                cookies=request.cookies or None,
                meta=dict(request.meta),
                cb_kwargs=dict(request.cb_kwargs),
                flags=list(request.flags),
                encoding=request.encoding,
                priority=request.priority,
                dont_filter=request.dont_filter,
            )
        )
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as fault:
        raise BadParcel(f"meta, cb_kwargs and cookies may hold only what msgpack knows: {fault}") from fault


def _name_of(call: Any, spider: Spider) -> str:
    if call is None:
        return ""
    name = getattr(call, "__name__", "")
    if getattr(call, "__self__", None) is not spider or getattr(spider, name, None) != call:
        raise BadParcel(f"{call!r} is no method of the spider {spider.name!r}: another worker could not call it")
    return str(name)


def unpacked(data: bytes, spider: Spider) -> Request:
    """Raises BadParcel for a record that we did not write."""
    try:
        parcel = _decode(data)
        kind = _KINDS[parcel.kind] if parcel.kind else Request
        calls = {name: _method(getattr(parcel, name), spider) for name in _CALLS}
        return kind(
            parcel.url,
            **calls,
            method=parcel.method,
            headers={name.decode("latin-1"): values for name, values in parcel.headers},
            body=parcel.body,
            cookies=parcel.cookies,
            meta=parcel.meta,
            cb_kwargs=parcel.cb_kwargs,
            flags=parcel.flags,
            encoding=parcel.encoding,
            priority=parcel.priority,
            dont_filter=parcel.dont_filter,
        )
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError, LookupError) as fault:
        raise BadParcel(str(fault)) from fault


def _method(name: str, spider: Spider) -> Any:
    if not name:
        return None
    call = None if name.startswith("__") else getattr(spider, name, None)
    if getattr(call, "__self__", None) is not spider:
        raise BadParcel(f"the spider has no method {name!r}")
    return call

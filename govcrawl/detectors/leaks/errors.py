"""Judged by the rules of errors.toml: error page or trace of the server."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class ServerErrors(RuledDetector):
    id = "leaks/server-errors"
    title = "Error page or trace of the server"
    file = "errors.toml"

"""Judged by the rules of platforms.toml: secrets of WeChat, DingTalk, Feishu, maps and the like."""

from govcrawl.detectors.leaks.ruled import RuledDetector


class PlatformSecrets(RuledDetector):
    id = "leaks/platform-secrets"
    title = "Secret of a platform"
    file = "platforms.toml"

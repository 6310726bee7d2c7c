"""What is wrong with the secured connection that a page came over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TlsKind(StrEnum):
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    SELF_SIGNED = "self-signed"
    WRONG_NAME = "of another name"
    UNKNOWN_ISSUER = "of an unknown issuer"
    REFUSED = "refused"  # for another reason, which `words` name
    OLD_PROTOCOL = "old protocol"


@dataclass(frozen=True, slots=True)
class TlsFault:
    """Why a careful visitor is warned. `issuer` and `subject` are distinguished names, "" where the certificate could not be read."""

    kind: TlsKind
    words: str
    protocol: str = ""
    issuer: str = ""
    subject: str = ""
    valid_until: datetime | None = None

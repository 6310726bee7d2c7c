"""Text files, comma-separated tables, saved pages and mails."""

import csv
import email
import email.policy
import io
from collections.abc import Callable
from email.message import EmailMessage

from govcrawl.page.attachments.values import Refused, Tray, Where
from govcrawl.page.decode import decode

Nested = Callable[[bytes, str, Tray, int], None]

_SAMPLE = 20_000
_FEWEST_ROWS = 2
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


def read_text(body: bytes, path: str, tray: Tray) -> None:
    """A text; where its lines are comma-separated, as a table too."""
    text = decode(body).text
    tray.add(text, Where.BODY, path)
    delimiter = _delimiter(text[:_SAMPLE])
    if delimiter:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        tray.add("\n".join(_rows(rows, path, tray)), Where.TABLE, path)


def _rows(rows: "csv._reader", path: str, tray: Tray) -> list[str]:  # type: ignore[name-defined] # the type has no public name
    lines: list[str] = []
    try:
        for row in rows:
            if len(lines) >= tray.limits.rows:
                tray.skip(path, f"more than {tray.limits.rows:,} rows")
                break
            lines.append("\t".join(" ".join(cell.split()) for cell in row))
    except csv.Error as fault:
        tray.skip(path, f"damaged table ({fault})")
    return lines


def _delimiter(sample: str) -> str:
    """The sign that stands equally often in most of the first lines; "" for running text."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    if len(lines) < _FEWEST_ROWS:
        return ""
    for sign in ("\t", ",", ";", "|"):
        counts = [line.count(sign) for line in lines]
        if counts[0] and sum(count == counts[0] for count in counts) >= 0.7 * len(counts):
            return sign
    return ""


def read_mail(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """Headers, texts and attached files of a mail."""
    try:
        message = email.message_from_bytes(body, policy=email.policy.default)
        _mail(message, path, tray, depth, nested)
    except (LookupError, ValueError, AttributeError, KeyError, IndexError, TypeError, AssertionError) as fault:
        raise Refused(f"damaged mail ({type(fault).__name__})") from fault


def _mail(message: EmailMessage, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    for number, part in enumerate(message.walk()):
        name = _name(part)
        inside = f"{path}/{name or f'part {number}'}" if number else path
        # A mail within the mail has a head of its own.
        if number == 0 or "subject" in part or "from" in part:
            tray.add("\n".join(f"{field}: {value}" for field, value in part.items()), Where.HEADER, inside)
        tray.add(name, Where.NAME, path)
        if part.is_multipart():
            continue
        try:
            _body(part, name, inside, tray, depth, nested)
        except Refused as refusal:
            tray.skip(inside, str(refusal))


def _name(part: EmailMessage) -> str:
    """The name of an attached file; a head that cannot be read names none."""
    try:
        return part.get_filename() or ""
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""


def _body(part: EmailMessage, name: str, inside: str, tray: Tray, depth: int, nested: Nested) -> None:  # noqa: PLR0917 - as a reader
    tray.file()
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return
    tray.unpacked(len(data))
    if part.get_content_type() in _SEALED and "signed-data" not in str(part.get("content-type", "")):
        raise Refused("encrypted")
    if part.get_content_maintype() == "text" and not name:
        tray.add(decode(data, str(part.get("content-type", ""))).text, Where.BODY, inside)
    else:
        nested(data, inside, tray, depth + 1)

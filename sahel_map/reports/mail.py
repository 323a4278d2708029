"""E-mail files (.eml): subject, sender, day sent, and the text above the signature."""

from __future__ import annotations

import datetime as dt
import email
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.html import fragment_text
from sahel_map.reports.text import decode, unwrap

MAX_PARTS = 200
_NAMED = 5  # attachments named in a message
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"^>.*$\n?", re.MULTILINE)


def read_mail(document: Document) -> Iterator[Entry | Fault]:
    """One message, one report: its plain text, or its HTML where it has no other; attachments are named in a fault, not opened."""
    message = email.message_from_bytes(document.read())
    published = None
    if message["Date"]:
        try:
            published = _day(str(message["Date"]))
        except InputError as error:
            yield document.fault(str(error))
    text = _text(message)
    attached = _attached(message)
    if attached:
        yield document.fault(f"attached and not read: {attached}; save what is a report as a file")
    if not text.strip():
        raise InputError("is a message without text; save what is attached to it as files")
    name, address = parseaddr(_header(message, "From"))
    report = Report(
        report_id=document.stem, text=text, title=_header(message, "Subject"), source=name or address, published=published
    )  # fmt: skip
    yield Entry(report=report)


def _text(message: Message) -> str:
    found: dict[str, str] = {}
    for number, part in enumerate(message.walk()):
        kind = part.get_content_type()
        if number >= MAX_PARTS or part.is_multipart() or part.get_filename() or kind in found:
            continue
        if kind in ("text/plain", "text/html"):
            found[kind] = _content(part)
    plain = found.get("text/plain", "")
    if plain.strip():
        return unwrap(_QUOTED.sub("", _SIGNATURE.split(plain)[0]).strip())
    return fragment_text(found.get("text/html", ""))


def _attached(message: Message) -> str:
    """The names of what is attached, pictures apart: those are signatures and logos."""
    names = [
        _plain(part.get_filename() or part.get_content_type())[:80]
        for number, part in enumerate(message.walk())
        if number < MAX_PARTS
        and part.get_content_maintype() != "image"
        and (part.get_filename() or part.get_content_disposition() == "attachment")
    ]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(repr(name) for name in names[:_NAMED]) + more


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8").replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _header(message: Message, name: str) -> str:
    return _plain(str(message[name] or ""))


def _plain(value: str) -> str:
    """A header's words, which may be encoded, on one line."""
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (LookupError, UnicodeDecodeError, ValueError):
        return " ".join(value.split())


def _day(text: str) -> dt.date:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError) as error:
        raise InputError(f"Date: {text[:40]!r} is not a day; its relative dates stay unresolved") from error

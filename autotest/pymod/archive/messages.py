"""What is asked and what is answered, as plain values: hosts make answers, faults change them, the listener sends them."""

import dataclasses
import email.utils
import json
import urllib.parse


@dataclasses.dataclass
class Request:
    method: str
    host: str  # the true host that is played
    path: str  # as sent, percent-encoded, with its leading slash
    query: str  # as sent, without "?"
    headers: dict  # names in lower case
    body: bytes = b""

    @property
    def name(self):
        """The decoded path without its leading slash: the key of an object."""
        return urllib.parse.unquote(self.path[1:])

    @property
    def parameters(self):
        """{name: value} of the query and of a form that was posted; the last of equal names counts."""
        pairs = urllib.parse.parse_qsl(self.query, keep_blank_values=True)
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            pairs += urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True)
        return dict(pairs)

    @property
    def url(self):
        """As the world knows it."""
        return f"https://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


@dataclasses.dataclass
class Answer:
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    body: object = b""  # bytes, or an iterator of bytes that is sent in chunks
    # How it goes wrong; only faults set these.
    announced: int = None  # Content-Length in place of the true one
    delay: float = 0.0  # seconds before the first byte
    rate: float = None  # bytes a second
    hang_before: bool = False  # nothing comes
    hang_after: bool = False  # the connection stays open after what was sent
    close: bool = False  # the connection ends after what was sent
    drop: bool = False  # the connection ends with nothing sent


def text(body, content_type="text/plain", status=200, **headers):
    encoded = body if isinstance(body, bytes) else body.encode()
    return Answer(status, {"Content-Type": content_type, **headers}, encoded)


def html(body, status=200):
    return text(body, "text/html; charset=UTF-8", status)


def xml(body, status=200):
    return text('<?xml version="1.0" encoding="UTF-8"?>\n' + body, "application/xml", status)


def as_json(value, status=200, content_type="application/json"):
    return text(json.dumps(value), content_type, status)


def http_date(seconds):
    return email.utils.formatdate(seconds, usegmt=True)

"""The kinds of faults: each takes the request and the right answer, and returns what goes out instead."""

import dataclasses
import functools
import itertools
import random
import zlib

from .messages import Answer, as_json, html, text, xml


def status(request, answer, status=503, retry_after=None, body="the server is not well", content_type="text/plain"):
    """403, 404, 429 (Retry-After in seconds), 500, 503 ..."""
    headers = {"Content-Type": content_type} | ({} if retry_after is None else {"Retry-After": str(retry_after)})
    return Answer(status, headers, body if isinstance(body, bytes) else body.encode())


def delay(request, answer, seconds=0.05):
    """All is well, later: the way to the archive is long."""
    return dataclasses.replace(answer, delay=seconds)


def slow(request, answer, rate=1000.0):
    return dataclasses.replace(answer, rate=rate)


def hang(request, answer):
    """Nothing comes, until the client gives up or the faults are reset."""
    return dataclasses.replace(answer, hang_before=True)


def stall(request, answer, keep=0.5):
    """Part of the body comes, then nothing more."""
    return dataclasses.replace(_cut(answer, keep), hang_after=True)


def drop(request, answer):
    """The connection ends without an answer."""
    return Answer(drop=True)


def cut(request, answer, keep=0.5):
    """The whole body is promised and a part of it is sent: a share below 1, or bytes."""
    return dataclasses.replace(_cut(answer, keep), close=True)


def short(request, answer, keep=0.5):
    """The object itself is shorter than it should be; HTTP is in order."""
    return dataclasses.replace(answer, body=_part(answer.body, keep))


def wrong_length(request, answer, add=-7):
    """Content-Length is off by `add`; below 0 the client sees a shorter body, above it waits for bytes that never come."""
    return dataclasses.replace(answer, announced=max(len(answer.body) + add, 0), close=True)


def garbage(request, answer):
    """As many bytes, none of them right."""
    return dataclasses.replace(answer, body=random.Random(1).randbytes(len(answer.body)))


def html_page(request, answer):
    """200 and a page for people, as a proxy or a portal sends it."""
    return html("<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>"
                "<h1>Scheduled maintenance</h1><p>Please come back later.</p></body></html>")


def redirect(request, answer, to="https://elsewhere.example/file", status=302):
    """To `to`, by default a host that is none of the archives'; "" = to itself for ever. Needs the client's own mapping of
    hosts: a Location names the true host."""
    return Answer(status, {"Location": to or request.url, "Content-Type": "text/html"}, b"moved")


_editions = itertools.count(1)


def changing_etag(request, answer):
    """Another edition with each answer: what was read before does not belong to what is read now."""
    answer.headers["ETag"] = f'"edition-{next(_editions)}"'
    return answer


def huge(request, answer, size=10**15):
    """Declares a size that no disk has; what is sent is what there is, then the line is cut."""
    headers = dict(answer.headers)
    if "Content-Range" in headers:
        headers["Content-Range"] = headers["Content-Range"].rsplit("/", 1)[0] + f"/{size}"
        return dataclasses.replace(answer, headers=headers)
    return dataclasses.replace(answer, announced=size, close=True)


def endless(request, answer, block=1 << 20):
    """A body in chunks without an end and without a size."""
    return Answer(200, {"Content-Type": answer.headers.get("Content-Type", "text/plain")}, itertools.repeat(b" " * block))


@functools.lru_cache
def _bomb(gigabytes):
    """A gzip stream of `gigabytes` of zeros, a thousandth of it long."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = block.compress(bytes(1 << 24)) + block.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it can be repeated
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * (gigabytes * 64) + b"\x03\0" + bytes(8)


def gzip_bomb(request, answer, gigabytes=4):
    return Answer(200, {"Content-Type": answer.headers.get("Content-Type", "text/plain"), "Content-Encoding": "gzip"},
                  _bomb(gigabytes))


def expired(request, answer):
    """What Azure says to a signature that was right an hour ago."""
    return xml("<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message>"
               "<AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail></Error>",
               403)


def error_body(request, answer, message="Unable to complete operation."):
    """ArcGIS: a failure with status 200."""
    return as_json({"error": {"code": 400, "message": message, "details": ["Unable to perform query operation."]}})


def instead(request, answer, body=b"", content_type="application/octet-stream", status=200):
    """A body of the test's own."""
    return text(body, content_type, status)


def call(request, answer, function=None):
    """function(request, answer) of the test's own."""
    return function(request, answer)


KINDS = {"status": status, "delay": delay, "slow": slow, "hang": hang, "stall": stall, "drop": drop, "cut": cut, "short": short,
         "wrong_length": wrong_length, "garbage": garbage, "html": html_page, "redirect": redirect,
         "changing_etag": changing_etag, "huge": huge, "endless": endless, "gzip_bomb": gzip_bomb, "expired": expired,
         "error_body": error_body, "instead": instead, "call": call}


def _part(body, keep):
    return body[:int(len(body) * keep) if keep < 1 else keep]


def _cut(answer, keep):
    return dataclasses.replace(answer, body=_part(answer.body, keep), announced=len(answer.body))

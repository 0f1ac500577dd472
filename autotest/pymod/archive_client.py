"""A plain client for tests of the archives on loopback: urllib, with what each protocol's answer means."""

import json
import struct
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import numpy as np

S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(server, url, method="GET", body=None, timeout=10, **headers):
    """The reply to a published URL, refusals too; header names with _ for -."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.url(url), data=body, method=method, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=timeout) as reply:
            return Reply(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


def query(**parameters):
    return urllib.parse.urlencode({name: json.dumps(value) if isinstance(value, dict) else value for name, value in parameters.items()})


def list_bucket(server, host, **parameters):
    """All keys and common prefixes, page by page, and how many pages that were."""
    keys, prefixes, pages, token = [], [], 0, None
    while token is not None or pages == 0:
        more = {"continuation-token": token} if token else {}
        tree = ElementTree.fromstring(ask(server, f"https://{host}/?" + query(**{"list-type": 2}, **parameters, **more)).body)
        keys += [key.text for key in tree.iter(f"{S3}Key")]
        prefixes += [prefix.find(f"{S3}Prefix").text for prefix in tree.iter(f"{S3}CommonPrefixes")]
        token = tree.findtext(f"{S3}NextContinuationToken")
        assert (token is not None) == (tree.findtext(f"{S3}IsTruncated") == "true")
        pages += 1
    return keys, prefixes, pages


class DodsReader:
    """Reads the XDR part of a .dods answer."""

    def __init__(self, body):
        self.dds, _, self._rest = body.partition(b"\nData:\n")

    def array(self, kind, shape):
        counts = struct.unpack(">ii", self._rest[:8])
        size = int(np.prod(shape))
        assert counts == (size, size)
        stored = {"Int16": ">i4", "Float64": ">f8", "Byte": "u1"}[kind]
        length = size * np.dtype(stored).itemsize
        values = np.frombuffer(self._rest[8:8 + length], stored).reshape(shape)
        self._rest = self._rest[8 + length + (-length % 4):]
        return values

    def at_end(self):
        return self._rest == b""

"""A bucket of S3: objects, listings in pages, and S3's two refusals."""

import base64
import time
from xml.sax.saxutils import escape

from .messages import xml
from .objects import answer_object

PAGE = 1000  # keys


class Bucket:
    """`listable=False`: no right to list, and then S3 says 403 where there is no such key. `private`: prefixes that are."""

    def __init__(self, store, host, listable=True, private=()):
        self._store, self._host = store, host
        self._listable, self._private = listable, tuple(private)
        self.page = PAGE  # tests make it small

    @property
    def name(self):
        return self._host.split(".s3")[0].rsplit("/", 1)[-1]  # the point clouds' is kept under its regional address

    def answer(self, request):
        key = request.name
        if key == "":
            return self._list(request.parameters)
        if key.startswith(self._private):
            return _error(403, "AccessDenied", "Access Denied")
        resource = self._store.get(self._host, key)
        if resource is not None:
            return answer_object(request, resource, key)
        if not self._listable:
            return _error(403, "AccessDenied", "Access Denied")
        return _error(404, "NoSuchKey", "The specified key does not exist.", f"<Key>{escape(key)}</Key>")

    def _list(self, parameters):
        if not self._listable:
            return _error(403, "AccessDenied", "Access Denied")
        prefix, delimiter = parameters.get("prefix", ""), parameters.get("delimiter", "")
        most = min(int(parameters.get("max-keys", self.page)), self.page)
        after = _token_key(parameters.get("continuation-token", "")) or parameters.get("start-after", "")
        entries = self._entries(prefix, delimiter, after)
        page, more = entries[:most], len(entries) > most
        body = "".join(self._entry(kind, value) for kind, value in page)
        tail = f"<NextContinuationToken>{_key_token(page[-1][1])}</NextContinuationToken>" if more and page else ""
        return xml('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                   f"<Name>{self.name}</Name><Prefix>{escape(prefix)}</Prefix>{tail}<KeyCount>{len(page)}</KeyCount>"
                   f"<MaxKeys>{most}</MaxKeys>" + (f"<Delimiter>{escape(delimiter)}</Delimiter>" if delimiter else "")
                   + f"<IsTruncated>{str(more).lower()}</IsTruncated>{body}</ListBucketResult>")

    def _entries(self, prefix, delimiter, after):
        """("key", key) and ("prefix", prefix) in one order, all that comes after `after`."""
        entries, seen = [], set()
        for key in self._store.keys(self._host):
            if not key.startswith(prefix) or key.startswith(self._private):
                continue
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            entry = ("key", key) if cut < 0 else ("prefix", key[:cut + len(delimiter)])
            if entry[1].encode() > after.encode() and entry not in seen:
                seen.add(entry)
                entries.append(entry)
        return entries

    def _entry(self, kind, value):
        if kind == "prefix":
            return f"<CommonPrefixes><Prefix>{escape(value)}</Prefix></CommonPrefixes>"
        resource = self._store.get(self._host, value)
        modified = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(resource.modified))
        return (f"<Contents><Key>{escape(value)}</Key><LastModified>{modified}</LastModified>"
                f"<ETag>{escape(resource.etag, {chr(34): '&quot;'})}</ETag><Size>{resource.size}</Size>"
                "<StorageClass>INTELLIGENT_TIERING</StorageClass></Contents>")


class PathStyle:
    """A regional host, where the first part of the path names the bucket. `hosts`: {bucket: its own Bucket}."""

    def __init__(self, buckets):
        self._buckets = buckets

    def answer(self, request):
        name, _, rest = request.path[1:].partition("/")
        bucket = self._buckets.get(name)
        if bucket is None:
            return _error(404, "NoSuchBucket", "The specified bucket does not exist")
        request.path = f"/{rest}"
        return bucket.answer(request)


def _key_token(key):
    return base64.urlsafe_b64encode(b"after " + key.encode()).decode()


def _token_key(token):
    return base64.urlsafe_b64decode(token.encode())[len("after "):].decode() if token else ""


def _error(status, code, message, more=""):
    return xml(f"<Error><Code>{code}</Code><Message>{message}</Message>{more}<RequestId>4442587FB7D0A2F9</RequestId>"
               "<HostId>loopback</HostId></Error>", status)

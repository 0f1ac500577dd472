"""The objects of all hosts: files below a folder, `<host>/<decoded path>`, and what a test put over them."""

import hashlib
import os
import threading

# All objects are of one moment unless a test says otherwise: listings and Last-Modified do not hang on when they were made.
MODIFIED = 1_735_700_645  # 2025-01-01T03:04:05Z


class Resource:
    """Bytes with what HTTP tells of them. The ETag is the MD5, as S3 does for an upload in one part."""

    def __init__(self, content, modified=MODIFIED, etag=None):
        self.content = content
        self.modified = modified
        self.etag = etag or f'"{hashlib.md5(content).hexdigest()}"'

    @property
    def size(self):
        return len(self.content)


class Store:
    """Thread-safe. Files are read once; they do not change while they are served."""

    def __init__(self, folder):
        self._folder = folder
        self._lock = threading.Lock()
        self._read = {}
        self._over = {}  # (host, key) -> Resource, or None where a test removed it
        self._keys = {}

    def get(self, host, key):
        """The Resource, or None."""
        with self._lock:
            if (host, key) in self._over:
                return self._over[host, key]
            if key not in self._listed(host):
                return None
            if (host, key) not in self._read:
                with open(os.path.join(self._folder, host, key), "rb") as file:
                    self._read[host, key] = Resource(file.read())
            return self._read[host, key]

    def keys(self, host):
        """All keys of a host, sorted as S3 does: by bytes."""
        with self._lock:
            keys = set(self._listed(host))
            for (over_host, key), resource in self._over.items():
                if over_host == host:
                    (keys.discard if resource is None else keys.add)(key)
        return sorted(keys, key=str.encode)

    def _listed(self, host):
        """Only what the folder was found to hold can be asked for: no name leads out of it."""
        if host not in self._keys:
            top = os.path.join(self._folder, host)
            self._keys[host] = {os.path.relpath(os.path.join(folder, name), top)
                                for folder, _, names in os.walk(top) for name in names}
        return self._keys[host]

    def put(self, host, key, content, modified=MODIFIED, etag=None):
        with self._lock:
            self._over[host, key] = Resource(content, modified, etag)

    def remove(self, host, key):
        with self._lock:
            self._over[host, key] = None

    def reset(self):
        with self._lock:
            self._over.clear()

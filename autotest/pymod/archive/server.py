"""The server of a test: hosts, log, faults, settings."""

import contextlib
import pathlib
import re
import threading
import urllib.parse

from . import content
from .faults import FaultPlan
from .hosts import all_hosts
from .listener import Listener
from .messages import text
from .request_log import RequestLog
from .store import MODIFIED, Store


class ArchiveServer:
    """Plays all hosts over the content of `folder`, which content.make() made. Thread-safe."""

    def __init__(self, folder, port=0):
        self.contents = content.read(folder)
        self.log = RequestLog()
        self.faults = FaultPlan()
        self.errors = []  # mistakes of the server itself: a test that sees some is not to be believed
        self.store = Store(str(folder))
        self.port = port
        self._listener = None
        self._thread = None
        self._make_hosts()

    def _make_hosts(self):
        self.hosts = all_hosts(self.store, self.contents)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoints(self):
        """Entries for the endpoints of the product, as one text."""
        return f"*={self.address}/{{host}}"

    @property
    def signing(self):
        """Of the Planetary Computer's blobs: its `lifetime`, and expire()."""
        return self.hosts["planetarycomputer.microsoft.com"].signing

    def url(self, true_url):
        """Where a published https URL lies here."""
        return re.sub(r"^https?:/", self.address, true_url)

    def page(self, host, most):
        """So many rows, keys or items at most in an answer of this host."""
        self.hosts[host].page = most

    def answer(self, request):
        host = self.hosts.get(request.host)
        if host is None and "*" + request.host[request.host.find("."):] in self.hosts:
            host = self.hosts["*" + request.host[request.host.find("."):]]
        return host.answer(request) if host else text(f"no archive is called {request.host}", status=502)

    # What a test does to the content; undone by reset().

    def put(self, url, body, modified=MODIFIED, etag=None):
        """An object at a published URL, in place of the one there."""
        self.store.put(*_split(url), body, modified, etag)

    def remove(self, url):
        self.store.remove(*_split(url))

    def get(self, url):
        """The bytes at a published URL, without a request."""
        return self.store.get(*_split(url)).content

    def reset(self):
        self.faults.reset()
        self.log.clear()
        self.store.reset()
        self.errors.clear()
        self._make_hosts()

    # Being there and not.

    def start(self):
        if self._listener is None:
            self._listener = Listener(self, self.port)
            self.port = self._listener.server_port
        self._listener.server_activate()
        self._thread = threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self):
        """Frees the port too. Faults stay planned; what hangs ends."""
        self.faults.release()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        self._listener = None

    def vanish(self):
        """From now on connections are refused. The port stays ours: bound, not listened to."""
        self.stop()
        self._listener = Listener(self, self.port)

    @contextlib.contextmanager
    def gone(self):
        self.vanish()
        try:
            yield
        finally:
            self.start()


def _split(url):
    """Host and decoded key of a published URL."""
    request = re.fullmatch(r"https?://([^/]+)/([^?]*)(\?.*)?", url)
    return request[1], urllib.parse.unquote(request[2])


@contextlib.contextmanager
def serving(folder, port=0):
    """The server, while the context lasts; `folder` gets its content unless it has it."""
    content.make(pathlib.Path(folder))
    server = ArchiveServer(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""What was asked, in the order it came, and how many bytes went out."""

import dataclasses
import json
import re
import threading
import time


@dataclasses.dataclass
class Entry:
    method: str
    host: str
    path: str
    query: str
    range: str  # the header as sent, "" = none
    body: bytes
    headers: dict
    started: float  # time.monotonic()
    ended: float = float("inf")  # answered, or given up
    status: int = 0  # 0 = nothing was answered (yet)
    sent: int = 0  # bytes of the body
    fault: str = ""  # its kind

    @property
    def target(self):
        """<host>/<path>[?<query>]: what patterns are matched with."""
        return f"{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


class RequestLog:
    """Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = []
        self._file = None

    def write_to(self, path):
        """From now on a line of JSON goes to this file for each request that has ended: for readers in another process."""
        self._file = open(path, "a", encoding="utf-8")

    def begin(self, request):
        entry = Entry(request.method, request.host, request.path, request.query, request.headers.get("range", ""),
                      request.body, request.headers, time.monotonic())
        with self._lock:
            self._entries.append(entry)
        return entry

    def end(self, entry):
        entry.ended = time.monotonic()
        if self._file is None:
            return
        line = {"method": entry.method, "target": entry.target, "range": entry.range, "status": entry.status, "sent": entry.sent,
                "started": entry.started, "ended": entry.ended}
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def find(self, match="", host=None, method=None, status=None):
        """Entries whose target has the regular expression `match` in it."""
        with self._lock:
            entries = list(self._entries)
        return [entry for entry in entries if re.search(match, entry.target) and host in (None, entry.host)
                and method in (None, entry.method) and status in (None, entry.status)]

    def count(self, match="", **wanted):
        return len(self.find(match, **wanted))

    def bytes(self, match="", **wanted):
        """Bytes of bodies sent."""
        return sum(entry.sent for entry in self.find(match, **wanted))

    def most_at_once(self, match="", **wanted):
        """How many requests were under way at the same time, at most."""
        entries = self.find(match, **wanted)
        return max((sum(one.started <= other.started < one.ended for one in entries) for other in entries), default=0)

    def hosts(self):
        return sorted({entry.host for entry in self.find()})

    def clear(self):
        with self._lock:
            self._entries.clear()

    def text(self):
        """One line a request, for a failing test's message."""
        return "\n".join(f"{entry.method} {entry.target} {entry.range} -> {entry.status or 'nothing'}, {entry.sent} bytes"
                         f"{', ' + entry.fault if entry.fault else ''}" for entry in self.find())

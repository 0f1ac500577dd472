"""The plan of what goes wrong."""

import dataclasses
import re
import threading

from . import misbehaviour


@dataclasses.dataclass
class Fault:
    kind: str
    match: str  # regular expression, searched in <host>/<path>?<query>
    nth: int  # of the requests that match, counted from 1 since the fault was added; None = each
    times: int  # so many in a row from there; None = for ever
    method: str
    details: dict
    seen: int = 0
    hit: int = 0  # how often it struck

    def strikes(self, request, target):
        if self.method not in (None, request.method) or not re.search(self.match, target):
            return False
        self.seen += 1
        first = self.nth or 1
        return self.seen >= first and (self.times is None or self.seen < first + self.times)


class FaultPlan:
    """Thread-safe. The first fault that strikes counts."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []
        self.over = threading.Event()  # set and replaced by release()

    def add(self, match="", nth=None, kind="status", times=-1, method=None, **details):
        """A fault of `kind` (misbehaviour.py; `details` are its arguments). Without `match` all requests count, so that
        add(nth=n) fails the n-th request of any kind. times: default once with `nth`, for ever without; None = for ever."""
        if kind not in misbehaviour.KINDS:
            raise ValueError(f"no fault '{kind}': {', '.join(misbehaviour.KINDS)}")
        if times == -1:
            times = 1 if nth else None
        fault = Fault(kind, match, nth, times, method, details)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, request, target):
        """The fault of this request, or None; every fault counts it."""
        with self._lock:
            struck = [fault for fault in self._faults if fault.strikes(request, target)]
            if not struck:
                return None
            struck[0].hit += 1
            return struck[0]

    def reset(self):
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self):
        """Lets go of what hangs or is slow now."""
        with self._lock:
            over, self.over = self.over, threading.Event()
        over.set()


def spoil(fault, request, answer):
    return misbehaviour.KINDS[fault.kind](request, answer, **fault.details)

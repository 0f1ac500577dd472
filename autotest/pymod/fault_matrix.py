"""Every request of a first read fails in every way: what the reader makes of it, and whether all is well afterwards.

The undisturbed read of a case is the truth. Then, for each of its requests and each kind of fault, a new process with an
empty cache reads while the n-th request fails. That is the truth, or an error that says what failed; never anything else.
After the fault the same process reads the truth, and so does a new one with the same cache."""

import collections
import concurrent.futures
import pathlib
import queue
import re
import tempfile

import archive
import places

KINDS = {
    "404": {"kind": "status", "status": 404},
    "403": {"kind": "status", "status": 403},
    "429 for ever": {"kind": "status", "status": 429, "times": None},
    "500": {"kind": "status", "status": 500},
    "hang": {"kind": "hang"},
    "cut": {"kind": "cut"},
    "garbage": {"kind": "garbage"},
    "HTML": {"kind": "html"},
}
OF_RANGES = {**KINDS, "short": {"kind": "short"}, "drop": {"kind": "drop"}, "wrong length": {"kind": "wrong_length"}}
QUICK = {"TOPOBATHY_HTTP_ATTEMPTS": "1", "TOPOBATHY_HTTP_TIMEOUT": "20"}
IMPATIENT = {**QUICK, "TOPOBATHY_HTTP_TIMEOUT": "1", "TOPOBATHY_HTTP_DOWNLOAD_TIMEOUT": "1"}
REPEATS = 2  # of one and the same request (HEAD above all) that are failed; further ones are as these


class Matrix:
    """Servers, one for each case under way, and the mother of the readers."""

    def __init__(self, mother, workers=3, prepare=lambda server: None):
        """`prepare(server)` changes what a server holds before each case."""
        self._mother, self._prepare = mother, prepare
        self._pool = concurrent.futures.ThreadPoolExecutor(workers)
        self._servers = queue.Queue()
        for _ in range(workers):
            server = archive.ArchiveServer(places.ARCHIVE)
            server.start()
            self._servers.put(server)

    def close(self):
        self._pool.shutdown()
        while not self._servers.empty():
            self._servers.get().stop()

    def run(self, case, kinds=KINDS, share=1, **step):
        """Complaints, and how often what came of it. Every kind is tried at every request; with `share` n each request
        meets one n-th of the kinds, by turns. `step`: more keys of the policy's step."""
        with self._server() as server:
            truth, numbers = self._learn(server, case)
        trials = [Trial(case, kind, number, truth, step) for turn, kind in enumerate(kinds)
                  for place, number in enumerate(numbers) if (turn + place) % share == 0]
        found = list(self._pool.map(self._try, trials))
        return ([complaint for complaints, _ in found for complaint in complaints],
                collections.Counter(outcome for _, outcome in found))

    def _server(self):
        return _Borrowed(self._servers, self._prepare)

    def _learn(self, server, case):
        with tempfile.TemporaryDirectory() as folder, self._reader(server, folder, QUICK) as reader:
            truth = reader.read(case.policy(f"{folder}/policy.yaml"))
        assert not truth.error and (truth.valid > 0 or case.is_empty), f"{case.name}: undisturbed {truth.error or 'no pixel'}"
        seen, numbers = collections.Counter(), []
        for number, entry in enumerate(server.log.find(), 1):
            seen[entry.method, entry.target, entry.range] += 1
            if seen[entry.method, entry.target, entry.range] <= REPEATS:
                numbers.append(number)
        return truth, numbers

    def _reader(self, server, folder, environment):
        return self._mother.reader(TOPOBATHY_CACHE_DIR=f"{folder}/cache", TOPOBATHY_ENDPOINTS=server.endpoints, **environment)

    def _try(self, trial):
        with self._server() as server, tempfile.TemporaryDirectory() as folder:
            policy = trial.case.policy(f"{folder}/policy.yaml", **trial.step)
            fault = server.faults.add(nth=trial.number, **OF_RANGES[trial.kind])
            with self._reader(server, folder, IMPATIENT if trial.kind == "hang" else QUICK) as reader:
                first = reader.read(policy)
                struck = [entry for entry in server.log.find() if entry.fault]
                server.faults.reset()
                stored = [path.parent.parent.name for path in pathlib.Path(folder).rglob("*.zarr.zip")]
                again = reader.read(policy, environment=QUICK)
            with self._reader(server, folder, QUICK) as reader:
                fresh = reader.read(policy)
            trial.where = f"{struck[0].method} {struck[0].target} {struck[0].range}" if fault.hit else "nothing"
            return trial.judge(first, stored, again, fresh)


class _Borrowed:
    def __init__(self, servers, prepare):
        self._servers, self._prepare = servers, prepare

    def __enter__(self):
        self._server = self._servers.get()
        self._server.reset()
        self._prepare(self._server)
        return self._server

    def __exit__(self, *_):
        self._server.reset()
        self._servers.put(self._server)


class Trial:
    def __init__(self, case, kind, number, truth, step):
        self.case, self.kind, self.number, self.truth, self.step = case, kind, number, truth, step
        self.where = ""

    def judge(self, first, stored, again, fresh):
        complaints = []
        if first.error:
            if not self._says_what(first.error):
                complaints.append(self._complain("the error does not say what failed: " + first.error))
            if "fused_zarr" in stored:
                complaints.append(self._complain("a failed read was stored: " + str(stored)))
        elif not first.same_as(self.truth) and not self._is_skipped(first, stored):
            complaints.append(self._complain(f"quietly worse: {first.difference(self.truth)}; warnings {first.warnings}"))
        for name, reading in (("the same process", again), ("a new process", fresh)):
            if not reading.same_as(self.truth):
                complaints.append(self._complain(f"afterwards {name} reads {reading.difference(self.truth)} "
                                                 f"(the read with the fault: {first.error or 'went well'})"))
        return complaints, "error" if first.error else "right" if first.same_as(self.truth) else "skipped"

    def _is_skipped(self, first, stored):
        """on_error: skip: said so, and nothing of it kept as complete."""
        return self.step.get("on_error") == "skip" and first.warnings and "fused_zarr" not in stored

    def _says_what(self, error):
        return re.search(r"https?://[^/ ]+/\S*|\.(tif|tiff|bag|laz|zip|gpkg|json)\b", error)

    def _complain(self, text):
        return f"{self.case.name}, {self.kind} at request {self.number} ({self.where}): {text}"

"""Processes that read through GDAL and have nothing in memory yet: a mother with the plugin loaded forks them, quickly.

    with Mother() as mother, mother.reader(TOPOBATHY_CACHE_DIR=folder) as reader:
        found = reader.read(policy_path)       # a Reading; call again for the same process's next read
"""

import dataclasses
import multiprocessing.connection
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading

import places

PATIENCE = 120  # seconds for one answer of a reader


@dataclasses.dataclass
class Reading:
    """What a read gave; `error` is all there is where it failed."""

    error: str = ""
    planes: tuple = ()  # elevation, uncertainty and ids as bytes
    valid: float = 0.0  # share of pixels with an elevation
    certain: float = 0.0  # share with an uncertainty
    sources: tuple = ()  # row of the attribute table and metadata of every source that a pixel names
    texts: tuple = ()  # all that the dataset says of itself
    warnings: tuple = ()
    memory: int = 0  # most bytes the process has had so far

    def same_as(self, other):
        """Bit by bit, the provenance of every pixel too."""
        return not self.difference(other)

    def difference(self, other):
        """What is not as in `other`, in words."""
        if self.error or other.error:
            return self.error or other.error
        planes = [name for name, a, b in zip(("elevation", "uncertainty", "source"), self.planes, other.planes) if a != b]
        if planes:
            return (f"another {', '.join(planes)} ({self.valid:.0%} of the pixels valid, {self.certain:.0%} with uncertainty, "
                    f"instead of {other.valid:.0%} and {other.certain:.0%})")
        return "" if self.sources == other.sources else f"sources {self.sources} instead of {other.sources}"


class Mother:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._listener = multiprocessing.connection.Listener(os.path.join(self._folder.name, "s"), "AF_UNIX")
        self._turn = threading.Lock()
        environment = {**os.environ, "GDAL_DRIVER_PATH": str(places.PLUGIN_FOLDER), "PYTHONPATH": os.path.dirname(__file__)}
        start = [sys.executable, "-c", "import reader_process, sys; reader_process.main(sys.argv[1])", self._listener.address]
        self._process = subprocess.Popen(start, stdin=subprocess.PIPE, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()
        self._listener.close()
        self._folder.cleanup()

    def reader(self, **environment):
        with self._turn:
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()
            connection = self._listener.accept()
        connection.send(environment)
        return Reader(connection, connection.recv())


class Reader:
    """A process of its own. Used by one thread."""

    def __init__(self, connection, pid):
        self._connection, self.pid = connection, pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def begin(self, policy, memory=None, environment=None):
        """Starts a read; `memory` limits the bytes of address space that it may take beyond what there is."""
        self._connection.send((policy, memory, environment or {}))

    def finish(self):
        if not self._connection.poll(PATIENCE):
            raise TimeoutError("the reader does not come to an end")
        return self._connection.recv()

    def read(self, policy, memory=None, environment=None):
        self.begin(policy, memory, environment)
        return self.finish()

    def kill(self):
        """As a crash does."""
        os.kill(self.pid, signal.SIGKILL)
        self._connection.close()


def main(address):
    from osgeo import gdal  # noqa: the mother has it ready for all

    import numpy  # noqa

    gdal.UseExceptions()
    assert gdal.GetDriverByName("TOPOBATHY") is not None
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a reader
    while os.read(0, 1):
        if os.fork() == 0:
            _serve(multiprocessing.connection.Client(address, "AF_UNIX"))
            os._exit(0)


def _serve(connection):
    os.environ.update(connection.recv())
    connection.send(os.getpid())
    try:
        while True:
            policy, memory, environment = connection.recv()
            os.environ.update(environment)
            if memory:
                _limit(memory)
            connection.send(_read(policy))
    except EOFError:
        pass


def _limit(memory):
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _read(policy):
    from osgeo import gdal

    warnings = []
    gdal.PushErrorHandler(lambda severity, _, text: warnings.append(text) if severity == gdal.CE_Warning else None)
    try:
        dataset = gdal.Open(policy)
        reading = _values(dataset)
        dataset = None
    except RuntimeError as error:
        reading = Reading(error=str(error) or "an error without a text")
    except MemoryError:
        reading = Reading(error="MemoryError")
    finally:
        gdal.PopErrorHandler()
    reading.warnings = tuple(warnings)
    reading.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return reading


def _values(dataset):
    import numpy

    planes = dataset.ReadAsArray()
    table = dataset.GetRasterBand(3).GetDefaultRAT()
    rows = {table.GetValueAsString(row, 0): [table.GetValueAsString(row, column) for column in range(table.GetColumnCount())
                                             if table.GetNameOfCol(column) != "count"]
            for row in range(table.GetRowCount() if table else 0)}
    described = dataset.GetMetadata("SOURCES") or {}
    named = sorted({str(int(number)) for number in planes[2][numpy.isfinite(planes[2])]})
    texts = [str(rows), str(described), *(str(dataset.GetMetadata(domain)) for domain in dataset.GetMetadataDomainList() or [])]
    return Reading(planes=tuple(plane.tobytes() for plane in planes), valid=float(numpy.isfinite(planes[0]).mean()),
                   certain=float(numpy.isfinite(planes[1]).mean()), texts=tuple(texts),
                   sources=tuple((number, tuple(rows.get(number, ())), described.get(number, "")) for number in named))

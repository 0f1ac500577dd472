"""`topobathy hydrate` as its users start it, and what it leaves in a cache: cells by their place, decoded; jobs."""

import contextlib
import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import zipfile

import needed
import numpy
import places

EPSILON = 1e-6  # pixels: an edge this near to the lattice is on it
SECONDS = 120
zarr = needed.module("zarr")


class DegreeLattice:
    """Cells of EPSG:4326 at a resolution, as docs/architecture.md, Geometry, says them."""

    def __init__(self, resolution):
        def pixels(power):
            return round(0.05 * 2.0**power * 111320 / resolution)

        power = min((k for k in range(-30, 13) if 64 <= pixels(k) <= 1024), key=abs)
        self.edge, self.pixels = 0.05 * 2.0**power, pixels(power)

    def cells(self, west, south, east, north, level=0):
        """{(level, column, row)} that a box covers; an edge that touches a cell takes none."""
        edge = self.edge * 2**level
        slack = EPSILON / self.pixels
        columns = range(math.floor(west / edge + slack), math.ceil(east / edge - slack))
        rows = range(math.floor(-north / edge + slack), math.ceil(-south / edge - slack))
        return {(level, column, row) for column in columns for row in rows}


def attributes(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(".zattrs"))


def cells(root):
    """{(level, column, row): path} of all fused cells of a cache."""
    found = {}
    for path in pathlib.Path(root).glob("fused_zarr/*/*.zarr.zip"):
        facts = attributes(path)
        place = (facts["level"], *facts["cell"])
        assert place not in found, "two cells of one place: " + str(path)
        found[place] = path
    return found


def content(path):
    """All that a cell says, decoded, but when it was made and how its bytes are packed."""
    facts = {name: value for name, value in attributes(path).items() if name not in ("created_at", "checksums_json")}
    with zarr.ZipStore(str(path), mode="r") as store:
        group = zarr.open_group(store, mode="r")
        arrays = {name: (array.dtype.str, array.shape, array[...].tobytes()) for name, array in group.arrays()}
    assert {"elevation", "uncertainty", "source_id", "x", "y"} <= set(arrays)
    return facts, arrays


def contents(root):
    return {place: content(path) for place, path in cells(root).items()}


def elevation(path):
    with zarr.ZipStore(str(path), mode="r") as store:
        return zarr.open_group(store, mode="r")["elevation"][...]


def words(verb, *arguments):
    return [str(places.PROGRAM), "hydrate", verb, *map(str, arguments)]


def run(verb, *arguments, status=0, env=None, cwd=None):
    """The finished process, whose exit status must be `status`."""
    process = subprocess.run(words(verb, *arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=SECONDS,
                             env={**os.environ, **(env or {})}, cwd=cwd, check=False)
    assert process.returncode == status, f"exit status {process.returncode}\n{process.stdout}{process.stderr}"
    return process


def fuse(*arguments, status=0, **more):
    """Hydrates with JSON progress; the last state told and the failures told."""
    process = run("fuse", *arguments, "--progress=json", status=status, **more)
    lines = [json.loads(line) for line in process.stdout.splitlines()]
    states = [line for line in lines if line["event"] == "state"]
    return states[-1], [line for line in lines if line["event"] == "failure"]


def counts(state):
    """(cells in all, made, cached, failed)"""
    return tuple(state[f"{name}_cells"] for name in ("total", "processed", "cached", "failed"))


def dry_run(*arguments):
    return json.loads(run("fuse", *arguments, "--dry-run", "--json").stdout)


def jobs(*arguments):
    """The jobs that the cache of the environment knows, the latest first."""
    return json.loads(run("jobs", *arguments, "--json").stdout)["jobs"]


def children(process):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def exists(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(condition, what, seconds=SECONDS):
    """The first answer of `condition` that is not false."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.02)
    return answer


class Running:
    """A hydration that goes on while a test does. It has its own process group, as a shell gives one; leave by `with`."""

    def __init__(self, *arguments, verb="fuse", env=None, preexec_fn=None):
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(words(verb, *arguments), stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err,
                                        env={**os.environ, **(env or {})}, start_new_session=True, preexec_fn=preexec_fn)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        self._out.close()
        self._err.close()

    @property
    def workers(self):
        return children(self.process.pid)

    def signal(self, number):
        self.process.send_signal(number)

    def signal_all(self, number):
        """To parent and workers, as a terminal or a batch system does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def wait(self, seconds=SECONDS):
        """Exit status."""
        return self.process.wait(timeout=seconds)

    def told(self):
        """What it has said so far: standard output and standard error."""
        texts = []
        for stream in (self._out, self._err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
        return texts

    def wait_for_cells(self, root, count):
        """Until the cache holds so many cells; it must still be running then."""
        def enough():
            return self.process.poll() is not None or sum(1 for _ in pathlib.Path(root).glob("fused_zarr/*/*.zip")) >= count

        wait_until(enough, f"{count} cells")
        assert self.process.poll() is None, f"it ended too early: {self.told()}"

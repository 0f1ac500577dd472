"""The archives on the loopback interface, each server a process of its own, and what was asked of it."""

import contextlib
import json
import pathlib
import subprocess

import stack
from measure import BenchmarkError

PYMOD = pathlib.Path(__file__).resolve().parents[1] / "pymod"
PROGRAMS = pathlib.Path(__file__).resolve().parent
BOX = (-70.75, 42.95, -70.70, 43.0)  # the cell that most archives have something in
PIXEL_METRES = 10


class Server:
    """A running server: the endpoints to find it by, and the file with a line for each request."""

    def __init__(self, bench, latency):
        self.folder = bench.build / "archive"
        self.log = bench.work / f"requests_{latency * 1000:.0f}ms.jsonl"
        words = [stack.PYTHON, "-m", "archive", "--folder", str(self.folder), "--latency", str(latency), "--log", str(self.log)]
        self._process = subprocess.Popen(words, env={**bench.env, "PYTHONPATH": str(PYMOD)}, stdout=subprocess.PIPE, text=True)
        first = self._process.stdout.readline()
        if "=" not in first:
            self.stop()
            raise BenchmarkError("the archives on loopback did not start: PYTHONPATH=autotest/pymod python3 -m archive")
        self.endpoints = first.split("=", 1)[1].strip().strip('"')

    def stop(self):
        self._process.terminate()
        self._process.wait()

    def contents(self):
        return json.loads((self.folder / "contents.json").read_text(encoding="utf-8"))


@contextlib.contextmanager
def serving(bench, latency):
    server = Server(bench, latency)
    try:
        yield server
    finally:
        server.stop()


def policy(path, steps, extent, resolution=PIXEL_METRES, crs="EPSG:4326"):
    """A policy of bottom-up `steps`; JSON, which is YAML too."""
    text = {"name": path.stem, "crs": crs, "resolution": resolution, "extent": list(extent),
            "variables": [{"name": "elevation", "steps": steps}]}
    path.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
    return str(path)


def reading(server, path, box, cache, **options):
    """The command that reads `box` of a policy, and its environment; see read_archive.py for the options."""
    words = [stack.PYTHON, str(PROGRAMS / "read_archive.py"), path, "--log", str(server.log),
             "--box=" + ",".join(map(str, box))]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    return words, {"TOPOBATHY_ENDPOINTS": server.endpoints, "TOPOBATHY_CACHE_DIR": str(cache)}


def outcomes(samples):
    return [json.loads(sample.stdout) for sample in samples]


def seconds(found):
    return [outcome["seconds"] for outcome in found]


def require_same_pixels(work, *sides):
    """Otherwise they did not do the same work."""
    pixels = {(outcome["valid"], outcome["sum"]) for side in sides for outcome in side}
    if len(pixels) != 1 or not next(iter(pixels))[0]:
        raise BenchmarkError(f"{work}: the sides gave different pixels, or none: {sorted(pixels)}")

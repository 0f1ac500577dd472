"""An S3-compatible server on the loopback interface, and machines that have their cache in it.

    with object_store.serving(folder) as store:
        machine = store.machine(folder / "a")        # knows nothing of other machines but the store
        machine.read(policy)                         # a Reading, by a process of its own
        store.requests()                             # ["GET /cells/cache/fused_zarr/... 404", ...] since the last time
        store.fail(2), store.delay(2), store.stop()
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys

import npm_packages
import places
import tools

SOURCES = places.ROOT / "autotest" / "object_store"
ROOT = "/vsis3/cells/cache"  # the cache root on every machine
KEY = "S3RVER"  # the one account that the server knows

READER = """
import hashlib, json, sys
from osgeo import gdal
gdal.UseExceptions()
dataset = gdal.OpenEx(sys.argv[1], open_options=sys.argv[2:])
planes = [hashlib.sha256(dataset.GetRasterBand(band).ReadRaster()).hexdigest() for band in (1, 2, 3)]
print(json.dumps({"planes": planes, "counts": dataset.GetMetadata("__DEBUG__")}))
"""


@dataclasses.dataclass
class Reading:
    planes: list  # digests of elevation, uncertainty and ids
    counts: dict
    told: list  # warnings of all threads

    def count(self, name):
        return int(self.counts[name])


def modules():
    """Folder of the server's packages, installed once a build tree as the lock file has them."""
    return npm_packages.modules(SOURCES, "npm")


class Machine:
    """What a machine has of its own is a folder and its environment."""

    def __init__(self, store, folder, **environment):
        self.folder = pathlib.Path(folder)
        self.environment = {
            "TOPOBATHY_CACHE_DIR": ROOT, "TOPOBATHY_LOCAL_CACHE_DIR": str(self.folder), "AWS_S3_ENDPOINT": store.address,
            "AWS_HTTPS": "NO", "AWS_VIRTUAL_HOSTING": "FALSE", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY, "AWS_CONFIG_FILE": os.devnull, "CPL_AWS_CREDENTIALS_FILE": os.devnull, **environment}

    def read(self, policy, *options):
        process = tools.run(sys.executable, "-c", READER, policy, *options, env=self.environment)
        told = [line.split(": ", 1)[1] for line in process.stderr.splitlines() if line.startswith(("Warning", "ERROR"))]
        return Reading(**json.loads(process.stdout), told=told)

    def topobathy(self, *arguments, check=True):
        return tools.run("topobathy", *arguments, env=self.environment, check=check)


class Store:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._log = self.folder / "requests.log"
        self._told = 0
        (self.folder / "objects").mkdir(parents=True)
        self._log.touch()
        command = ["node", SOURCES / "server.js", self.folder / "objects", self._log, modules()]
        self._process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = f"127.0.0.1:{int(self._process.stdout.readline())}"

    def machine(self, folder, **environment):
        return Machine(self, folder, **environment)

    def requests(self):
        """All since the last call, in the order in which they were answered."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        new, self._told = lines[self._told:], len(lines)
        return new

    def objects(self, below=""):
        """Names below the cache root -> the files with their bytes."""
        root = self.folder / "objects" / "cells" / "cache"
        end = "._S3rver_object"
        return {str(path.relative_to(root))[:-len(end)]: path for path in sorted(root.rglob("*" + end))
                if str(path.relative_to(root)).startswith(below)}

    def cells(self):
        return self.objects("fused_zarr/")

    def purge(self, name):
        path = self.objects()[name]
        for file in path.parent.glob(path.name.replace("object", "*")):
            file.unlink()

    def fail(self, count):
        """From now on the first requests of each method for each object are answered with 503."""
        self._say(f"fail {count}")
        assert self._process.stdout.readline() == "done\n"

    def delay(self, seconds):
        self._say(f"delay {seconds}")

    def _say(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def stop(self):
        """Nobody answers any more."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


@contextlib.contextmanager
def serving(folder):
    store = Store(folder)
    try:
        yield store
    finally:
        store.stop()

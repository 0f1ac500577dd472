"""A real cache with one of everything, and every kind of damage that `topobathy cache --check` must find in it."""

import io
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

import numpy
from osgeo import gdal

STEM = "tiles/visual/relief/12/1240/{}_0123abcd"
OLD = 7200  # seconds: older than any limit
HOLD_LOCK = "import fcntl, sys, time\nf = open(sys.argv[1], 'w')\nfcntl.flock(f, fcntl.LOCK_EX)\nprint('held', flush=True)\ntime.sleep(600)\n"


def make_old(path):
    then = time.time() - OLD
    os.utime(path, (then, then))


def cut(path, part=0.6):
    os.truncate(path, int(path.stat().st_size * part))


def flip(path, part=0.5, count=1):
    content = bytearray(path.read_bytes())
    at = int(len(content) * part)
    for i in range(at, at + count):
        content[i] ^= 0x10
    path.write_bytes(content)


def write(path, content=b""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def add_tiles(root, rows):
    """Tiles as the renderer keeps them: a picture, its provenance, its source elevations."""
    noise = numpy.random.default_rng(1).integers(0, 255, (3, 256, 256), dtype=numpy.uint8)
    for row in rows:
        stem = root / STEM.format(row)
        stem.parent.mkdir(parents=True, exist_ok=True)
        memory = gdal.GetDriverByName("MEM").Create("", 256, 256, 3)
        memory.WriteArray(noise)
        gdal.GetDriverByName("PNG").CreateCopy(f"{stem}.png", memory)
        aux = pathlib.Path(f"{stem}.png.aux.xml")
        aux.unlink(missing_ok=True)
        write(pathlib.Path(f"{stem}_meta.json"), json.dumps({"70000": {"provider": "raster"}}))
        numpy.savez_compressed(f"{stem}_src.npz", source_elevation=noise[0].astype(numpy.float32))
    for group, end in (("data", ".npy"), ("data", ".npz"), ("raw", ".tif")):
        path = root / f"tiles/{group}/12/1240/9_0123abcd{end}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if end == ".npy":
            numpy.save(path, noise)
        elif end == ".npz":
            numpy.savez(path, noise)
        else:
            gdal.GetDriverByName("GTiff").CreateCopy(str(path), memory, options=["COMPRESS=DEFLATE"])


def job(status, process, ticks):
    return json.dumps({"id": "11111111-2222-4333-8444-555555555555", "status": status, "pid": process, "pid_start_ticks": ticks, "total_cells": 4})


def start_ticks(process):
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])


def with_attribute(path, name, value):
    """The bytes of a cell with another attribute, every CRC right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == ".zmetadata":
                document = json.loads(content)
                document["metadata"][".zattrs"][name] = value
                content = json.dumps(document).encode()
            target.writestr(entry, content)
    return packed.getvalue()


class LockHolder:
    """A process that holds a lock file."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen([sys.executable, "-c", HOLD_LOCK, str(path)], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "held\n"
        make_old(path)

    @property
    def process(self):
        return self._process.pid

    def kill(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()


class Planter:
    """Plants damage in a cache; `expected` is what a check must find, as {(kind, path)}."""

    def __init__(self, root, shared_data):
        self.root, self.shared_data, self.expected = root, shared_data, set()
        self._used = set()

    def files(self, pattern):
        """Sound ones that nothing was done to yet."""
        found = sorted(path for path in self.root.glob(pattern) if path not in self._used)
        assert found, f"the cache has no {pattern} (left)"
        return found

    def harm(self, kind, pattern, how, **keywords):
        path = self.files(pattern)[0]
        how(path, **keywords)
        self.note(kind, path)
        return path

    def note(self, kind, path):
        self._used.add(path)
        self.expected.add((kind, str(path.relative_to(self.root))))

    def put(self, kind, name, content=b"", old=True):
        path = write(self.root / name, content)
        if old:
            make_old(path)
        if kind:
            self.note(kind, path)
        return path

    def cells(self):
        self.harm("damaged-cell", "fused_zarr/*/*.zip", flip, part=0.3)
        self.harm("damaged-cell", "fused_zarr/*/*.zip", cut)
        self.harm("damaged-cell", "*/zarr/*.zip", flip, part=0.3)
        sound = self.files("fused_zarr/*/*.zip")[0]
        self.put("damaged-cell", sound.parent.relative_to(self.root) / ("b" * 64 + ".zarr.zip"), sound.read_bytes())
        self.put("stale-cell", sound.parent.relative_to(self.root) / ("c" * 64 + ".zarr.zip"), with_attribute(sound, "cell_layout", 3))
        self.harm("damaged-cell", "usgs_lidar/grids/*.tif", cut)

    def tiles(self):
        for row, (end, how) in enumerate(((".png", cut), (".png", flip), ("_meta.json", cut), ("_src.npz", flip)), start=1):
            path = self.root / (STEM.format(row) + end)
            how(path)
            self.note("damaged-tile", path)
        self.harm("damaged-tile", "tiles/data/*/*/*.npy", cut)
        self.harm("damaged-tile", "tiles/data/*/*/*.npz", flip)
        self.harm("damaged-tile", "tiles/raw/*/*/*.tif", cut)
        self.put("orphan-companion", STEM.format(77) + "_meta.json", "{}")

    def discovery(self):
        self.harm("damaged-database", "ncei_bag/discovery.sqlite", lambda path: path.write_bytes(b"x" * 20000))
        with sqlite3.connect(self.root / "ncei_cudem/discovery.sqlite") as database:
            database.execute("UPDATE assets SET text = replace(text, '1', '2')")
        database.close()
        self.note("damaged-database", self.root / "ncei_cudem/discovery.sqlite")
        self.harm("damaged-discovery", "noaa_bluetopo/*.gpkg", cut)
        self.harm("damaged-discovery", "noaa_bluetopo/sidecars/*.xml", cut)
        self.harm("damaged-discovery", "*/tile_index/*.zip", cut)

    def raw(self):
        self.harm("damaged-raw", "ncei_bag/raw/*.bag", cut)
        self.harm("damaged-raw", "ncei_cudem/raw/*.tif", cut)
        self.harm("damaged-raw", "jcu_gbr100/raw/*.zip", flip)
        self.harm("damaged-raw", "gebco_2025/raw/*.aux.xml", cut)
        for number, damage in enumerate((None, flip)):
            path = self.put(None, f"usgs_lidar/raw/tile_{number}.copc.laz", (self.shared_data / "lidar/1.2-with-color.copc.laz").read_bytes())
            if damage:
                damage(path, part=0.4, count=8192)  # colours alone would harm no reader
                self.note("damaged-raw", path)
        self.put("orphan-companion", "ncei_cudem/raw/gone.tif.edition.json", "{}")

    def leftovers(self, dead, holder):
        """`dead`: the number of a process that has ended; `holder` holds a lock, however old."""
        self.put("stale-lock", "locks/" + "d" * 64 + ".lock")
        self.put("stale-lock", "ncei_bag/raw/.locks/" + "e" * 64 + ".lock")
        self.put("leftover", f"fused_zarr/01234567/.tmp-{dead}-123", "half a cell")
        self.put(None, f"fused_zarr/01234567/.tmp-{holder.process}-124", "half a cell", old=False)
        self.put("leftover", "gebco_2025/raw/.part-0123456789abcdef-2261", "half a file")
        self.put(None, "gebco_2025/raw/.part-1123456789abcdef-2261", "half a file", old=False)
        self.put("leftover", f"usgs_lidar/grids/a_2m.tif.tmp{dead}-1", "half a grid")
        self.put("leftover", "hydration_jobs/a.json.tmp", "{")
        self.put("leftover-journal", "nasadem/discovery.sqlite-journal", "x")

    def jobs(self, dead, holder):
        self.put("damaged-job", "hydration_jobs/torn.json", '{"id": "11111111-2222-4333-8444-555555555555", "sta')
        self.put("dead-job", "hydration_jobs/dead.json", job("running", dead, 5))
        self.put("dead-job", "hydration_jobs/reused.json", job("running", holder.process, start_ticks(holder.process) + 9))
        self.put(None, "hydration_jobs/alive.json", job("running", holder.process, start_ticks(holder.process)))
        self.put(None, "hydration_jobs/done.json", job("completed", dead, 5))

    def registry(self):
        """The registry loses a source; the path is that of any cell that names it."""
        with sqlite3.connect(self.root / "sources.sqlite") as database:
            (number,) = database.execute("SELECT id FROM sources WHERE provider = 'noaa_topobathy' LIMIT 1").fetchone()
            database.execute("DELETE FROM sources WHERE id = ?", (number,))
        database.close()
        return number


def dead_process():
    """The number of a process that has just ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def copied(root, target):
    shutil.copytree(root, target)
    return target

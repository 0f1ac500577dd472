"""Reads policies over the archives on loopback: here and in processes of their own, and what their sources say at the pixels."""

import contextlib
import json
import os
import subprocess
import sys
import types

import numpy
from osgeo import gdal

from archive_cases import source_paths
from fused import Fused
from source_truth import SourceAtPixels, moved

ELSEWHERE = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from osgeo import gdal
import archive_reading
gdal.UseExceptions()
archive_reading.save(sys.argv[2], json.loads(sys.argv[3]), sys.argv[4])
"""


def planes(path, options=None):
    """The three bands' bytes, and what made them: equal bytes are equal pixels, NaN included."""
    dataset = gdal.OpenEx(str(path), open_options=[f"{key}={value}" for key, value in (options or {}).items()])
    return dataset.ReadAsArray(), {name: int(count) for name, count in dataset.GetMetadata("__DEBUG__").items()}


def save(path, options, target):
    pixels, counters = planes(path, options)
    numpy.save(target, pixels)
    with open(target + ".json", "w", encoding="utf-8") as file:
        json.dump(counters, file)


class Elsewhere:
    """A process of its own that reads a policy; its environment is that of this process and `more`."""

    def __init__(self, path, target, options=None, **more):
        words = [sys.executable, "-c", ELSEWHERE, os.path.dirname(__file__), str(path), json.dumps(options or {}), str(target)]
        self._target = str(target)
        self._process = subprocess.Popen(words, env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait(self):
        """Its pixels and counters."""
        told, _ = self._process.communicate(timeout=120)
        assert self._process.returncode == 0, told
        with open(self._target + ".json", encoding="utf-8") as file:
            counters = json.load(file)
        return numpy.load(self._target + ".npy" if not self._target.endswith(".npy") else self._target), counters


def same_pixels(a, b):
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def part_of(path, fused):
    """Of a file of a whole degree only the part around the fused pixels, as a file of its own."""
    dataset = gdal.Open(path)
    if dataset.RasterXSize * dataset.RasterYSize < 4e6:
        return path
    left, width, _, top, _, height = dataset.GetGeoTransform()
    x, y = moved(*fused.centres(), fused.crs, dataset.GetSpatialRef().ExportToWkt())
    columns, rows = (x - left) / width, (y - top) / height
    first = [max(0, int(plane.min()) - 8) for plane in (columns, rows)]
    last = [min(size, int(plane.max()) + 8) for plane, size in zip((columns, rows), (dataset.RasterXSize, dataset.RasterYSize))]
    target = f"/vsimem/part/{path.rsplit('/', 1)[1]}"
    gdal.Translate(target, dataset, srcWin=[*first, max(last[0] - first[0], 1), max(last[1] - first[1], 1)])
    return target


def surface(fused, case, contents, band=1):
    """The files of a case as one source: pixels of the first that has them."""
    sources = [SourceAtPixels(fused, part_of(path, fused), case.crs, band, open_options=case.open_options)
               for path in source_paths(case, contents)]
    inside = numpy.any([source.inside for source in sources], axis=0)
    near_edge = numpy.any([source.near_edge for source in sources], axis=0)
    values, tolerances = zip(*(source.bilinear() for source in sources))
    first = numpy.argmax(numpy.isfinite(values), axis=0)
    pick = lambda all_of: numpy.take_along_axis(numpy.array(all_of), first[None], axis=0)[0]  # noqa: E731
    return types.SimpleNamespace(inside=inside, near_edge=near_edge, bilinear=lambda: (pick(values), pick(tolerances)))


@contextlib.contextmanager
def nobody_asked(archive):
    """No request reaches the archives while this lasts."""
    archive.log.clear()
    yield
    assert archive.log.count() == 0, archive.log.text()


def open_case(case, write_policy, **options):
    return Fused(write_policy(case.policy(), name=f"{case.name}.yaml"), **options)

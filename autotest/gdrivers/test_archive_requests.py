"""Who is asked, and how often: nobody on opening, nobody for what lies hidden, each once by many readers."""

import collections
import threading

import numpy
import pytest
from osgeo import gdal

from archive_cases import CASES
from archive_reading import Elsewhere, nobody_asked, planes, same_pixels
from policies import policy, raster_step

ALL = pytest.mark.parametrize("name", CASES)
READERS = 8
# Catalogues, descriptions and whole files: everything that is not a window of a file that lies in its archive.
WINDOWS = (".tif", ".tiff", ".laz", ".bin", ".zst")


def repeated(log, heads=2):
    """{(method, target, range): how often} of what was asked more than once. Of a file that stays where it is the edition
    is asked for by HEAD, and then by GDAL for itself."""
    counts = collections.Counter((entry.method, entry.target, entry.range, entry.body) for entry in log.find())
    return {request: count for request, count in counts.items() if count > (heads if request[0] == "HEAD" else 1)}


@ALL
def test_opening_asks_nobody(online, write_policy, name):
    """Nor does all that can be known before the first pixel."""
    path = write_policy(CASES[name].policy())
    with nobody_asked(online):
        dataset = gdal.Open(path)
        assert "TOPOBATHY" in gdal.Info(dataset, showRAT=True, extraMDDomains=["all"])
        assert dataset.GetRasterBand(3).GetDefaultRAT().GetRowCount() == 0


def test_opening_without_an_extent_asks_nobody(online, write_policy):
    """Where an archive documents its own, that is the extent."""
    with nobody_asked(online):
        reef = gdal.Open(write_policy(policy([{"provider": "gbr100"}], resolution=5000)))
        assert 137.0 < reef.GetGeoTransform()[0] <= 138.0


@pytest.fixture
def lid(tmp_path):
    """lid(case): a file that covers the case's box with a margin of many cells, 42 m high."""

    def make(case):
        path, margin = tmp_path / "lid.tif", 0.5
        west, south, east, north = case.box[0] - margin, case.box[1] - margin, case.box[2] + margin, case.box[3] + margin
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), 64, 64, 1, gdal.GDT_Float32)
        dataset.SetProjection("EPSG:4326")
        dataset.SetGeoTransform((west, (east - west) / 64, 0, north, 0, (south - north) / 64))
        dataset.GetRasterBand(1).Fill(42.0)
        return raster_step(path, name="lid")

    return make


@ALL
def test_a_hidden_step_asks_nobody(online, write_policy, lid, name):
    case = CASES[name]
    path = write_policy(policy([case.step, lid(case)], resolution=case.metres, extent=list(case.box)))
    with nobody_asked(online):
        pixels, counters = planes(path)
    assert (pixels[0] == 42.0).all() and counters["LAYERS_OCCLUDED"] > 0


@ALL
def test_threads_ask_each_request_once(online, write_policy, tmp_path, name):
    """Eight datasets of one policy, read at once, of which each has windows in an order of its own."""
    path = write_policy(CASES[name].policy())
    alone = gdal.OpenEx(path, open_options=[f"CACHE_DIR={tmp_path / 'alone'}"]).ReadAsArray()
    asked_alone = online.log.count()
    gdal.VSICurlClearCache()
    online.log.clear()
    results = [None] * READERS
    barrier = threading.Barrier(READERS)

    def read(number):
        dataset = gdal.Open(path)
        barrier.wait()
        half = dataset.RasterYSize // 2
        parts = [(0, half), (half, dataset.RasterYSize - half)]
        for top, rows in parts[::-1] if number % 2 else parts:
            dataset.ReadAsArray(0, top, dataset.RasterXSize, rows)
        results[number] = dataset.ReadAsArray()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result is not None and same_pixels(result, alone) for result in results)
    assert repeated(online.log) == {}
    assert online.log.count() <= asked_alone + 1


@pytest.mark.parametrize("name", ["gebco", "3dep_10m", "bluetopo", "topobathy", "bag", "cudem", "gbr100"])
def test_processes_fetch_catalogues_and_whole_files_once(online, write_policy, tmp_path, name):
    """Windows of files that stay where they are may be read by several processes that start at once; the count is printed."""
    path = write_policy(CASES[name].policy())
    readers = [Elsewhere(path, tmp_path / f"{number}.npy") for number in range(READERS)]
    results = [reader.wait()[0] for reader in readers]
    assert all(same_pixels(result, results[0]) for result in results) and numpy.isfinite(results[0]).any()
    again = repeated(online.log)
    print(f"{name}: {online.log.count()} requests, {sum(again.values()) - len(again)} of them repeated")
    assert not [request for request in again if CASES[name].download or not request[1].split("?")[0].endswith(WINDOWS)], again

"""A pixel does not depend on the window that was asked for, with archives too: each read below begins with nothing cached."""

import numpy
import pytest
from osgeo import gdal

from archive_cases import CASES
from archive_reading import planes


@pytest.fixture
def fresh(online, write_policy, tmp_path):
    """fresh(name): a case, opened over an empty cache of its own."""
    opened = []

    def make(name, **options):
        path = write_policy(CASES[name].policy(), name=f"{name}.yaml")
        opened.append(tmp_path / f"cache_{len(opened)}")
        gdal.VSICurlClearCache()
        return gdal.OpenEx(path, open_options=[f"CACHE_DIR={opened[-1]}", *(f"{key}={value}" for key, value in options.items())])

    return make


def places_of(dataset):
    """Corners, the middle and some more."""
    random = numpy.random.Generator(numpy.random.PCG64(7))
    width, height = dataset.RasterXSize, dataset.RasterYSize
    some = [(int(random.integers(width)), int(random.integers(height))) for _ in range(3)]
    return [(0, 0), (width - 1, height - 1), (width // 2, height // 2), *some]


@pytest.mark.parametrize("name", CASES)
def test_single_pixels_and_strips_are_those_of_the_whole(fresh, name):
    whole = fresh(name).ReadAsArray()
    dataset = fresh(name)
    for column, row in places_of(dataset):
        assert dataset.ReadAsArray(column, row, 1, 1).tobytes() == whole[:, row:row + 1, column:column + 1].tobytes(), (column, row)
    dataset = fresh(name, CACHE="OFF")
    width, height = dataset.RasterXSize, dataset.RasterYSize
    for top in range(0, height, height // 3 + 1):
        rows = min(height // 3 + 1, height - top)
        assert dataset.ReadAsArray(0, top, width, rows).tobytes() == whole[:, top:top + rows].tobytes(), top


@pytest.mark.parametrize("name", CASES)
def test_overviews_are_the_same_in_parts(fresh, name):
    finer = {"RESOLUTION": CASES[name].metres / {"bag_gz": 8, "bag_vr": 2, "3dep_1m": 2, "lidar_ept": 2}.get(name, 4 if CASES[name].metres > 4 else 1)}
    dataset = fresh(name, **finer)
    level = min(1, dataset.GetRasterBand(1).GetOverviewCount() - 1)
    assert level >= 0
    whole = [dataset.GetRasterBand(band).GetOverview(level).ReadAsArray() for band in (1, 2, 3)]
    assert numpy.isfinite(whole[0]).any()
    dataset = fresh(name, **finer)
    for band, plane in zip((1, 2, 3), whole):
        overview = dataset.GetRasterBand(band).GetOverview(level)
        half = overview.YSize // 2
        for column, row, width, height in ((0, half, overview.XSize, overview.YSize - half), (0, 0, overview.XSize, half),
                                           (overview.XSize // 3, overview.YSize // 3, 1, 1)):
            part = overview.ReadAsArray(column, row, width, height)
            assert part.tobytes() == plane[row:row + height, column:column + width].tobytes()


def test_a_box_elsewhere_has_the_same_pixels(online, write_policy, tmp_path):
    """The extent of a dataset moves its edges and none of its pixels."""
    path = write_policy(CASES["3dep_10m"].policy())
    whole = gdal.Open(path)
    pixels, transform = whole.ReadAsArray(), whole.GetGeoTransform()
    part = gdal.OpenEx(path, open_options=["BBOX=-70.772,42.998,-70.768,43.002", f"CACHE_DIR={tmp_path / 'part'}"])
    left, top = part.GetGeoTransform()[0], part.GetGeoTransform()[3]
    column, row = round((left - transform[0]) / transform[1]), round((top - transform[3]) / transform[5])
    window = pixels[:, row:row + part.RasterYSize, column:column + part.RasterXSize]
    assert part.ReadAsArray().tobytes() == window.tobytes()
    assert planes(path)[0].tobytes() == pixels.tobytes()

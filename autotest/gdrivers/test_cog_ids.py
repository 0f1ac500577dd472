"""Ids in a Cloud Optimized GeoTIFF are those of the attribute table, in its overviews too (docs/driver.md)."""

import numpy as np
import pytest
from osgeo import gdal

import places

POLICY = str(places.EXAMPLES / "sample_coast.yaml")


def table_ids(band):
    table = band.GetDefaultRAT()
    column = table.GetColOfUsage(gdal.GFU_MinMax)
    return {table.GetValueAsInt(row, column) for row in range(table.GetRowCount())}


def unknown_ids(band, known):
    pixels = band.ReadAsArray()
    return sorted(set(np.unique(pixels[~np.isnan(pixels)])) - known)


def translate(path, source, **options):
    gdal.Translate(str(path), source, format="COG", **options)
    return gdal.Open(str(path))


@pytest.mark.parametrize("options", [
    {},
    {"projWin": [-70.79, 43.03, -70.71, 42.97]},
    {"bandList": [1, 2, 3], "creationOptions": ["COMPRESS=DEFLATE"]},
    {"width": 1100, "height": 900},
], ids=["whole", "projwin", "bands", "outsize"])
def test_from_a_policy(sample_coast, tmp_path, options):
    cog = translate(tmp_path / "out.tif", POLICY, **options)
    band = cog.GetRasterBand(3)
    known = table_ids(band)
    assert len(known) == 12
    assert band.GetOverviewCount() >= 2
    assert unknown_ids(band, known) == []
    for number in range(band.GetOverviewCount()):
        assert unknown_ids(band.GetOverview(number), known) == []


def test_overviews_are_the_native_ones(sample_coast, tmp_path):
    cog = translate(tmp_path / "out.tif", POLICY)
    native = gdal.Open(POLICY)
    for band in (1, 2, 3):
        for number in range(cog.GetRasterBand(band).GetOverviewCount()):
            np.testing.assert_array_equal(cog.GetRasterBand(band).GetOverview(number).ReadAsArray(),
                                          native.GetRasterBand(band).GetOverview(number).ReadAsArray())


def test_from_a_stored_raster_nearest_must_be_asked_for(sample_coast, tmp_path):
    stored = str(tmp_path / "stored.tif")
    gdal.Translate(stored, POLICY)
    cog = translate(tmp_path / "out.tif", stored, creationOptions=["OVERVIEW_RESAMPLING=NEAREST"])
    band = cog.GetRasterBand(3)
    known = table_ids(band)
    for number in range(band.GetOverviewCount()):
        assert unknown_ids(band.GetOverview(number), known) == []

"""A band's pixels are the same whichever band of the dataset was read before it."""

import numpy as np
import pytest
from osgeo import gdal

import policies

EXTENT = [-70.80, 42.96, -70.70, 43.04]


@pytest.fixture
def policy(sample_coast, write_policy):
    """In a folder of its own: no other test of this process has its cells in memory."""
    survey = policies.raster_step(sample_coast / "H19901_MB_4m_MLLW_1of1.bag", name="survey",
                                  operator="metric_feather", blend_distance=200)
    base = policies.raster_step(sample_coast / "global_15s.nc", name="base")
    return write_policy(policies.policy([base, survey], resolution=30, extent=EXTENT))


def read_all(dataset, band):
    return [dataset.GetRasterBand(band).ReadAsArray(), dataset.GetRasterBand(band).GetOverview(0).ReadAsArray()]


@pytest.mark.parametrize("rule", ("MEAN", "SHOALEST"))
@pytest.mark.parametrize("cache", ("READ_WRITE", "READ_ONLY", "OFF"))
@pytest.mark.parametrize("read_before", (2, 3))
def test_elevation_after_another_band(policy, run_tool, tmp_path, rule, cache, read_before):
    # Other processes fill the cache and say what is right: cells then come from disk, band by band.
    expected = str(tmp_path / "expected.tif")
    run_tool("gdal_translate", "-q", "-of", "COG", "-oo", f"OVERVIEW={rule}", policy, expected)

    dataset = gdal.OpenEx(policy, open_options=[f"OVERVIEW={rule}", f"CACHE={cache}"])
    read_all(dataset, read_before)
    reference = gdal.Open(expected)
    for pixels, right in zip(read_all(dataset, 1), read_all(reference, 1)):
        np.testing.assert_array_equal(pixels, right)

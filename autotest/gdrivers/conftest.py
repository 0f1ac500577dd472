"""The driver's tests stop with one clear message where the plugin was not built or does not load."""

import os

import pytest
from osgeo import gdal


@pytest.fixture(autouse=True, scope="session")
def driver():
    """The TOPOBATHY driver."""
    found = gdal.GetDriverByName("TOPOBATHY")
    if found is None:
        pytest.fail(f"GDAL did not load TOPOBATHY from {os.environ['GDAL_DRIVER_PATH']}: run  make build")
    return found

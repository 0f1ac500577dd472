"""The driver's tests stop with one clear message where the plugin was not built or does not load."""

import os

import pytest
from osgeo import gdal

from fused import Fused
from policies import policy, raster_step
from reader_process import Mother


@pytest.fixture(autouse=True, scope="session")
def driver():
    """The TOPOBATHY driver."""
    found = gdal.GetDriverByName("TOPOBATHY")
    if found is None:
        pytest.fail(f"GDAL did not load TOPOBATHY from {os.environ['GDAL_DRIVER_PATH']}: run  make build")
    return found


@pytest.fixture(scope="session")
def mother():
    """Forks processes that read through GDAL and have nothing in memory yet."""
    with Mother() as started:
        yield started


@pytest.fixture
def stack(shared_data, write_policy):
    """stack(root keys, (file, step keys), ...): a policy over real files, opened."""

    def make(root, *layers, **options):
        steps = [raster_step([shared_data / file for file in ([files] if isinstance(files, str) else files)], **keys)
                 for files, keys in layers]
        return Fused(write_policy(policy(steps, **root), name=f"stack_{len(layers)}.yaml"), **options)

    return make

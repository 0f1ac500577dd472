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
def first_read(archive, mother, tmp_path):
    """first_read(case): the Reading of a process of its own that knows nothing yet; it may take some memory and disk, not any."""

    def read(case, cache="cache"):
        environment = {"TOPOBATHY_CACHE_DIR": str(tmp_path / cache), "TOPOBATHY_ENDPOINTS": archive.endpoints, "TMPDIR": str(tmp_path),
                       "TOPOBATHY_HTTP_ATTEMPTS": "1", "TOPOBATHY_HTTP_TIMEOUT": "20", "TOPOBATHY_HTTP_MAX_DOWNLOAD": str(64 << 20)}
        with mother.reader(**environment) as reader:
            reading = reader.read(case.policy(tmp_path / "policy.yaml"))
        used = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
        # It begins with some 60 MB; six answers of up to 64 MB may come at once, and text that grows holds twice its size.
        assert reading.memory < 900 << 20, f"{reading.memory >> 20} MB of memory; {reading.error}"
        assert used < 100 << 20, f"{used >> 20} MB on disk; {reading.error}"
        return reading

    return read


@pytest.fixture
def stack(shared_data, write_policy):
    """stack(root keys, (file, step keys), ...): a policy over real files, opened."""

    def make(root, *layers, **options):
        steps = [raster_step([shared_data / file for file in ([files] if isinstance(files, str) else files)], **keys)
                 for files, keys in layers]
        return Fused(write_policy(policy(steps, **root), name=f"stack_{len(layers)}.yaml"), **options)

    return make

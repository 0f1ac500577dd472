"""What every Python test gets: the built plugin in GDAL, a cache of its own, the sample coast, the real data."""

import os
import pathlib
import sys

AUTOTEST = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(AUTOTEST / "pymod"))

import places  # noqa: E402

# GDAL loads plugins when its drivers are registered, which importing osgeo.gdal does.
os.environ.setdefault("GDAL_DRIVER_PATH", str(places.PLUGIN_FOLDER))

import pytest  # noqa: E402
from osgeo import gdal  # noqa: E402

import archive as archives  # noqa: E402
import needed  # noqa: E402
import policies  # noqa: E402
import sample_coast as generator  # noqa: E402
import tools  # noqa: E402

gdal.UseExceptions()


@pytest.fixture(autouse=True)
def cache_dir(tmp_path, monkeypatch):
    """The cache root of this test, empty. GDAL's configuration option of that name falls back to this variable."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("TOPOBATHY_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def sample_coast():
    """Folder of the sample coast, complete: the one that the policies of docs/examples name. Read only."""
    generator.make_sample_coast(str(places.SAMPLE_COAST))
    return places.SAMPLE_COAST


@pytest.fixture(scope="session")
def coast_manifest(sample_coast):
    """manifest.json of the sample coast: {file name: facts}."""
    return policies.read_manifest(sample_coast)


@pytest.fixture(scope="session")
def shared_data():
    """The real survey files."""
    return needed.folder(places.SHARED_DATA)


@pytest.fixture(scope="session")
def archive_server(shared_data):
    """The archives on loopback, for the whole session; tests take `archive`."""
    with archives.serving(places.ARCHIVE) as server:
        yield server


@pytest.fixture
def archive(archive_server):
    """The archives on loopback as they were made, no faults, nothing logged yet; see pymod/archive."""
    archive_server.reset()
    yield archive_server
    archive_server.faults.reset()
    assert not archive_server.errors, "the archive on loopback itself failed"


@pytest.fixture
def online(archive, monkeypatch):
    """The archives on loopback, where the driver asks. It tries once: nothing here passes with waiting."""
    monkeypatch.setenv("TOPOBATHY_ENDPOINTS", archive.endpoints)
    monkeypatch.setenv("TOPOBATHY_HTTP_ATTEMPTS", "1")
    gdal.VSICurlClearCache()
    yield archive
    gdal.VSICurlClearCache()


@pytest.fixture
def write_policy(tmp_path):
    """write_policy(policy, name="policy.yaml"): a dict or YAML text as a file of this test; returns its path as text."""

    def write(policy, name="policy.yaml"):
        return policies.write(tmp_path / name, policy)

    return write


@pytest.fixture(scope="session")
def run_tool():
    """run_tool("gdalinfo", ...): a program of GDAL, or `topobathy`, as a user starts it; see pymod/tools.py."""
    return tools.run

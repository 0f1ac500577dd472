"""What was read once reads again, bit for bit: the archive gone, offline, read only, from provider cells alone, without a cache."""

import shutil

import pytest

from archive_cases import CASES
from archive_reading import Elsewhere, nobody_asked, planes, same_pixels

ALL = pytest.mark.parametrize("name", CASES)


@pytest.fixture
def first_read(online, write_policy):
    """first_read(name): the policy file of a case and its pixels, which are cached from then on."""

    def read(name):
        path = write_policy(CASES[name].policy(), name=f"{name}.yaml")
        pixels, counters = planes(path)
        assert counters["CELLS_FUSED"] > 0 and counters["CELLS_FROM_CACHE"] == 0
        return path, pixels

    return read


@ALL
def test_other_processes_read_it_with_the_archive_gone(online, first_read, tmp_path, name):
    path, pixels = first_read(name)
    with online.gone(), nobody_asked(online):
        kinds = ({}, {"OFFLINE": "YES"}, {"CACHE": "READ_ONLY"})
        started = [Elsewhere(path, tmp_path / f"{number}.npy", options) for number, options in enumerate(kinds)]
        for options, elsewhere in zip(kinds, started):
            again, counters = elsewhere.wait()
            assert same_pixels(again, pixels), options
            assert counters["CELLS_FUSED"] == 0 and counters["SOURCE_PIXELS_READ"] == 0, options


@ALL
def test_fused_cells_are_made_again_from_provider_cells(online, first_read, tmp_path, cache_dir, name):
    """Without fused cells, without the files that were copied, without the archive."""
    path, pixels = first_read(name)
    shutil.rmtree(cache_dir / "fused_zarr")
    for kept in ("raw", "grids"):
        shutil.rmtree(cache_dir / CASES[name].provider / kept, ignore_errors=True)
    with online.gone(), nobody_asked(online):
        again, counters = Elsewhere(path, tmp_path / "again.npy").wait()
        assert same_pixels(again, pixels)
        assert counters["CELLS_FUSED"] > 0 and counters["SOURCE_PIXELS_READ"] == 0


@ALL
def test_without_a_cache_the_pixels_are_the_same(online, first_read, tmp_path, cache_dir, name):
    path, pixels = first_read(name)
    shutil.rmtree(cache_dir)
    assert same_pixels(Elsewhere(path, tmp_path / "again.npy", {"CACHE": "OFF"}).wait()[0], pixels)
    assert not cache_dir.exists()


@pytest.mark.parametrize("name", ["gebco", "3dep_10m", "bluetopo", "topobathy", "lidar_ept", "bag", "cudem", "gbr100"])
def test_what_was_never_read_is_an_error_and_not_nodata(online, write_policy, tmp_path, name):
    path = write_policy(CASES[name].policy())
    with nobody_asked(online), pytest.raises(RuntimeError, match="is on the network and OFFLINE is on"):
        planes(path, {"OFFLINE": "YES"})
    with online.gone(), pytest.raises(RuntimeError, match="check the network connection, try again later, or open with OFFLINE=YES"):
        planes(path)
    assert planes(path)[1]["CELLS_FUSED"] > 0, "and when the archive is back it is read"

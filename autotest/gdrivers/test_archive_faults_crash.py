"""A reader that is killed leaves nothing that another one could take for whole, and what was fetched is not fetched twice."""

import os
import time
import zipfile

import pytest

from archive.cudem import FOLDER
from fault_cases import CASES

TILE = f"{FOLDER}MA_NH_ME/ncei19_n43x00_w071x00_2021v1.tif"
SYNCED = 16 << 20  # bytes of a download that a later process goes on from


@pytest.fixture
def process(archive, mother, tmp_path):
    """process(): a new one; all share the cache."""
    return lambda: mother.reader(TOPOBATHY_CACHE_DIR=str(tmp_path / "cache"), TOPOBATHY_ENDPOINTS=archive.endpoints)


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come to that"
        time.sleep(0.002)


def assert_all_is_whole(cache):
    for path in cache.rglob("*.zarr.zip"):
        with zipfile.ZipFile(path) as cell:
            assert cell.testzip() is None, path


def test_a_killed_download_is_not_taken_for_the_file_and_goes_on_by_range(archive, process, tmp_path):
    case, cache = CASES["ncei_cudem"], tmp_path / "cache"
    policy = case.policy(tmp_path / "policy.yaml")
    archive.put(TILE, archive.get(TILE) + os.urandom(3 * SYNCED))  # bytes after its end are no matter to a TIFF
    archive.faults.add(TILE.rsplit("/", 1)[1], kind="slow", rate=30e6)
    reader = process()
    reader.begin(policy)
    wait_until(lambda: archive.log.bytes("w071x00_2021v1") > 2 * SYNCED)
    reader.kill()
    assert not (cache / "ncei_cudem" / "raw" / TILE.rsplit("/", 1)[1]).exists()
    archive.faults.reset()
    archive.log.clear()
    with process() as other:
        found = other.read(policy)
    assert not found.error and found.valid == 1.0
    (again,) = archive.log.find("w071x00_2021v1")
    assert again.range.startswith("bytes=") and int(again.range[6:].split("-")[0]) >= SYNCED, again.range
    assert again.status == 206


@pytest.mark.parametrize("name", ["ncei_cudem", "noaa_bluetopo", "usgs_lidar_ept", "ncei_bag_packed"])
def test_a_reader_killed_at_any_moment_leaves_old_or_new(archive, process, tmp_path, name):
    case, cache = CASES[name], tmp_path / "cache"
    policy = case.policy(tmp_path / "policy.yaml")
    with process() as undisturbed:
        begun = time.monotonic()
        truth = undisturbed.read(policy)
        took = time.monotonic() - begun
    assert not truth.error
    for number in range(12):
        for path in sorted(cache.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        reader = process()
        reader.begin(policy)
        time.sleep(took * number / 10)
        reader.kill()
        assert_all_is_whole(cache)
        with process() as other:
            found = other.read(policy)
        assert found.same_as(truth), (number, found.difference(truth))


def test_a_reader_killed_while_cells_are_written_leaves_old_or_new(archive, process, tmp_path):
    """Everything fetched, nothing fused: what is killed is the writing of tiers 2 and 3."""
    case, cache = CASES["noaa_bluetopo"], tmp_path / "cache"
    policy = case.policy(tmp_path / "policy.yaml")
    with process() as undisturbed:
        truth = undisturbed.read(policy)
    for number in range(12):
        for path in cache.rglob("*.zarr.zip"):
            path.unlink()
        reader = process()
        reader.begin(policy)
        wait_until(lambda: any(cache.rglob("*zarr.zip*")) or any(cache.rglob(".*zarr*")))
        time.sleep(number * 0.001)
        reader.kill()
        assert_all_is_whole(cache)
        with process() as other:
            found = other.read(policy)
        assert found.same_as(truth), (number, found.difference(truth))

"""topobathy cache --check and --clean: every kind of damage in a real cache, and beside readers and writers."""

import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest
from osgeo import gdal

import places
from archive_cases import CASES
from archive_reading import Elsewhere, planes, same_pixels
from damaged_cache import LockHolder, Planter, add_tiles, dead_process, flip, make_old
from policies import policy, raster_step
from small_rasters import slope, write_geotiff

NAMES = ("bag", "cudem", "gbr100", "bluetopo", "topobathy", "lidar_ept", "gebco", "nasadem")


@pytest.fixture
def policy_of(write_policy, sample_coast, tmp_path):
    """{name: policy file} of the archives, and of local files."""
    files = {name: write_policy(CASES[name].policy(), name=f"{name}.yaml") for name in NAMES}
    raster = write_geotiff(tmp_path / "slope.tif", slope(600, 600), (350000, 4760000), 10)
    files["local"] = write_policy(policy([raster_step(raster)], name="local", crs="EPSG:32619", resolution=10), name="local.yaml")
    return files


@pytest.fixture
def check(run_tool, cache_dir):
    """check("--check", ...): (status, {(kind, path)} that are no notes, the whole answer)."""

    def run(*words):
        process = run_tool("topobathy", "cache", *words, "--json", "--cache-dir", cache_dir, check=False)
        assert process.stderr == ""
        answer = json.loads(process.stdout)
        found = {(one["kind"], one["path"]) for one in answer["findings"] if not one["note"]}
        assert answer["status"] == process.returncode
        return process.returncode, found, answer

    return run


@pytest.fixture
def holder(cache_dir):
    started = LockHolder(cache_dir / "locks" / ("f" * 64 + ".lock"))
    yield started
    started.kill()


def read_all(policy_of, tmp_path, number):
    """The pixels of all policies, each read by a process that remembers nothing."""
    started = {name: Elsewhere(path, tmp_path / f"{number}_{name}.npy") for name, path in policy_of.items()}
    return {name: reading.wait()[0] for name, reading in started.items()}


def test_every_kind_of_damage_is_found_and_repaired(online, policy_of, check, cache_dir, tmp_path, shared_data, holder):
    before = read_all(policy_of, tmp_path, 0)
    add_tiles(cache_dir, range(1, 7))
    assert check("--check")[:2] == (0, set())
    with sqlite3.connect(cache_dir / "sources.sqlite") as database:
        rows = database.execute("SELECT * FROM sources ORDER BY id").fetchall()
    database.close()

    planter = Planter(cache_dir, shared_data)
    number = planter.registry()
    dead = dead_process()
    planter.cells()
    planter.tiles()
    planter.discovery()
    planter.raw()
    planter.leftovers(dead, holder)
    planter.jobs(dead, holder)
    planter.put(None, "holiday.jpg", "mine")

    for words in (["--check"], ["--clean", "--dry-run"]):
        status, found, answer = check(*words)
        (unknown,) = [one for one in answer["findings"] if one["kind"] == "unknown-source"]
        assert f"source id {number} (" in unknown["what"]
        assert found - {("unknown-source", unknown["path"])} == planter.expected
        assert status == 5
    assert [one["path"] for one in answer["findings"] if one["note"]] == ["holiday.jpg"]

    status, found, answer = check("--clean")
    assert {pair for pair in found if pair[0] != "unknown-source"} == planter.expected
    assert {one["outcome"] for one in answer["findings"] if not one["note"]} == {"repaired"}, answer["findings"]
    assert (status, answer["left"]) == (0, 0)
    assert check("--check")[:2] == (0, set())

    with sqlite3.connect(cache_dir / "sources.sqlite") as database:
        assert database.execute("SELECT * FROM sources ORDER BY id").fetchall() == rows, "no id has changed its source"
    database.close()
    assert json.loads((cache_dir / "hydration_jobs/dead.json").read_text())["failure_reason"] == "worker_died"
    assert json.loads((cache_dir / "hydration_jobs/alive.json").read_text())["status"] == "running"
    assert (cache_dir / "holiday.jpg").exists() and (cache_dir / "locks" / ("f" * 64 + ".lock")).exists()
    assert len(list((cache_dir / "tiles/visual/relief/12/1240").iterdir())) == 6, "two sound tiles of three files"
    after = read_all(policy_of, tmp_path, 1)
    for name, pixels in before.items():
        assert same_pixels(after[name], pixels), name
    assert check("--check")[:2] == (0, set())


def test_quick_reads_headers_alone(policy_of, check, cache_dir):
    planes(policy_of["local"])
    cells = sorted(cache_dir.glob("fused_zarr/*/*.zip"))
    flip(cells[0], part=0.3)
    cells[1].write_bytes(cells[1].read_bytes()[:1000])
    assert check("--check", "--quick")[1] == {("damaged-cell", str(cells[1].relative_to(cache_dir)))}
    assert len(check("--check")[1]) == 2


def test_orphans_alone_read_nothing(policy_of, check, cache_dir):
    planes(policy_of["local"])
    flip(sorted(cache_dir.glob("fused_zarr/*/*.zip"))[0], part=0.3)
    left = cache_dir / "fused_zarr" / f".tmp-{dead_process()}-1"
    left.write_bytes(b"x")
    make_old(left)
    expected = {("leftover", f"fused_zarr/{left.name}")}
    assert check("--orphans")[:2] == (5, expected)
    assert left.exists()
    assert check("--clean-orphans")[:2] == (0, expected)
    assert check("--orphans")[:2] == (0, set()) and not left.exists()


def test_text_names_each_finding_and_what_was_done(policy_of, run_tool, cache_dir):
    planes(policy_of["local"])
    cell = sorted(cache_dir.glob("fused_zarr/*/*.zip"))[0]
    flip(cell, part=0.3)
    checked = run_tool("topobathy", "cache", "--check", check=False)
    assert checked.returncode == 5
    assert f"damaged-cell       2     {cell.relative_to(cache_dir)}: " in checked.stdout
    assert checked.stdout.endswith("1 finding; topobathy cache --clean repairs them\n")
    cleaned = run_tool("topobathy", "cache", "--clean")
    assert " -> deleted\n" in cleaned.stdout and cleaned.stdout.endswith("1 finding, all repaired\n")
    assert run_tool("topobathy", "cache", "--check").stdout.endswith(": sound\n")


READ_AGAIN_AND_AGAIN = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from osgeo import gdal
import numpy
gdal.UseExceptions()
expected = numpy.load(sys.argv[3])
end, count = time.time() + float(sys.argv[4]), 0
while time.time() < end:
    child = os.fork()
    if child == 0:
        pixels = gdal.OpenEx(sys.argv[2]).ReadAsArray()
        os._exit(0 if pixels.tobytes() == expected.tobytes() else 3)
    assert os.waitpid(child, 0)[1] == 0
    count += 1
print(count)
"""


def test_beside_readers_and_writers_it_finds_nothing_and_breaks_nothing(policy_of, check, run_tool, cache_dir, tmp_path):
    import numpy

    pixels, _ = planes(policy_of["local"])
    numpy.save(tmp_path / "expected.npy", pixels)
    words = [sys.executable, "-c", READ_AGAIN_AND_AGAIN, str(places.ROOT / "autotest/pymod"), policy_of["local"],
             str(tmp_path / "expected.npy"), "12"]
    readers = [subprocess.Popen(words, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
    end, checks = time.time() + 11, 0
    while time.time() < end:
        run_tool("topobathy", "cache", "--purge", "2", "--yes")
        for word in ("--check", "--clean", "--clean"):
            status, found, _ = check(word, "--lock-timeout", "5")
            assert (status, found) == (0, set())
            checks += 1
    for reader in readers:
        told, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0, told
        assert int(told) >= 2
    assert checks > 10
    assert check("--check")[:2] == (0, set())

"""A hydration that is killed again and again ends with the cache of one that nobody disturbed; several at once, with readers and purges, harm nobody."""

import json
import os
import random
import signal
import subprocess
import sys
import zipfile

import hydration
import numpy
import places
import policies
import pytest
import small_rasters
from hydration import Running, cells, fuse, jobs
from osgeo import gdal

KILLS = 50
LATTICE = hydration.DegreeLattice(86)  # cells of 65 pixels

READER = """
import json, pathlib, random, sys
import numpy
from osgeo import gdal
gdal.UseExceptions()
policy, truth, stop, seed = sys.argv[1:]
truth, stop, chance = numpy.load(truth), pathlib.Path(stop), random.Random(int(seed))
reads = fused = 0
while not stop.exists():
    dataset = gdal.Open(policy)
    for _ in range(10):
        width, height = chance.randint(1, 200), chance.randint(1, 200)
        column, row = chance.randint(0, truth.shape[2] - width), chance.randint(0, truth.shape[1] - height)
        read = dataset.ReadAsArray(column, row, width, height)
        expected = truth[:, row:row + height, column:column + width]
        assert numpy.array_equal(read, expected, equal_nan=True), (column, row, width, height)
        reads += 1
    fused += int(dataset.GetMetadataItem("CELLS_FUSED", "__DEBUG__"))
print(json.dumps({"reads": reads, "fused": fused}))
"""


def write_policy(folder, east):
    """Two rasters, feathered, from 0 to `east` and from 0 to 1 degree: 400 small cells a degree."""
    rows, columns = numpy.mgrid[0:1200, 0:round(east * 1000) + 200]
    small_rasters.write_geotiff(folder / "base.tif", numpy.sin(rows / 50) * numpy.cos(columns / 70) * 40, (-0.1, 1.1), 0.001, crs="EPSG:4326")
    small_rasters.write_geotiff(folder / "survey.tif", 10 + (rows + columns)[:600, :700] / 100, (0.4, 0.8), 0.001, crs="EPSG:4326", nodata=-9999)
    steps = [policies.raster_step("base.tif", name="base"),
             policies.raster_step("survey.tif", name="survey", operator="metric_feather", blend_distance=1500)]
    return policies.write(folder / "killed.yaml", policies.policy(steps, crs="EPSG:4326", resolution=86, extent=[0, 0, east, 1]))


@pytest.fixture
def policy(tmp_path):
    return write_policy(tmp_path, 1.5)


def packed(path):
    """All that a cell says but when it was made; two that differ may still be the same decoded."""
    with zipfile.ZipFile(path) as archive:
        chunks = {name: archive.read(name) for name in archive.namelist() if name not in (".zattrs", ".zmetadata")}
    return {name: value for name, value in hydration.attributes(path).items() if name != "created_at"}, chunks


def assert_same_cells(first, second):
    ours, theirs = cells(first), cells(second)
    assert set(ours) == set(theirs)
    for place, path in ours.items():
        if packed(path) != packed(theirs[place]):
            assert hydration.content(path) == hydration.content(theirs[place]), place


def check(*arguments):
    process = subprocess.run([places.PROGRAM, "cache", *arguments], capture_output=True, text=True, check=False)
    return process.returncode, process.stdout + process.stderr


def stored(root):
    return sum(1 for _ in root.glob("fused_zarr/*/*.zip"))


class Killer:
    """Kills parent, workers or all of a hydration after some more cells, and starts it again."""

    def __init__(self, root, arguments, seed):
        self.root, self.arguments = root, arguments
        self.kills = {"parent": 0, "worker": 0, "all": 0}
        self._chance = random.Random(seed)
        self._resume = None

    def total(self):
        return sum(self.kills.values())

    def round(self):
        """One process of the hydration until it is killed or has ended; whether it has ended with all cells."""
        words = ["--resume", self._resume] if self._resume else self.arguments
        with Running(*words, "-w", 2, "--progress=none") as job:
            while job.process.poll() is None and self.total() < KILLS:
                self._wait(job, stored(self.root) + self._chance.randint(0, 6))
                if job.process.poll() is None and self._kill(job):
                    break
            status = job.wait()
        self._resume = jobs()[0]["id"]
        return status == 0

    def _wait(self, job, count):
        hydration.wait_until(lambda: job.process.poll() is not None or (stored(self.root) >= count and len(job.workers) == 2), f"{count} cells")

    def _kill(self, job):
        """Whether the parent is gone."""
        victim = self._chance.choice(list(self.kills))
        workers = job.workers
        if victim == "worker" and not workers:
            return False
        self.kills[victim] += 1
        if victim == "worker":
            os.kill(self._chance.choice(workers), signal.SIGKILL)
        elif victim == "parent":
            job.signal(signal.SIGKILL)
        else:
            job.signal_all(signal.SIGKILL)
        return victim != "worker"


def test_fifty_kills_leave_the_cache_of_an_undisturbed_run(cache_dir, tmp_path):
    arguments = [0, 0, 4, 1, "-c", write_policy(tmp_path, 4)]  # enough that a quick machine has not done before the last kill
    calm = tmp_path / "calm"
    fuse(*arguments, "--cache-dir", calm)
    killer = Killer(cache_dir, arguments, seed=4)
    rounds = 1
    while not killer.round():
        rounds += 1
        assert rounds < 5 * KILLS
    print(f"{killer.kills} in {rounds} rounds")
    assert killer.total() == KILLS and all(killer.kills.values())
    assert len(jobs()) == 1, "one job, resumed"
    assert_same_cells(calm, cache_dir)
    left = [path for path in cache_dir.rglob("*") if ".tmp" in path.name or path.suffix == ".lock"]
    print(f"left behind: {len(left)}")
    for path in left:  # whatever is younger than five seconds is taken for somebody's
        os.utime(path, (1e9, 1e9))
    status, told = check("--clean")
    assert status in (0, 5), told
    assert check("--orphans")[0] == 0 and check("--check")[0] == 0, check("--check")
    assert [path for path in cache_dir.rglob("*") if ".tmp" in path.name or path.suffix == ".lock"] == []
    assert_same_cells(calm, cache_dir)


class Crowd:
    """Readers that compare every pixel they get with the truth."""

    def __init__(self, policy, folder, count=2):
        self._stop = folder / "stop"
        truth = folder / "truth.npy"
        numpy.save(truth, gdal.OpenEx(policy, open_options=["CACHE=OFF"]).ReadAsArray())
        words = [sys.executable, "-c", READER, policy, str(truth), str(self._stop)]
        self._readers = [subprocess.Popen([*words, str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for seed in range(count)]

    def finish(self):
        """(reads, cells fused) of all; an error or a wrong pixel is an error here."""
        self._stop.touch()
        outcomes = []
        for reader in self._readers:
            out, err = reader.communicate(timeout=60)
            assert reader.returncode == 0, err
            outcomes.append(json.loads(out))
        return [sum(outcome[name] for outcome in outcomes) for name in ("reads", "fused")]


def two_at_once(policy):
    first = Running(0, 0, 1, 1, "-c", policy, "-w", 2, "--progress=json")
    second = Running(0.5, 0, 1.5, 1, "-c", policy, "-w", 2, "--progress=json", "--priority", "centre")
    return first, second


def last_state(job):
    return json.loads(job.told()[0].splitlines()[-1])


def test_of_two_hydrations_and_readers_one_fuses_each_cell(policy, cache_dir, tmp_path):
    crowd = Crowd(policy, tmp_path)
    first, second = two_at_once(policy)
    with first, second:
        assert (first.wait(), second.wait()) == (0, 0)
        states = [last_state(job) for job in (first, second)]
    reads, fused_by_readers = crowd.finish()
    assert [state["failed_cells"] for state in states] == [0, 0] and reads > 0
    covered = LATTICE.cells(0, 0, 1.5, 1)
    beyond = set(cells(cache_dir)) - covered  # the dataset is grown to whole pixels of its coarsest level: only readers see that
    assert covered <= set(cells(cache_dir))
    assert sum(state["processed_cells"] for state in states) + fused_by_readers == len(covered) + len(beyond)


def test_two_hydrations_readers_and_purges_at_once(policy, cache_dir, tmp_path):
    crowd = Crowd(policy, tmp_path)
    purges = 0
    first, second = two_at_once(policy)
    with first, second:
        while first.process.poll() is None or second.process.poll() is None:
            status, told = check("--purge", "2", "--yes")
            assert status == 0, told
            purges += 1
        assert (first.wait(), second.wait()) == (0, 0), first.told() + second.told()
        states = [last_state(job) for job in (first, second)]
    reads, _ = crowd.finish()
    assert purges > 1 and reads > 0
    assert [state["failed_cells"] for state in states] == [0, 0]
    fuse(0, 0, 1.5, 1, "-c", policy)
    calm = tmp_path / "calm"
    fuse(0, 0, 1.5, 1, "-c", policy, "--cache-dir", calm)
    ours, theirs = cells(cache_dir), cells(calm)
    assert all(packed(ours[place])[1].keys() == packed(path)[1].keys() for place, path in theirs.items())
    assert all(hydration.content(ours[place])[1] == hydration.content(path)[1] for place, path in list(theirs.items())[::10])
    assert check("--check")[0] == 0, check("--check")[1]

"""topobathy hydrate fuse when a cell cannot be made: which ones fail, why, and that the others do not."""

import json
import os
import pathlib
import signal

import hydration
import numpy
import places
import policies
import pytest
import small_rasters
from hydration import DegreeLattice, Running, cells, counts, fuse, jobs, wait_until
from osgeo import gdal

BOX = (0, 0, 0.5, 0.5)
LATTICE = DegreeLattice(20)
SURVEYED = LATTICE.cells(0.21, 0.21, 0.29, 0.29)  # 55 pixels from their neighbours: layers are read by blocks of 32


class Two:
    """A base everywhere and a survey in four of a hundred cells, which can be harmed and mended."""

    def __init__(self, folder):
        self.folder = folder
        rows = numpy.arange(600)[:, None] + numpy.zeros((1, 600))
        small_rasters.write_geotiff(folder / "base.tif", -rows, (-0.05, 0.55), 0.001, crs="EPSG:4326")
        self.survey = folder / "survey.tif"
        plain = small_rasters.write_geotiff(folder / "plain.tif", numpy.full((80, 80), 7.0), (0.21, 0.29), 0.001, crs="EPSG:4326")
        gdal.Translate(str(self.survey), plain, creationOptions=["COMPRESS=DEFLATE"])
        self._sound = self.survey.read_bytes()

    def policy(self, **survey):
        steps = [policies.raster_step("base.tif", name="base", resampling="nearest"),
                 policies.raster_step("survey.tif", name="survey", resampling="nearest", **survey)]
        return policies.write(self.folder / "two.yaml", policies.policy(steps, crs="EPSG:4326", resolution=20, extent=list(BOX)))

    def harm(self):
        """The pixels cannot be unpacked. Size and time stay, and with them the revision that the cells around name."""
        self._write(self._sound[:-60] + b"x" * 60)

    def harm_all(self):
        os.truncate(self.folder / "base.tif", 2000)

    def mend(self):
        self._write(self._sound)

    def _write(self, content):
        then = self.survey.stat().st_mtime_ns
        self.survey.write_bytes(content)
        os.utime(self.survey, ns=(then, then))


@pytest.fixture
def two(tmp_path):
    return Two(tmp_path)


@pytest.fixture
def coast(sample_coast):
    """64 cells that take their time."""
    return [-70.80, 42.95, -70.70, 43.05, "-c", places.EXAMPLES / "sample_coast.yaml", "-r", 1.5]


def places_of(failures):
    return {(failure["unit"]["level"], failure["unit"]["col"], failure["unit"]["row"]) for failure in failures}


@pytest.mark.parametrize("on_error", ["fail", "skip"])
def test_a_source_that_cannot_be_read_fails_its_cells_and_is_named(two, cache_dir, on_error):
    two.harm()
    arguments = [*BOX, "-c", two.policy(on_error=on_error)]
    state, failures = fuse(*arguments, status=1)
    assert counts(state) == (100, 96, 0, 4) and state["status"] == "completed"
    assert places_of(failures) == SURVEYED
    assert {failure["step"] for failure in failures} == {"survey"}
    assert all(failure["error"].startswith("step 'survey': ") and "survey.tif" in failure["error"] for failure in failures)
    # Only complete cells are kept, also where the policy lets a reader do without the survey.
    assert set(cells(cache_dir)) == LATTICE.cells(*BOX) - SURVEYED
    # Those that failed are made by the next run, and nothing else.
    two.mend()
    state, failures = fuse(*arguments)
    assert counts(state) == (100, 4, 96, 0) and failures == []
    assert {float(hydration.elevation(cells(cache_dir)[place]).max()) for place in SURVEYED} == {7.0}


def test_failures_are_told_with_their_place(two):
    two.harm()
    told = hydration.run("fuse", *BOX, "-c", two.policy(), "--progress=lines", status=1).stderr.splitlines()
    lines = [line for line in told if line.startswith("failed: ")]
    assert len(lines) == 4
    assert [line for line in lines if line.startswith("failed: level 0 cell 4,-5 at 0.2000 0.2000 0.2500 0.2500: step 'survey': ")]
    assert told[-1] == "completed: 100 of 100 cells: 96 made, 0 cached, 4 failed"


def test_of_many_failures_twenty_are_told(two):
    two.harm_all()
    told = hydration.run("fuse", *BOX, "-c", two.policy(), "--progress=lines", status=1).stderr.splitlines()
    assert sum(line.startswith("failed: level") for line in told) == 20
    assert "further failures are counted only; --progress=json tells all" in told
    assert told[-1] == "failed: 100 of 100 cells: 0 made, 0 cached, 100 failed (all failed)"


def test_a_job_whose_cells_all_failed_has_failed(two):
    two.harm()
    state, failures = fuse(0.21, 0.21, 0.29, 0.29, "-c", two.policy(), status=1)
    assert counts(state) == (4, 0, 0, 4) and len(failures) == 4
    assert (state["status"], state["error"]) == ("failed", "all failed")
    assert [job["status"] for job in jobs()] == ["failed"]


def test_max_failures_ends_the_job(two):
    two.harm_all()
    state, failures = fuse(*BOX, "-c", two.policy(), "--max-failures", 3, "-w", 1, status=1)
    assert (state["status"], state["error"]) == ("failed", "more than 3 failed (--max-failures)")
    assert 4 <= len(failures) <= 8 and counts(state) == (100, 0, 0, len(failures))


def test_as_many_failures_as_are_allowed_end_nothing(two):
    two.harm()
    state, _ = fuse(*BOX, "-c", two.policy(), "--max-failures", 4, status=1)
    assert counts(state) == (100, 96, 0, 4) and state["status"] == "completed"


def test_a_worker_that_is_killed_fails_its_cell_only(coast, cache_dir):
    with Running(*coast, "-w", 2, "--progress=json") as job:
        job.wait_for_cells(cache_dir, 4)
        victim = job.workers[0]
        os.kill(victim, signal.SIGKILL)
        assert job.wait() == 1
        lines = [json.loads(line) for line in job.told()[0].splitlines()]
    failures = [line for line in lines if line["event"] == "failure"]
    assert [(failure["step"], failure["error"]) for failure in failures] == [("", "its worker ended with signal 9 (Killed)")]
    assert counts(lines[-1]) == (64, 63, 0, 1) and lines[-1]["status"] == "completed"
    assert len(cells(cache_dir)) in (63, 64), "a cell may have been stored right before"
    state, _ = fuse(*coast)
    assert state["failed_cells"] == 0 and state["cached_cells"] >= 63 and len(cells(cache_dir)) == 64


def test_a_worker_that_is_told_to_stop_fails_no_cell(coast, cache_dir):
    with Running(*coast, "-w", 2, "--progress=json") as job:
        job.wait_for_cells(cache_dir, 4)
        os.kill(job.workers[0], signal.SIGTERM)
        assert job.wait() == 0
        state = json.loads(job.told()[0].splitlines()[-1])
    assert counts(state) == (64, 64, 0, 0)


@pytest.fixture
def greedy(tmp_path):
    """One cell of a hundred needs a block of 400 MB; the others some pixels of small blocks."""
    rows = numpy.arange(600)[:, None] + numpy.zeros((1, 600))
    small_rasters.write_geotiff(tmp_path / "base.tif", -rows, (-0.05, 0.55), 0.001, crs="EPSG:4326")
    side = 10000
    dataset = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "huge.tif"), side, side, 1, gdal.GDT_Float32,
                                                   [f"BLOCKYSIZE={side}", "COMPRESS=ZSTD"])
    dataset.SetGeoTransform([0.22, 0.01 / side, 0, 0.23, 0, -0.01 / side])
    dataset.SetProjection(gdal.Open(str(tmp_path / "base.tif")).GetProjection())
    dataset.GetRasterBand(1).WriteRaster(0, 0, side, side, bytes(4 * side * side))
    dataset = None
    steps = [policies.raster_step("base.tif", name="base", resampling="nearest"), policies.raster_step("huge.tif", name="huge")]
    return policies.write(tmp_path / "greedy.yaml", policies.policy(steps, crs="EPSG:4326", resolution=20, extent=list(BOX)))


def test_a_cell_that_needs_more_memory_than_a_worker_may_have_fails_alone(greedy, cache_dir):
    state, failures = fuse(*BOX, "-c", greedy, "--memory", "250MB", status=1)
    assert counts(state) == (100, 99, 0, 1) and state["status"] == "completed", failures
    assert places_of(failures) == LATTICE.cells(0.22, 0.22, 0.23, 0.23)
    (failure,) = failures
    assert failure["step"] == "huge" and failure["error"].endswith("cannot allocate 400000000 bytes"), failure
    state, _ = fuse(*BOX, "-c", greedy, "--memory", "2GB")
    assert counts(state) == (100, 1, 99, 0)


def test_memory_that_no_worker_can_live_with_ends_the_job_with_an_error(two):
    process = hydration.run("fuse", *BOX, "-c", two.policy(), "--memory", "1MB", status=1)
    assert "topobathy: workers end before they have begun: " in process.stderr
    assert [job["status"] for job in jobs()] == ["failed"]


def test_a_policy_edited_meanwhile_is_refused(coast, cache_dir, tmp_path, sample_coast):
    text = pathlib.Path(coast[5]).read_text().replace("sample_coast/", f"{sample_coast}/")
    coast[5] = policies.write(tmp_path / "edited.yaml", text)
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 2)
        pathlib.Path(coast[5]).write_text(text.replace("blend_distance: 60", "blend_distance: 61"))
        os.kill(job.workers[0], signal.SIGKILL)
        assert job.wait() == 3
        assert "the policy has been changed while cells of it were made: run the command again\n" in job.told()[1]
    (state,) = jobs()
    assert state["status"] == "failed"
    assert state["error"] == "the policy has been changed while cells of it were made: run the command again"
    assert len({path.parent for path in cache_dir.glob("fused_zarr/*/*.zip")}) == 1, "no cell of the other policy"
    wait_until(lambda: not job.workers, "the workers to end")


def test_workers_end_with_their_parent(coast, cache_dir):
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 2)
        workers = job.workers
        assert len(workers) == 2
        job.signal(signal.SIGKILL)
        job.process.wait()
        wait_until(lambda: not any(map(hydration.exists, workers)), "the workers to end", 30)
    assert all(content for content in hydration.contents(cache_dir).values()), "what they stored is whole"

"""A hydration as a Slurm job array, on a cluster of one node that the test starts, and by GNU parallel: shares of several processes are one run."""

import os
import shutil
import signal
import subprocess

import hydration
import needed
import places
import pytest
import slurm_cluster
from hydration import cells, contents, fuse, jobs, wait_until

SCRIPT = places.ROOT / "utils" / "slurm" / "hydrate.sbatch"
BOX = (-70.80, 42.96, -70.70, 43.04)
SHARES = 3


@pytest.fixture(scope="module")
def cluster():
    missing = slurm_cluster.missing_programs()
    if missing:
        needed.missing(f"{', '.join(missing)}: install the packages of cmake/debian-packages.txt")
    with slurm_cluster.running() as started:
        yield started


@pytest.fixture
def work(sample_coast):
    """Arguments of a hydration of 64 cells that take their time."""
    return [*BOX, "-c", places.EXAMPLES / "sample_coast.yaml", "-r", 2.5]


@pytest.fixture
def single(work, tmp_path_factory):
    """The cache of an undisturbed single run."""
    root = tmp_path_factory.mktemp("single")
    fuse(*work, "--cache-dir", root)
    return root


@pytest.fixture
def submit(cluster, tmp_path, work):
    env = {"TOPOBATHY": str(places.PROGRAM), "TOPOBATHY_CACHE_DIR": os.environ["TOPOBATHY_CACHE_DIR"]}

    def run(array=f"1-{SHARES}", **more):
        return cluster.submit(f"--array={array}", SCRIPT, *work, cwd=tmp_path, env={**env, **more})

    return run


def output(tmp_path, job, task):
    return (tmp_path / f"slurm-{job}_{task}.out").read_text()


def wait_for_cells(cache_dir, count):
    wait_until(lambda: sum(1 for _ in cache_dir.glob("fused_zarr/*/*.zip")) >= count, f"{count} cells")


def job_of_share(number):
    """The file of the hydration that makes a share; several attempts have several, the latest comes first."""
    shard = f"{number}/{SHARES}"
    return [job for job in jobs() if shard in job["request"]["arguments"]]


def test_an_array_with_a_task_killed_and_requeued_is_a_single_run(cluster, submit, single, cache_dir, tmp_path):
    job = submit()
    wait_until(lambda: any(found["status"] == "running" for found in job_of_share(2)), "the second task")
    wait_for_cells(cache_dir, 6)
    os.kill(job_of_share(2)[0]["pid"], signal.SIGKILL)  # as the kernel does where memory runs out
    wait_until(lambda: cluster.tasks(job).get(2, {}).get("JobState") == "FAILED", "its end")
    assert job_of_share(2)[0]["failure_reason"] == "worker_died"
    cluster.ask("scontrol", "requeue", f"{job}_2")
    tasks = wait_until(lambda: ended(cluster, job), "all tasks")
    assert {number: (task["JobState"], task["Restarts"]) for number, task in tasks.items()} == {
        1: ("COMPLETED", "0"), 2: ("COMPLETED", "1"), 3: ("COMPLETED", "0")}, [output(tmp_path, job, task) for task in tasks]
    assert contents(cache_dir) == contents(single)
    finished = [found for found in jobs() if found["status"] == "completed"]
    assert sum(found["total_cells"] for found in finished) == len(cells(single)) and len(finished) == SHARES
    assert sum(found["failed_cells"] for found in jobs()) == 0
    assert "completed: " in output(tmp_path, job, 2)


def ended(cluster, job):
    """The tasks, when the requeued one has run again and all have ended."""
    tasks = cluster.tasks(job)
    states = {task["JobState"] for task in tasks.values()}
    over = tasks[2]["Restarts"] == "1" and states <= {"COMPLETED", "FAILED", "CANCELLED", "NODE_FAIL"}
    return tasks if over and len(tasks) == SHARES else None


def test_a_task_that_slurm_ends_is_cancelled_and_can_be_run_again(cluster, submit, single, cache_dir, tmp_path):
    """scancel and a time limit send SIGTERM to the program and its workers, and kill later."""
    job = submit()
    wait_until(lambda: any(found["status"] == "running" for found in job_of_share(1)), "the first task")
    wait_for_cells(cache_dir, 3)
    cluster.ask("scancel", f"{job}_1")
    cluster.wait_for_end(job, SHARES)
    (stopped,) = job_of_share(1)
    assert (stopped["status"], stopped["error"]) == ("cancelled", "Cancelled by user"), output(tmp_path, job, 1)
    assert stopped["failed_cells"] == 0 and stopped["processed_cells"] < stopped["total_cells"]
    missing = set(cells(single)) - set(cells(cache_dir))
    assert missing
    again = submit("1", SHARDS=str(SHARES))
    assert {task["JobState"] for task in cluster.wait_for_end(again, 1).values()} == {"COMPLETED"}, output(tmp_path, again, 1)
    assert job_of_share(1)[0]["processed_cells"] == len(missing)
    assert contents(cache_dir) == contents(single)


def test_a_script_that_is_no_array_says_so(cluster, tmp_path, work):
    job = cluster.submit(SCRIPT, *work, cwd=tmp_path)
    state = wait_until(lambda: [word for word in cluster.ask("scontrol", "show", "job", job).split() if word == "JobState=FAILED"], "its end")
    assert state and "submit it as an array: sbatch --array=1-N" in (tmp_path / f"slurm-{job}.out").read_text()


def test_gnu_parallel_makes_a_single_run(work, single, cache_dir, tmp_path):
    parallel = shutil.which("parallel") or needed.missing("parallel: install the packages of cmake/debian-packages.txt")
    words = [parallel, "--will-cite", "--jobs", "2", "--retries", "3", "--joblog", str(tmp_path / "log"),
             str(places.PROGRAM), "hydrate", "fuse", *map(str, work), "--shard", f"{{}}/{SHARES}", "--workers", "1", ":::", *map(str, range(1, SHARES + 1))]
    process = subprocess.run(words, capture_output=True, text=True, timeout=hydration.SECONDS, stdin=subprocess.DEVNULL, check=False)
    assert process.returncode == 0, process.stderr
    assert contents(cache_dir) == contents(single)
    assert sum(found["processed_cells"] for found in jobs()) == len(cells(single)) and len(jobs()) == SHARES

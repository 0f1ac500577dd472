"""Hydrations as jobs: their files, who may look at them and stop them, signals, progress, usage."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time

import hydration
import places
import policies
import pytest
from hydration import Running, cells, counts, fuse, jobs, run, wait_until

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
NO_JOB = "00000000-0000-4000-8000-000000000000"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


@pytest.fixture
def coast(sample_coast):
    """64 cells that take their time."""
    return [-70.80, 42.95, -70.70, 43.05, "-c", places.EXAMPLES / "sample_coast.yaml", "-r", 1.5]


@pytest.fixture
def plain(tmp_path):
    """Four cells that cost nothing."""
    path = policies.write(tmp_path / "plain.yaml", policies.policy([], variable={"background": -5.0}, crs="EPSG:4326", resolution=86,
                                                                   extent=[0, 0, 1, 1]))
    return [0, 0, 0.1, 0.1, "-c", path]


def written(cache_dir, job):
    return json.loads((cache_dir / "hydration_jobs" / f"{job}.json").read_text())


def write_job(cache_dir, **facts):
    (cache_dir / "hydration_jobs").mkdir(parents=True, exist_ok=True)
    job = {"id": NO_JOB, "status": "running", "submitted_at": "2026-01-01T00:00:00+00:00", "total_cells": 4, **facts}
    (cache_dir / "hydration_jobs" / f"{job['id']}.json").write_text(json.dumps(job))
    return job["id"]


# Files and lists


def test_the_file_of_a_job(plain, cache_dir):
    state, _ = fuse(*plain)
    job = written(cache_dir, state["id"])
    assert re.fullmatch(UUID, job["id"]) and re.fullmatch(TIME, job["submitted_at"]) and re.fullmatch(TIME, job["finished_at"])
    assert job["status"] == "completed" and counts(job) == (4, 4, 0, 0)
    assert job["stats"] == {"total": 4, "processed": 4, "cached": 0, "failed": 0}
    assert job["bbox"] == [0, 0, 0.1, 0.1] and job["resolution"] == 86 and "zoom" not in job
    assert job["pid"] > 0 and job["pid_start_ticks"] > 0 and job["machine"]
    assert job["request"]["kind"] == "fuse" and "error" not in job and "failure_reason" not in job


def test_jobs_are_listed_the_latest_first(plain, cache_dir):
    assert run("jobs").stdout == "no jobs\n" and jobs() == []
    first, _ = fuse(*plain)
    time.sleep(1.1)
    second, _ = fuse(*plain)
    assert [job["id"] for job in jobs()] == [second["id"], first["id"]]
    assert jobs(first["id"]) == [written(cache_dir, first["id"])]
    table = [line.split() for line in run("jobs").stdout.splitlines()]
    assert table[0] == ["job", "status", "submitted", "total", "made", "cached", "failed", "error"]
    assert [row[:2] + row[3:] for row in table[1:]] == [[second["id"], "completed", "4", "0", "4", "0"], [first["id"], "completed", "4", "4", "0", "0"]]


def test_files_that_are_no_jobs_are_left_out(plain, cache_dir):
    state, _ = fuse(*plain)
    (cache_dir / "hydration_jobs" / f"{NO_JOB}.json").write_text('{"id": "torn')
    (cache_dir / "hydration_jobs" / "notes.json").write_text("{}")
    assert [job["id"] for job in jobs()] == [state["id"]]


def test_jobs_that_ended_a_day_ago_are_forgotten_by_the_next(plain, cache_dir):
    old = write_job(cache_dir, status="completed", finished_at="2026-01-01T00:00:00+00:00")
    young, _ = fuse(*plain)
    assert not (cache_dir / "hydration_jobs" / f"{old}.json").exists()
    fuse(*plain)
    assert young["id"] in {job["id"] for job in jobs()}


def test_a_running_job_is_seen_by_others(coast, cache_dir):
    with Running(*coast, "-w", 1) as job:
        job.wait_for_cells(cache_dir, 2)
        seen = wait_until(lambda: [found for found in jobs() if found["processed_cells"] > 0], "a count")[0]
        assert seen["status"] == "running" and seen["pid"] == job.process.pid and seen["total_cells"] == 64
        assert "finished_at" not in seen


def test_a_job_whose_process_is_killed_is_found_dead(coast, cache_dir):
    with Running(*coast, "-w", 1) as job:
        job.wait_for_cells(cache_dir, 2)
        job.signal(signal.SIGKILL)
        wait_until(lambda: not hydration.exists(job.process.pid), "its end")  # a zombie: nobody has waited for it yet
        (seen,) = jobs()
        assert (seen["status"], seen["failure_reason"]) == ("failed", "worker_died")
        assert seen["error"] == f"process {job.process.pid} has ended without recording completion"
        assert written(cache_dir, seen["id"]) == seen, "and its file says so"


def test_a_job_whose_number_another_process_has_is_dead(cache_dir):
    write_job(cache_dir, pid=os.getpid(), pid_start_ticks=5)
    (seen,) = jobs()
    assert seen["error"] == f"process {os.getpid()} is another one now (PID reused) without recording completion"


def test_a_job_of_another_machine_is_believed_and_not_cancelled_from_here(cache_dir):
    job = write_job(cache_dir, pid=1, pid_start_ticks=5, machine="elsewhere/12345678")
    assert jobs()[0]["status"] == "running"
    told = run("cancel", job, status=2).stderr
    assert told == f"topobathy: job {job} runs on another machine (elsewhere/12345678): cancel it there\n"


# Stopping and going on


def test_a_job_is_cancelled_by_another_process_and_resumed(coast, cache_dir):
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 3)
        (seen,) = jobs()
        assert run("cancel", seen["id"]).stdout == f"job {seen['id']} is asked to stop\n"
        assert job.wait() == 130
        assert job.told()[1].splitlines()[-1].endswith("(Cancelled by user)")
    cancelled = written(cache_dir, seen["id"])
    assert (cancelled["status"], cancelled["error"]) == ("cancelled", "Cancelled by user")
    made = cancelled["processed_cells"]
    assert 3 <= made < 64 and cancelled["failed_cells"] == 0 and len(cells(cache_dir)) == made
    assert run("cancel", seen["id"]).stdout == f"job {seen['id']} has ended already\n"
    state, failures = fuse("--resume", seen["id"])
    assert state["id"] == seen["id"] and counts(state) == (64, 64 - made, made, 0) and failures == []
    assert len(cells(cache_dir)) == 64
    assert written(cache_dir, seen["id"])["status"] == "completed" and "error" not in written(cache_dir, seen["id"])


@pytest.mark.parametrize("to_all", [False, True], ids=["parent", "terminal"])
def test_an_interrupt_finishes_the_cells_in_hand(coast, cache_dir, to_all):
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 3)
        (job.signal_all if to_all else job.signal)(signal.SIGINT)
        assert job.wait() == 130
        (state,) = jobs()
        assert job.told()[1].splitlines()[-1].endswith(f"(Interrupted: go on with --resume {state['id']})")
    assert (state["status"], state["error"]) == ("cancelled", f"Interrupted: go on with --resume {state['id']}")
    assert state["failed_cells"] == 0 and len(cells(cache_dir)) == state["processed_cells"] < 64
    state, _ = fuse("--resume", state["id"], "--max-failures", 0)
    assert counts(state)[2:] == (len(cells(cache_dir)) - state["processed_cells"], 0)


@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_a_batch_system_that_signals_everybody_fails_no_cell(coast, cache_dir, number):
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 3)
        job.signal_all(number)
        assert job.wait() == 130
    (state,) = jobs()
    assert state["status"] == "cancelled" and state["failed_cells"] == 0


def test_a_second_interrupt_ends_at_once(coast, cache_dir):
    with Running(*coast, "-w", 2) as job:
        job.wait_for_cells(cache_dir, 3)
        workers = job.workers
        job.signal(signal.SIGINT)
        job.signal(signal.SIGINT)
        time.sleep(0.05)
        job.signal(signal.SIGINT)  # two may have arrived as one
        assert job.wait() == 130
        wait_until(lambda: not any(map(hydration.exists, workers)), "the workers to end", 5)
    (state,) = jobs()
    assert state["status"] == "cancelled" and state["failed_cells"] == 0
    assert all(map(hydration.content, cells(cache_dir).values())), "what is there is whole"
    assert subprocess.run([places.PROGRAM, "cache", "--check"], capture_output=True, check=False).returncode in (0, 5)


def test_nothing_to_resume(plain, cache_dir):
    state, _ = fuse(*plain)
    assert counts(fuse("--resume", state["id"])[0]) == (4, 0, 4, 0)
    assert run("fuse", "--resume", state["id"], "--dry-run").stdout.startswith("4 cells, 4 of them cached; 0 to make")
    job = write_job(cache_dir, pid=os.getpid(), pid_start_ticks=int(hydration.pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]))
    assert run("fuse", "--resume", job, status=2).stderr == f"topobathy: job {job} is running: nothing to resume\n"


# Progress


def test_json_lines_are_states(plain):
    process = run("fuse", *plain, "--progress=json")
    lines = [json.loads(line) for line in process.stdout.splitlines()]
    assert process.stderr == "" and len(lines) >= 2
    assert [line["status"] for line in (lines[0], lines[-1])] == ["running", "completed"]
    assert {"event", "id", "rate", "seconds_left", "total_cells", "processed_cells", "cached_cells", "failed_cells"} <= set(lines[-1])
    assert lines[-1]["seconds_left"] == 0


def test_lines_and_silence(plain):
    told = run("fuse", *plain).stderr.splitlines()
    assert told[-1] == "completed: 4 of 4 cells: 4 made, 0 cached, 0 failed"
    quiet = run("fuse", *plain, "--progress=none")
    assert quiet.stdout == "" and quiet.stderr == "completed: 4 of 4 cells: 0 made, 4 cached, 0 failed\n"


def test_a_terminal_gets_a_bar(coast):
    parent, terminal = pty.openpty()
    words = hydration.words("fuse", *coast[:6], "-r", 5)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        while select.select([parent], [], [], hydration.SECONDS)[0]:
            try:
                shown += os.read(parent, 4096)
            except OSError:  # the program has closed it
                break
        assert process.wait() == 0
    os.close(parent)
    frames = shown.decode().replace("\r\n", "\n").split("\r\x1b[K")
    assert frames[1].startswith("[" + "." * 30 + "] 0 of 16 cells: 0 made, 0 cached, 0 failed; ")
    assert any(re.match(r"\[#+\.*\] \d+ of 16 cells: \d+ made, 0 cached, 0 failed; \d+\.\d/s, \d+s left", frame) for frame in frames)
    assert frames[-1] == "completed: 16 of 16 cells: 16 made, 0 cached, 0 failed\n"


# Usage


@pytest.mark.parametrize("arguments, message", [
    (["0", "0", "1", "1"], "no policy: give one with -c policy.yaml"),
    (["-c", "POLICY"], "no area: give west south east north, --aoi FILE or --tile-list FILE"),
    (["0", "0", "1", "1", "--aoi", "a.geojson", "-c", "POLICY"], "more than one area: a box, --aoi and --tile-list exclude each other"),
    (["0", "1", "1", "0", "-c", "POLICY"], "the box is upside down or flat (south is not below north): give west south east north in degrees"),
    (["1", "0", "1", "1", "-c", "POLICY"], "the box has no width: give west south east north in degrees"),
    (["0", "0", "181", "1", "-c", "POLICY"], "the box reaches beyond longitude 180: give west south east north in degrees"),
    (["0", "-91", "1", "1", "-c", "POLICY"], "the box reaches beyond a pole: give west south east north in degrees"),
    (["0", "0", "nan", "1", "-c", "POLICY"], "the box is no box: give west south east north in degrees"),
    (["0", "0", "1", "1", "-c", "POLICY", "--shard", "0/3"], "--shard 0/3: write I/N with 1 <= I <= N, such as 2/5 for the second of five"),
    (["0", "0", "1", "1", "-c", "POLICY", "--shard", "4/3"], "--shard 4/3: write I/N with 1 <= I <= N, such as 2/5 for the second of five"),
    (["0", "0", "1", "1", "-c", "POLICY", "--shard", "half"], "--shard half: write I/N with 1 <= I <= N, such as 2/5 for the second of five"),
    (["0", "0", "1", "1", "-c", "POLICY", "--levels", "9"], "--levels 9: this raster has 4"),
    (["--resume", NO_JOB, "-c", "POLICY"], "--resume knows policy and area: leave them out"),
    (["--resume", NO_JOB], f"no job {NO_JOB}: topobathy hydrate jobs lists them"),
    (["--aoi", "empty.geojson", "-c", "POLICY"], "'empty.geojson' holds no polygon"),
    (["--aoi", "missing.geojson", "-c", "POLICY"], "'missing.geojson' is no file of polygons that GDAL reads"),
    (["--tile-list", "missing.txt", "-c", "POLICY"], "'missing.txt' cannot be read"),
])
def test_what_is_wrong_is_said(plain, tmp_path, arguments, message):
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    words = [plain[-1] if word == "POLICY" else word for word in arguments]
    process = subprocess.run(hydration.words("fuse", *words), capture_output=True, text=True, cwd=tmp_path, check=False)
    assert process.stderr == f"topobathy: {message}\n" and process.stdout == ""
    assert process.returncode == (1 if "missing" in message or NO_JOB in message and "no job" in message else 2)


def test_a_line_that_is_no_tile_is_said_with_its_place(plain, tmp_path):
    listed = tmp_path / "tiles.txt"
    for number, line in enumerate(["13/8192/1", "13-1-1", "31/0/0", "5/1/1 more"]):
        listed.write_text("\n" * number + line + "\n")
        told = run("fuse", "--tile-list", listed, "-c", plain[-1], status=2).stderr
        assert told == f"{listed}:{number + 1}:1: '{line}' is no web tile: write z/x/y, as 13/2486/3002\n"


@pytest.mark.parametrize("verb, arguments, message", [
    ("cancel", [NO_JOB], f"topobathy: no job {NO_JOB}: topobathy hydrate jobs lists them\n"),
    ("jobs", ["../../etc/passwd"], "topobathy: no job ../../etc/passwd: topobathy hydrate jobs lists them\n"),
])
def test_an_unknown_job(verb, arguments, message):
    assert run(verb, *arguments, status=1).stderr == message


def test_the_parser_says_what_it_does_not_take(plain):
    for words, part in ((["--wrokers", "2"], "--wrokers"), (["--workers", "0"], "0"), (["--priority", "north"], "north"), (["--memory", "lots"], "lots")):
        process = run("fuse", *plain, *words, status=2)
        assert part in process.stderr and process.stderr.count("\n") == 1, process.stderr
    told = run("fuse", *plain, "--wrokers", 2, status=2).stderr
    assert told == "topobathy hydrate fuse: unknown option --wrokers; did you mean --workers?\n"
    assert run("fsue", status=2).stderr == "topobathy hydrate: unknown command fsue; did you mean fuse?\n"

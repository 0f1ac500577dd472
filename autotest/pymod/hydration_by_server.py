"""What tests of `topobathy hydrate --url` share: a server, the program that asks it, states of a job."""

import json
import subprocess
import time

import pytest

import hydration_server
import places

BOX = (-70.80, 42.96, -70.70, 43.04)
JOB = "0a1b2c3d-0000-4000-8000-00000000abcd"


def running(done, total=8, **more):
    return {"status": "running", "total_cells": total, "processed_cells": done, "cached_cells": 0, "failed_cells": 0,
            **more}


COMPLETED = {**running(6), "status": "completed", "cached_cells": 2,
             "stats": {"total": 8, "cached": 2, "processed": 6, "failed": 0}}
PENDING = {"status": "pending"}


@pytest.fixture
def server():
    with hydration_server.serving() as running_server:
        yield running_server


@pytest.fixture(autouse=True)
def few_tries(monkeypatch):
    monkeypatch.setenv("TOPOBATHY_HTTP_ATTEMPTS", "3")


@pytest.fixture
def hydrate(run_tool, server):
    """hydrate("fuse", ...): the finished process, asked to go to the server."""

    def run(verb, *arguments, status=0, env=None):
        process = run_tool("topobathy", "hydrate", verb, *arguments, "--url", server.url, check=False, env=env)
        assert process.returncode == status, (process.stdout, process.stderr)
        return process

    return run


def states(process):
    return [json.loads(line) for line in process.stdout.splitlines()]


def job_of(server):
    (job,) = server.jobs
    return job


def begin(*arguments):
    words = [str(word) for word in (places.PROGRAM, "hydrate", *arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)

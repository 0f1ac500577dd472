"""Fixtures of the tests of `topobathy analyze`."""

import json

import pytest

import places
import policies
from analysis import EXTENT


@pytest.fixture
def run_analyze(run_tool, archive, monkeypatch):
    """topobathy analyze on the archives of this test; the finished process, whatever its status."""
    monkeypatch.setenv("TOPOBATHY_ENDPOINTS", archive.endpoints)
    monkeypatch.setenv("TOPOBATHY_HTTP_ATTEMPTS", "1")
    return lambda *arguments: run_tool("topobathy", "analyze", *arguments, check=False, cwd=places.ROOT)


@pytest.fixture
def analyze(run_analyze):
    """The JSON answer, whose exit status must be `status`."""

    def answer(policy, *arguments, status=0):
        process = run_analyze(policy, *arguments, "--json")
        assert process.returncode == status, process.stderr
        return json.loads(process.stdout)

    return answer


@pytest.fixture
def one_step(write_policy):
    """A policy of one step over the sample coast."""
    return lambda provider, **more: write_policy(
        policies.policy([{"provider": provider, **more}], extent=EXTENT, resolution=30))

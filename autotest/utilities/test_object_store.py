"""A cache in an object store that several machines share: a real S3-compatible server, real processes."""

import collections
import concurrent.futures
import re

import pytest

import object_store
import places

POLICY = places.EXAMPLES / "sample_coast.yaml"
COAST = [f"BBOX=-70.8,42.96,-70.65,43.05"]  # twelve cells
BOX = ["-70.799", "42.951", "-70.601", "43.099"]


@pytest.fixture
def store(tmp_path, sample_coast):
    with object_store.serving(tmp_path / "store") as started:
        yield started


@pytest.fixture
def machine(store, tmp_path):
    """machine("a"): one with nothing of its own but a folder."""
    return lambda name, **environment: store.machine(tmp_path / name, **environment)


@pytest.fixture(scope="module")
def truth(tmp_path_factory, sample_coast):
    """The read of a machine whose cache is a folder."""
    folder = tmp_path_factory.mktemp("truth")
    nowhere = type("Nowhere", (), {"address": "127.0.0.1:9"})
    machine = object_store.Machine(nowhere, folder / "local", TOPOBATHY_CACHE_DIR=str(folder / "cache"))
    return machine.read(POLICY)


def counted(requests):
    """("GET", 404) -> how many, of cells."""
    return collections.Counter((line.split()[0], int(line.split()[-1])) for line in requests if ".zarr.zip" in line)


def test_a_cold_read_fills_it_and_another_machine_reads_it_warm(store, machine, truth):
    first = machine("a").read(POLICY)
    assert first.planes == truth.planes and first.told == []
    cells = store.cells()
    assert len(cells) == first.count("CELLS_FUSED") > 0
    assert counted(store.requests()) == {("GET", 404): 2 * len(cells), ("PUT", 200): len(cells)}
    second = machine("b").read(POLICY)
    assert second.planes == truth.planes and second.told == []
    assert second.count("CELLS_FUSED") == 0 and second.count("SOURCE_PIXELS_READ") == 0
    assert second.count("CELLS_FROM_CACHE") == len(cells)
    assert counted(store.requests()) == {("GET", 200): len(cells)}

"""A hydration needs as much memory for a hundred thousand cells as for a thousand: its plan streams, its progress counts."""

import pathlib
import re
import subprocess
import time

import hydration
import policies
import pytest

NOISE = 4096  # KiB: malloc's arenas, libraries


def peak(box, policy, cells):
    """The most memory (KiB) that the parent held in RAM; workers are others."""
    with subprocess.Popen(hydration.words("fuse", *box, "-c", policy, "-w", 2, "--progress=none"), stderr=subprocess.PIPE, text=True) as process:
        most = 0
        while process.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1]) if found else 0)
            time.sleep(0.02)
        assert process.stderr.read().splitlines()[-1].startswith(f"failed: {cells} of {cells} cells: "), "the cells were all gone through"
    return most


@pytest.mark.parametrize("more", [[], ["--priority", "centre", "--shard", "1/1"]], ids=["rows", "centre"])
def test_memory_does_not_grow_with_the_number_of_cells(tmp_path, more):
    """Cells that fail at once: what could be held of them, and be told, is more than of those that are made."""
    policy = policies.write(tmp_path / "gone.yaml", policies.policy([policies.raster_step(tmp_path / "gone.tif")], crs="EPSG:4326",
                                                                    resolution=86, extent=[-20, -20, 20, 20]))
    few = peak([0, 0, 2, 1.25, *more], policy, 1000)
    many = peak([0, 0, 20, 12.5, *more], policy, 100_000)
    print(f"parent: {few} KiB for 1,000 cells, {many} KiB for 100,000")
    assert many <= few + NOISE

#!/usr/bin/python3
"""Times `topobathy cache du` on a cache of many cells: many_cells.py PROGRAM [CELLS [FOLDER]].

The files are empty but for a few bytes: what is measured is looking at them, not reading them. The
folder is made if it is not there, and kept, so that a second run is one with a warm disk cache.
"""

import hashlib
import multiprocessing
import pathlib
import resource
import subprocess
import sys
import tempfile
import time


def make_cells(root, count, policies=4):
    for policy in range(policies):
        folder = root / "fused_zarr" / f"{policy:08x}"
        folder.mkdir(parents=True)
        for cell in range(count // policies):
            name = hashlib.sha256(f"{policy} {cell}".encode()).hexdigest()
            (folder / f"{name}.zarr.zip").write_bytes(b"cell")


def main(program, count="1000000", folder=None):
    root = pathlib.Path(folder or tempfile.mkdtemp()) / "cache"
    if not root.exists():  # by another process: the peak of a child counts that of its parent
        maker = multiprocessing.get_context("spawn").Process(target=make_cells, args=(root, int(count)))
        maker.start()
        maker.join()
    started = time.monotonic()
    answer = subprocess.run([program, "cache", "du", "--cache-dir", str(root)], check=True, capture_output=True, text=True)
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(answer.stdout, end="")
    print(f"{seconds:.2f} s, peak memory {peak} MiB, in {root}")


if __name__ == "__main__":
    main(*sys.argv[1:])

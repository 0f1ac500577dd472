"""Cells a second that `topobathy hydrate fuse` makes at 30 m, by one and two workers: against one gdalwarp a cell, which a script
chooses the files for, and against the Python pipeline, both by as many processes."""

import math
import shlex

import fusion_rows
import measured_policies
import report
import stack
from bench import remove
from measure import BenchmarkError, Job, Spread, wall

FAMILIES = ("hydrate",)
GRID = "geo30"
WORKERS = (1, 2)
GDALWARP_BAR = 5
PYTHON_BAR = 25


def rows(bench, _):
    area = bench.sources.area(GRID, bench.part)
    cells = lattice_cells(area)
    missing = fusion_rows.peer_python_missing(bench)
    jobs = []
    for workers in WORKERS:
        jobs += [hydrate_job(bench, area, workers), gdalwarp_job(bench, cells, workers)]
        if not missing:
            jobs.append(python_job(bench, workers))
    samples = bench.alternate("hydrate", jobs)
    expect_all_made(samples, len(cells))
    columns, lines = area.size()
    amounts = {"hydrate": len(cells), "gdalwarp": len(cells), "python": columns * lines / stack.PIXELS[GRID] ** 2}
    found = []
    for workers in WORKERS:
        speeds = {side: [amount / wall(sample) for sample in samples.get(f"{side} {workers}", [])] for side, amount in amounts.items()}
        found += compared(workers, speeds, missing)
    return found


def compared(workers, speeds, missing):
    """Rows of a number of workers; `speeds` is {side: cells a second, one a round}."""
    work = f"30 m: hydrating cells, {workers} worker{'s' if workers > 1 else ''}, against "

    def row(side, title, bar):
        ratio = Spread.of(ours / theirs for ours, theirs in zip(speeds["hydrate"], speeds[side]))
        ours, other = (f"{Spread.of(speeds[name]).text(1)} cells/s" for name in ("hydrate", side))
        return report.at_least(work + title, bar, ratio, "times faster", ours=ours, other=f"{side}: {other}")

    python = "the Python pipeline"
    return [row("gdalwarp", "one gdalwarp a cell", GDALWARP_BAR),
            report.Row(work + python, f"at least {PYTHON_BAR} times faster", missing) if missing else row("python", python, PYTHON_BAR)]


def lattice_cells(area):
    """Boxes of the cells of the lattice that the area touches: what a hydration makes."""
    west, south, east, north = (edge / stack.CELL_DEGREES for edge in area.box)
    columns = range(math.floor(west + 1e-6), math.ceil(east - 1e-6))
    lines = range(math.floor(south + 1e-6), math.ceil(north - 1e-6))
    return [tuple(index * stack.CELL_DEGREES for index in (column, line, column + 1, line + 1)) for line in lines for column in columns]


def hydrate_job(bench, area, workers):
    policy = measured_policies.write(bench.work / "hydrate.yaml", measured_policies.layer_steps(bench.sources), area)
    cache = bench.work / "hydrate_cache"
    words = [str(bench.build / "bin" / "topobathy"), "hydrate", "fuse", *area.box_text(" ").split(), "-c", policy, "--workers", str(workers),
             "--cache-dir", str(cache), "--progress=none"]
    return Job(f"hydrate {workers}", lambda _: words, lambda _: remove(cache))


def gdalwarp_job(bench, cells, workers):
    """One gdalwarp a cell, over the files that touch it, into Zarr as the cells of a cache are compressed."""
    output = bench.work / "gdalwarp_cells"
    listed = bench.work / "gdalwarp_cells.lst"
    size = str(stack.PIXELS[GRID])
    commands = []
    for number, box in enumerate(cells):
        files = [file for file, around in zip(bench.sources.elevation_files, bench.sources.boxes) if touch(around, box)]
        words = ["gdalwarp", "-q", "-r", "bilinear", "-t_srs", "EPSG:4326", "-te", *(f"{edge:.10f}" for edge in box), "-ts", size, size,
                 "-ot", "Float32", "-dstnodata", "-9999", "-of", "Zarr", "-co", "COMPRESS=BLOSC", "-co", "BLOSC_CNAME=lz4",
                 "-co", f"BLOCKSIZE={size},{size}", *files, f"{output}/{number}.zarr"]
        if files:
            commands.append(shlex.join(words))
    listed.write_text("\n".join(commands) + "\n", encoding="utf-8")

    def before(_):
        remove(output)
        output.mkdir()

    run = ["xargs", "-a", str(listed), "-d", "\\n", "-I@", f"-P{workers}", "bash", "-c", "exec @"]
    return Job(f"gdalwarp {workers}", lambda _: run, before)


def python_job(bench, workers):
    output = bench.work / "python_cells"
    words = [stack.PYTHON, str(bench.peer_python), str(bench.stack_folder), GRID, "--mode", "cells", "--jobs", str(workers),
             "--area", str(16 // bench.part), "--out", str(output)]
    return Job(f"python {workers}", lambda _: words, lambda _: remove(output))


def touch(a, b, slack=0.001):
    return a[0] <= b[2] + slack and a[2] >= b[0] - slack and a[1] <= b[3] + slack and a[3] >= b[1] - slack


def expect_all_made(samples, count):
    end = f"completed: {count} of {count} cells: {count} made, 0 cached, 0 failed"
    for workers in WORKERS:
        for sample in samples[f"hydrate {workers}"]:
            if sample.stderr.splitlines()[-1:] != [end]:
                raise BenchmarkError(f"a hydration of {count} cells said: {sample.stderr[-300:]}")

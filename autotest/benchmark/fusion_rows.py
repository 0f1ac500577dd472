"""Fusing the whole stack: against gdalwarp, against the Python pipeline, and feathered against overwrite."""

import json
import pathlib
import subprocess

import measured_policies
import report
import stack
from bench import remove
from measure import BenchmarkError, Job, cpu, peak, ratios, wall

FAMILIES = ("gdalwarp", "python", "feather")
FEATHER_METRES = 200
WALL_BAR = {"geo10": 5, "geo30": 4}  # times faster than gdalwarp
MEMORY_BAR = 0.35
PYTHON_BAR = 25
FEATHER_BAR = 1.4
# Both resample bilinearly but choose overviews and edges differently: beyond this they did not do the same work.
MEDIAN_DIFFERENCE = 0.05  # metres
OTHER_COVER = 0.01  # share of pixels valid in one only


def rows(bench, wanted):
    """Rows of the wanted families; each grid is one alternating run."""
    missing = peer_python_missing(bench) if "python" in wanted else None
    measured = []
    for grid in stack.PIXELS:
        jobs = grid_jobs(bench, grid, wanted, missing)
        samples = bench.alternate(f"fusion {grid}", jobs)
        measured += grid_rows(bench, grid, wanted, missing, samples)
    return measured


def grid_jobs(bench, grid, wanted, missing):
    area = bench.sources.area(grid, bench.part)
    overwrite = measured_policies.write(bench.work / f"overwrite_{grid}.yaml", measured_policies.layer_steps(bench.sources), area)
    jobs = [fuse_job(bench, "off", overwrite, grid)]
    if "gdalwarp" in wanted:
        jobs.insert(0, gdalwarp_job(bench, area))
    if {"gdalwarp", "python"} & set(wanted):
        jobs.append(fuse_job(bench, "cold", overwrite, grid))
    if "feather" in wanted:
        steps = measured_policies.layer_steps(bench.sources, FEATHER_METRES)
        feather = measured_policies.write(bench.work / f"feather_{grid}.yaml", steps, area)
        jobs.append(fuse_job(bench, "feather", feather, grid))
    if "python" in wanted and not missing:
        jobs.append(python_job(bench, grid))
    return jobs


def fuse_job(bench, name, policy, grid):
    """Elevation and source id; "cold" fills an empty cache, the others have none."""
    output, cache = bench.work / f"{name}_{grid}.tif", bench.work / "cold_cache"
    mode = "READ_WRITE" if name == "cold" else "OFF"
    words = ["gdal_translate", "-q", "-b", "1", "-b", "3", "-co", "TILED=YES", "-oo", f"CACHE={mode}", "-oo",
             f"CACHE_DIR={cache}", policy, str(output)]

    def before(_):
        remove(output)
        remove(cache)

    return Job(name, lambda _: words, before)


def gdalwarp_job(bench, area):
    output = bench.work / f"gdalwarp_{area.grid}.tif"
    width, height = area.size()
    words = ["gdalwarp", "-q", "-multi", "-wo", "NUM_THREADS=ALL_CPUS", "-r", "bilinear", "-t_srs", "EPSG:4326",
             "-te", *area.box_text(" ").split(), "-ts", str(width), str(height), "-ot", "Float32", "-dstnodata", "nan",
             "-co", "TILED=YES", *bench.sources.elevation_files, str(output)]
    return Job("gdalwarp", lambda _: words, lambda _: remove(output))


def python_job(bench, grid):
    """The Python pipeline writes Zarr cells with source ids, by two processes."""
    output = bench.work / f"python_{grid}"
    sixteenths = 16 // bench.part
    words = [stack.PYTHON, str(bench.peer_python), str(bench.stack_folder), grid, "--mode", "cells", "--jobs", "2",
             "--area", str(sixteenths), "--out", str(output)]
    return Job("python", lambda _: words, lambda _: remove(output))


def peer_python_missing(bench):
    """Why the Python pipeline cannot be measured here, None if it can."""
    if not bench.peer_python or not bench.peer_python.is_file():
        return "not measured: the pipeline is not there (--peer-python)"
    probe = subprocess.run([stack.PYTHON, "-c", "import rioxarray, scipy, xarray, zarr"], capture_output=True, check=False)
    return None if probe.returncode == 0 else "not measured: rioxarray, scipy, xarray or zarr is not installed"


def grid_rows(bench, grid, wanted, missing, samples):
    found = []
    if "gdalwarp" in wanted:
        found += gdalwarp_rows(bench, grid, samples)
    if "python" in wanted:
        found += python_rows(grid, missing, samples)
    if "feather" in wanted:
        sides = {"ours": report.costs(samples["feather"]), "other": "overwrite: " + report.costs(samples["off"])}
        found.append(report.at_most(f"{title(grid)}: feather {FEATHER_METRES} m on every step, time against overwrite",
                                    FEATHER_BAR, ratios(samples["feather"], samples["off"], wall), **sides))
    return found


def gdalwarp_rows(bench, grid, samples):
    other = samples["gdalwarp"]
    found = []
    for name, cache in (("off", "cache off"), ("cold", "empty cache, filled")):
        sides = {"ours": report.costs(samples[name]), "other": "gdalwarp: " + report.costs(other)}
        found += [
            report.at_least(f"{title(grid)}: elevation + source id against gdalwarp, {cache}", WALL_BAR[grid],
                            ratios(other, samples[name], wall), "times faster", **sides),
            report.at_most(f"{title(grid)}: peak memory against gdalwarp, {cache}", MEMORY_BAR,
                           ratios(samples[name], other, peak)),
            report.Row(f"{title(grid)}: processor time against gdalwarp, {cache}", "", ratios(samples[name], other, cpu).text(2)),
        ]
    return found + [agreement_row(bench, grid)]


def python_rows(grid, missing, samples):
    works = {name: f"{title(grid)}: elevation + source id against the Python pipeline, {cache}"
             for name, cache in (("off", "cache off"), ("cold", "empty cache, filled"))}
    if missing:
        return [report.Row(work, f"at least {PYTHON_BAR} times faster", missing) for work in works.values()]
    other = samples["python"]
    return [report.at_least(work, PYTHON_BAR, ratios(other, samples[name], wall), "times faster",
                            ours=report.costs(samples[name]), other="Python: " + report.costs(other))
            for name, work in works.items()]


def agreement_row(bench, grid):
    """How far both results are from each other; an error when they cannot be the same work."""
    compare = pathlib.Path(__file__).with_name("compare.py")
    sample = bench.run(stack.PYTHON, compare, bench.work / f"off_{grid}.tif", bench.work / f"gdalwarp_{grid}.tif")
    found = json.loads(sample.stdout)
    bench.facts[f"difference to gdalwarp {grid}"] = found
    other_cover = (found["only_first"] + found["only_second"]) / found["pixels"]
    if found["median"] > MEDIAN_DIFFERENCE or other_cover > OTHER_COVER:
        raise BenchmarkError(f"{grid}: the driver and gdalwarp gave different rasters, so their times say nothing: {found}")
    return report.Row(f"{title(grid)}: difference between the two elevations", "",
                      f"median {found['median'] * 100:.1f} cm, 99 of 100 within {found['p99'] * 100:.0f} cm, "
                      f"{other_cover:.2%} valid in one only")


def title(grid):
    return {"geo10": "10 m", "geo30": "30 m"}[grid]

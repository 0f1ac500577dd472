"""Random windows of a raster that is fused already: cached cells against a tiled DEFLATE COG of the same pixels."""

import json

import measured_policies
import report
from measure import BenchmarkError, Job, Spread

FAMILIES = ("windows",)
TOOLS = ("read_windows",)
GRID = "geo10"
WINDOW_BAR = 3
WINDOWS = 100
NEAR = 1500  # pixels squared that the process holds in memory; 16 cells of 10 m
COG_OPTIONS = ["-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=YES", "-co", "NUM_THREADS=ALL_CPUS"]
BANDS = {"elevation": "1", "all bands": "1,2,3"}
# Where the pixels are when a window is read, and the options of read_windows for that.
PLACES = {
    "each window from disk": ["--passes", "1", "--forget"],
    "new process": ["--passes", "1"],
    "again, from memory": ["--passes", "2", "--within", str(NEAR)],
}
WITHOUT_BAR = "again, from memory"  # of the COG's pixels GDAL holds a copy then: nothing is decoded on either side


def rows(bench, _):
    program = bench.tool("read_windows")
    policy, cache, cogs = prepare(bench)
    jobs = []
    for place, options in PLACES.items():
        for bands, numbers in BANDS.items():
            common = [str(program), "--windows", str(WINDOWS), "--bands", numbers, *options]
            jobs.append(window_job(f"cog, {bands}, {place}", [*common, cogs[bands]], {}))
            jobs.append(window_job(f"cells, {bands}, {place}", [*common, policy], {"TOPOBATHY_CACHE_DIR": cache}))
    samples = bench.alternate("windows", jobs)
    return [window_row(place, bands, samples) for place in PLACES for bands in BANDS]


def prepare(bench):
    """A policy, the cache that holds all of its cells, and a COG for each choice of bands."""
    policy = measured_policies.write(bench.work / "windows.yaml", measured_policies.layer_steps(bench.sources),
                            bench.sources.area(GRID, bench.part))
    cache = str(bench.work / "windows_cache")
    cogs = {}
    for bands, numbers in BANDS.items():
        # Only the bands that are read: a COG keeps a pixel's bands together.
        select = [word for number in numbers.split(",") for word in ("-b", number)]
        cogs[bands] = str(bench.work / f"windows_{len(select) // 2}.tif")
        bench.run("gdal_translate", "-q", *COG_OPTIONS, *select, policy, cogs[bands], env={"TOPOBATHY_CACHE_DIR": cache})
    return policy, cache, cogs


def window_job(name, words, env):
    """Every round draws other windows, the same for both sides."""
    return Job(name, lambda number: [*words, "--seed", str(number + 2)], env=env)


def window_row(place, bands, samples):
    cog, cells = (outcomes(samples[f"{side}, {bands}, {place}"]) for side in ("cog", "cells"))
    for a, b in zip(cog, cells):
        if (a["valid"], a["sum"]) != (b["valid"], b["sum"]):
            raise BenchmarkError(f"{bands}, {place}: the COG and the cells gave different pixels: {a} {b}")
    ratio = Spread.of(seconds(a) / seconds(b) for a, b in zip(cog, cells))
    work = f"10 m: random 256 x 256 windows of cached cells against a COG, {bands}, {place}"
    sides = {"ours": rate(cells), "other": "COG: " + rate(cog)}
    if place == WITHOUT_BAR:
        return report.Row(work, "", ratio.text(2), **sides)
    return report.at_least(work, WINDOW_BAR, ratio, "times faster", **sides)


def outcomes(samples):
    return [json.loads(sample.stdout) for sample in samples]


def seconds(outcome):
    """Of the last pass: the only one, or the one that finds everything in memory. Opening is not in it."""
    return outcome["pass_seconds"][-1]


def rate(found):
    windows = Spread.of(outcome["windows"] / seconds(outcome) for outcome in found)
    return windows.text(0) + " windows/s"

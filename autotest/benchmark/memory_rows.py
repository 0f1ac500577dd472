"""Peak memory of gdal_translate while the area grows 16 times."""

import measured_policies
import report
from bench import remove
from measure import Job, Spread, peak, ratios

FAMILIES = ("memory",)
GRID = "geo10"
PARTS = (16, 4, 1)
GROWTH_BAR = 1.5
# gdal_translate holds the blocks of its output, up to 5 % of the machine's memory, which grows with any input. A fixed
# GDAL_CACHEMAX (MB) shows what the driver takes.
BLOCK_CACHES = {"GDAL_CACHEMAX=16": "16", "GDAL's default block cache": None}


def rows(bench, _):
    policy = measured_policies.write(bench.work / "memory.yaml", measured_policies.layer_steps(bench.sources), bench.sources.area(GRID))
    jobs = [area_job(bench, policy, part, setting) for setting in BLOCK_CACHES for part in PARTS]
    samples = bench.alternate("memory", jobs)
    return [growth_row(setting, samples) for setting in BLOCK_CACHES]


def job_name(part, setting):
    return f"1/{part}, {setting}"


def area_job(bench, policy, part, setting):
    output = bench.work / "memory.tif"
    box = bench.sources.area(GRID, part).box_text(",")
    words = ["gdal_translate", "-q", "-b", "1", "-b", "3", "-co", "TILED=YES", "-oo", "CACHE=OFF", "-oo", f"BBOX={box}",
             policy, str(output)]
    limit = BLOCK_CACHES[setting]
    return Job(job_name(part, setting), lambda _: words, lambda _: remove(output), {"GDAL_CACHEMAX": limit} if limit else {})


def growth_row(setting, samples):
    sizes = {part: samples[job_name(part, setting)] for part in PARTS}
    growth = ratios(sizes[1], sizes[16], peak)
    peaks = ", ".join(f"{Spread.of(map(peak, sizes[part])).text(0)} MiB ({f'1/{part} of the area' if part > 1 else 'all'})"
                      for part in PARTS)
    work = f"10 m: peak memory when the area grows 16 times, {setting}"
    if BLOCK_CACHES[setting]:
        return report.at_most(work, GROWTH_BAR, growth, ours=peaks)
    return report.Row(work, "", growth.text(2), ours=peaks)

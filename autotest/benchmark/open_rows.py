"""gdalinfo on huge policies. Their files do not exist (or are empty): a source that was opened would be an error."""

import measured_policies
import report
from bench import remove
from measure import BenchmarkError, Job, Spread, cpu, wall

FAMILIES = ("open",)
STEPS, FILES = 1000, 10000
OPEN_BAR = 0.1  # seconds
NOTHING = '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>\n'


def rows(bench, _):
    inputs = prepare(bench)
    for policy in inputs.values():
        prove_that_it_reads_its_sources(bench, policy)
    floor = bench.work / "nothing.vrt"
    floor.write_text(NOTHING, encoding="utf-8")
    jobs = [Job("nothing", lambda _: ["gdalinfo", str(floor)])]
    for name, policy in inputs.items():
        jobs.append(Job(name, lambda _, policy=policy: ["gdalinfo", policy]))
    samples = bench.alternate("open", jobs)
    for name in inputs:
        prove_that_nothing_was_opened(name, samples[name])
    other = "one-pixel VRT: " + report.costs(samples["nothing"])
    return [report.at_most(f"gdalinfo, {name}, no source opened", OPEN_BAR, Spread.of(map(wall, samples[name])), "s", 3,
                           ours=Spread.of(map(cpu, samples[name])).text(3) + " s cpu", other=other) for name in inputs]


def prepare(bench):
    area = bench.sources.area("geo30")
    folder = bench.work / "no_such_folder"
    empty = bench.work / "empty_files"
    remove(empty)
    empty.mkdir()
    for i in range(FILES):
        (empty / f"tile_{i:05d}.tif").touch()
    steps = {
        f"{STEPS} steps": measured_policies.missing_steps(folder, STEPS),
        f"{FILES} files in a list behind one step": measured_policies.missing_list_step(folder, FILES),
        f"{FILES} files of a glob behind one step": measured_policies.glob_step(f"{empty}/*.tif"),
    }
    return {name: measured_policies.write(bench.work / f"open_{i}.yaml", what, area) for i, (name, what) in enumerate(steps.items())}


def prove_that_it_reads_its_sources(bench, policy):
    """Otherwise that they are missing would show nothing."""
    try:
        bench.run("gdal_translate", "-q", "-oo", "CACHE=OFF", "-srcwin", 0, 0, 1, 1, policy, bench.work / "pixel.tif")
    except BenchmarkError:
        return
    raise BenchmarkError(f"{policy}: a pixel was read although no source can be: the rows of `open` would show nothing")


def prove_that_nothing_was_opened(name, samples):
    told = [sample.stderr for sample in samples if sample.stderr]
    if told:
        raise BenchmarkError(f"gdalinfo, {name}: {told[0]}")

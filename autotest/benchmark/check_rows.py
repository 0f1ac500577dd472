"""How fast `topobathy cache --check` reads fused cells, every checksum compared, from the system's memory of files."""

import json

import report
from measure import BenchmarkError, Job, Spread

FAMILIES = ("check",)
TOOLS = ("check_bench",)
CELLS = {"30 m": (186, 3000), "10 m": (557, 500)}  # pixels along an edge, cells: about half a gigabyte each
CHECK_BAR = 500.0  # MB/s


def rows(bench, _):
    program = bench.tool("check_bench")

    def command(name, edge, cells):
        return [str(program), str(bench.work / f"check_{edge}"), "--edge", str(edge), "--cells", str(max(cells // bench.part, 50))]

    jobs = [Job(name, lambda _, name=name, edge=edge, cells=cells: command(name, edge, cells)) for name, (edge, cells) in CELLS.items()]
    samples = bench.alternate("check", jobs)
    return [row(name, [json.loads(sample.stdout) for sample in samples[name]]) for name in CELLS]


def row(name, outcomes):
    damaged = [outcome for outcome in outcomes if outcome["findings"]]
    if damaged:
        raise BenchmarkError(f"check_bench found damage in sound cells: {damaged[0]}")
    speed = Spread.of(outcome["bytes"] / 1e6 / outcome["seconds"] for outcome in outcomes)
    peak = max(outcome["peak_kib"] for outcome in outcomes) / 1024
    size = outcomes[0]["bytes"] / outcomes[0]["files"] / 1000
    return report.at_least(f"checking cells of {name}", CHECK_BAR, speed, "MB/s",
                           ours=f"{outcomes[0]['files']} files of {size:.0f} kB, peak memory {peak:.0f} MB")

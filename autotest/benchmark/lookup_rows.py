"""Which assets of an archive touch a window: lookups in discovery caches (tier 4) of many assets."""

import json

import report
from measure import Job, Spread

FAMILIES = ("lookup",)
TOOLS = ("lookup_bench",)
ASSETS = (20_000, 100_000)  # BlueTopo has some 20 000 tiles
LOOKUP_BAR = 1.0  # milliseconds


def rows(bench, _):
    program = bench.tool("lookup_bench")
    jobs = [Job(str(assets), lambda _, assets=assets: [str(program), str(bench.work / f"discovery_{assets}.sqlite"),
                                                       "--assets", str(assets)]) for assets in ASSETS]
    samples = bench.alternate("lookup", jobs)
    return [row(assets, [json.loads(sample.stdout) for sample in samples[str(assets)]]) for assets in ASSETS]


def row(assets, found):
    middle, tail, first = (Spread.of(outcome[name] / 1000 for outcome in found) for name in ("median", "p99", "first"))
    return report.at_most(f"which of {assets} assets touch a window, with reading them", LOOKUP_BAR, middle, "ms", 3,
                          ours=f"99 of 100 within {tail.text(2)} ms; {found[0]['hits']:.1f} hits; first lookup of a process, with "
                               f"opening the cache: {first.text(2)} ms")

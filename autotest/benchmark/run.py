#!/usr/bin/python3
"""Measures the driver against what a user would take instead; docs/performance.md says how to read it.

    run.py [--rounds N] [--only gdalwarp,windows,...] [--quick] [--write docs/performance.md]

Commands of a family run in turns (A B A B ...), and every number is a median [least-greatest] over the rounds. The table goes to the
terminal, everything measured to build/benchmark/results.json. Exit status 1 when a measurement failed; a bar that is not met is no failure.
"""

import argparse
import dataclasses
import json
import pathlib
import sys

import archive_rows
import check_rows
import fusion_rows
import hydrate_rows
import lookup_rows
import memory_rows
import open_rows
import report
import shared_archive_rows
import stack
import window_rows
from bench import Bench, environment, log, remove
from measure import BenchmarkError

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench"  # where the stack's maker and the Python pipeline are kept
STACK_MODULES = (fusion_rows, window_rows, open_rows, memory_rows, hydrate_rows)
MODULES = STACK_MODULES + (archive_rows, shared_archive_rows, lookup_rows, check_rows)
FAMILIES = [family for module in MODULES for family in module.FAMILIES]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path = pathlib.Path
    parser.add_argument("--rounds", type=int, default=5, help="after one to warm up (default 5; with --quick 2)")
    parser.add_argument("--only", default="", help="comma-separated families: " + ", ".join(FAMILIES))
    parser.add_argument("--quick", action="store_true", help="two rounds over a sixteenth of the area: does everything work?")
    parser.add_argument("--build", type=path, default=ROOT / "build", help="build tree")
    parser.add_argument("--stack", type=path, help="folder with stack.json (default: benchmark/stack of the build tree)")
    parser.add_argument("--make-stack", type=path, default=SHARED / "make_stack.py", help="makes the stack if it is missing")
    parser.add_argument("--peer-python", type=path, default=SHARED / "py_fuse.py", help="the Python pipeline")
    parser.add_argument("--keep", action="store_true", help="leave policies, rasters and caches in benchmark/work of the build tree")
    parser.add_argument("--write", type=path, help="put the table between the markers of this document")
    arguments = parser.parse_args()
    arguments.only = [name for name in arguments.only.split(",") if name] or FAMILIES
    unknown = sorted(set(arguments.only) - set(FAMILIES))
    if unknown:
        parser.error(f"no such family: {', '.join(unknown)}; families are {', '.join(FAMILIES)}")
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    if arguments.write and (arguments.quick or arguments.only != FAMILIES):
        parser.error("--write takes a whole run: no --quick, no --only")
    return arguments


def make_bench(arguments):
    build = arguments.build.resolve()
    if not (build / "gdalplugins" / "gdal_TOPOBATHY.so").is_file():
        raise BenchmarkError(f"no plugin in {build}: make build")
    folder = (arguments.stack or build / "benchmark" / "stack").resolve()
    work = build / "benchmark" / "work"
    remove(work)  # of a run that failed, or that was told to keep it
    work.mkdir(parents=True)
    return Bench(
        sources=stack.load_or_make(folder, arguments.make_stack) if needs_stack(arguments.only) else None,
        stack_folder=folder,
        build=build,
        work=work,
        rounds=min(arguments.rounds, 2) if arguments.quick else arguments.rounds,
        part=16 if arguments.quick else 1,
        peer_python=arguments.peer_python,
        env=environment(build, work),
    )


def needs_stack(wanted):
    return any(family in wanted for module in STACK_MODULES for family in module.FAMILIES)


def require_tools(bench, wanted):
    """Before hours of measuring, not after."""
    for module in MODULES:
        if any(family in wanted for family in module.FAMILIES):
            for name in getattr(module, "TOOLS", ()):
                bench.tool(name)


def measure_rows(bench, wanted):
    require_tools(bench, wanted)
    rows = []
    for module in MODULES:
        families = [family for family in module.FAMILIES if family in wanted]
        if families:
            rows += module.rows(bench, families)
    return rows


def save(path, bench, facts, rows):
    """Every sample, so that a ratio can be looked into later."""

    def numbers(sample):
        return {name: value for name, value in dataclasses.asdict(sample).items() if name not in ("stdout", "stderr")}

    runs = {group: {name: [numbers(sample) for sample in samples] for name, samples in jobs.items()}
            for group, jobs in bench.samples.items()}
    result = {"machine": facts, "rounds": bench.rounds, "part_of_area": bench.part, "stack_bytes": bench.sources.bytes if bench.sources else 0,
              "rows": [dataclasses.asdict(row) for row in rows], "facts": bench.facts, "runs": runs}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main():
    arguments = parse_arguments()
    try:
        bench = make_bench(arguments)
        facts = report.machine_facts()
        rows = measure_rows(bench, arguments.only)
        results = bench.build / "benchmark" / "results.json"
        save(results, bench, facts, rows)
        text = report.document_part(facts, bench.loads(), bench.rounds, rows)
        if arguments.write:
            report.write_between_markers(arguments.write, text)
        if not arguments.keep:
            remove(bench.work)
    except BenchmarkError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1
    log(f"\n{text}\n\n{results}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

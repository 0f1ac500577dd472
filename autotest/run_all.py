#!/usr/bin/python3
"""Builds and runs every test, and adds the results up. `make check` is this.

    run_all.py [--jobs N] [--only PART,...] [--list]

The last line is "N passed, N failed" (", N skipped" when some were), over GoogleTest and pytest; a build or a check that fails counts
as one failure, and so does a part that has tests and ran none. Exit status 1 when anything failed.
"""

import argparse
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pymod"))

import check_parts


def parse_arguments():
    names = [part.name for part in check_parts.PARTS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="compilers at once")
    parser.add_argument("--only", default="", help="comma-separated parts: " + ", ".join(names))
    parser.add_argument("--list", action="store_true", help="name the parts and what they do")
    arguments = parser.parse_args()
    arguments.only = [name for name in arguments.only.split(",") if name]
    unknown = sorted(set(arguments.only) - set(names))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; parts are {', '.join(names)}")
    return arguments


def print_summary(finished):
    """Skips with their reasons, failures, then one row a part."""
    skips = [(part, *skip) for part, result, _ in finished for skip in result.skipped]
    if skips:
        print("\nSkipped:")
        for part, test, reason in skips:
            print(f"  {part}: {test}: {reason}")
    failures = [(part, failure) for part, result, _ in finished for failure in result.failed]
    if failures:
        print("\nFailed:")
        for part, failure in failures:
            print(f"  {part}: {failure}")
    print(f"\n{'part':<16}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for part, result, seconds in finished:
        print(f"{part:<16}{result.passed:>8}{len(result.failed):>8}{len(result.skipped):>9}{seconds:>9.1f}")


def main():
    arguments = parse_arguments()
    if arguments.list:
        for part in check_parts.PARTS:
            print(f"{part.name:<16}{part.what}")
        return 0
    os.chdir(check_parts.ROOT)
    shutil.rmtree(check_parts.REPORTS, ignore_errors=True)
    os.makedirs(check_parts.REPORTS)
    finished = []
    for part in check_parts.PARTS:
        if arguments.only and part.name not in arguments.only:
            continue
        print(f"\n=== {part.name}: {part.what}", flush=True)
        start = time.monotonic()
        result = check_parts.run_part(part, arguments.jobs)
        finished.append((part.name, result, time.monotonic() - start))
    print_summary(finished)

    passed = sum(result.passed for _, result, _ in finished)
    failed = sum(len(result.failed) for _, result, _ in finished)
    skipped = sum(len(result.skipped) for _, result, _ in finished)

    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

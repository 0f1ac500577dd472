"""Rows of results as a table, the facts of the machine, and the place in a document that both are written to."""

import dataclasses
import datetime
import os
import pathlib
import platform
import re
import subprocess
from typing import List, Optional

from measure import BenchmarkError, Spread, cpu, peak, wall

BEGIN, END = "<!-- benchmark: begin (written by autotest/benchmark/run.py) -->", "<!-- benchmark: end -->"
HEADING = ["| work | bar | measured | | this driver | the other |", "|---|---|---|---|---|---|"]


@dataclasses.dataclass
class Row:
    work: str
    bar: str
    measured: str  # the ratio, or why there is none
    met: Optional[bool] = None  # None: no bar, or not measured
    ours: str = ""
    other: str = ""


def at_least(work, bar, spread, unit, **sides):
    return Row(work, f"at least {bar:g} {unit}", spread.text(2), spread.median >= bar, **sides)


def at_most(work, bar, spread, unit="times", digits=2, **sides):
    return Row(work, f"at most {bar:g} {unit}", spread.text(digits), spread.median <= bar, **sides)


def costs(samples):
    """Wall, processor time and peak memory of one side."""
    seconds = [Spread.of(map(take, samples)).text(2) + " s" + what for take, what in ((wall, ""), (cpu, " cpu"))]
    return ", ".join([*seconds, Spread.of(map(peak, samples)).text(0) + " MiB"])


def table(rows):
    verdicts = {True: "met", False: "not met", None: ""}
    lines = [f"| {row.work} | {row.bar} | {row.measured} | {verdicts[row.met]} | {row.ours} | {row.other} |" for row in rows]
    return "\n".join(HEADING + lines)


def machine_facts():
    """Processor, cores, memory, system and versions: nothing that names the machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(pages / 2**30),
        "system": f"{platform.freedesktop_os_release().get('PRETTY_NAME', 'unknown')}, kernel {platform.release().split('-')[0]}",
        "gdal": _first_line(["gdalinfo", "--version"]),
        "revision": _first_line(["git", "-C", str(pathlib.Path(__file__).parent), "describe", "--always", "--dirty"]),
    }


def facts_text(facts, loads, rounds):
    load = f"load average before the runs {min(loads):.1f} to {max(loads):.1f}" if loads else "no load recorded"
    return (f"{facts['date']}, revision {facts['revision']}, {facts['gdal']}; {facts['processor']}, {facts['cores']} cores, "
            f"{facts['memory_gib']} GiB, {facts['system']}; {rounds} rounds, {load}.")


def document_part(facts, loads, rounds, rows):
    return f"{facts_text(facts, loads, rounds)}\n\n{table(rows)}"


def write_between_markers(path, text):
    document = pathlib.Path(path).read_text(encoding="utf-8")
    begin, end = document.find(BEGIN), document.find(END)
    if begin < 0 or end < begin:
        raise BenchmarkError(f"{path}: no place for the results; it needs the lines {BEGIN} and {END}")
    pathlib.Path(path).write_text(f"{document[:begin]}{BEGIN}\n{text}\n{document[end:]}", encoding="utf-8")


def _processor() -> str:
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names: List[str] = re.findall(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return names[0] if names else platform.machine()


def _first_line(words):
    process = subprocess.run(words, capture_output=True, text=True, check=False)
    return (process.stdout.splitlines() or ["unknown"])[0]

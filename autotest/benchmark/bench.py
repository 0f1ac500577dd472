"""What every family of rows is given: the stack, a folder to work in, programs, and the record of all runs."""

import dataclasses
import os
import pathlib
import shutil
from typing import Dict, List, Optional

import measure
import stack

# Of the caller's shell: they would speed one side up, or slow it down.
SETTINGS = ("GDAL_", "CPL_", "VSI_", "TOPOBATHY_")


def environment(build, work):
    """The environment of every command: GDAL's defaults and the built plugin."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    env["GDAL_DRIVER_PATH"] = str(build / "gdalplugins")
    env["TOPOBATHY_CACHE_DIR"] = str(work / "cache")  # for commands that name no cache of their own
    return env


@dataclasses.dataclass
class Bench:
    sources: Optional[stack.Stack]  # None: no family that is measured needs it
    stack_folder: pathlib.Path
    build: pathlib.Path
    work: pathlib.Path
    rounds: int
    part: int  # the area is this part of the stack's: 1, or 16 for a sixteenth
    peer_python: Optional[pathlib.Path]
    env: Dict[str, str]
    samples: Dict[str, Dict[str, List[measure.Sample]]] = dataclasses.field(default_factory=dict)
    facts: Dict[str, object] = dataclasses.field(default_factory=dict)  # what is not a time: differences, counters

    def alternate(self, group, jobs):
        """Samples by job name; kept for the result file."""
        log(f"{group}: {len(jobs)} commands in turns")
        self.samples[group] = measure.alternate(jobs, self.rounds, self.env, log)
        return self.samples[group]

    def run(self, *words, env=None):
        """A command that is not timed."""
        return measure.run_once([str(word) for word in words], {**self.env, **(env or {})})

    def tool(self, name):
        """A program that is built for measuring; a module names its own as TOOLS."""
        program = self.build / "benchmark" / name
        if not program.is_file():
            raise measure.BenchmarkError(f"{name} is not built: cmake --build build --target {name}")
        return program

    def loads(self):
        return [sample.load for jobs in self.samples.values() for samples in jobs.values() for sample in samples]


def remove(path):
    """A file or a folder, if it is there."""
    path = pathlib.Path(path)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def log(text):
    print(text, flush=True)

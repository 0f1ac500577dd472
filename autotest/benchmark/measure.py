"""Runs commands in turns (A B A B ...) and takes wall time, processor time and peak memory of each.

Machines are noisy and share their cores: what holds is the ratio of neighbours within a round, and its median over the rounds.
This module, and what runs in the process that uses it, stays small: the kernel counts the memory of the process that starts
a program as the program's first peak.
"""

import dataclasses
import os
import statistics
import subprocess
import tempfile
import threading
import time
from typing import Callable, Dict, List, Optional

SECONDS = 900  # a hung program must not hang the benchmark


class BenchmarkError(Exception):
    """What went wrong and what to do, for the person at the terminal."""


@dataclasses.dataclass
class Job:
    """A command to time. `before(round)` prepares it and is not timed; round -1 is the warm-up."""

    name: str
    words: Callable[[int], List[str]]
    before: Optional[Callable[[int], None]] = None
    env: Dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Sample:
    """One run. `peak_mib` is that of the largest process, not the sum of several; `load` the machine's just before."""

    wall: float
    cpu: float  # user + system seconds, of the command and all processes it waited for
    peak_mib: float
    load: float
    stdout: str = dataclasses.field(repr=False)
    stderr: str = dataclasses.field(repr=False)


def run_once(words, env):
    """A Sample of one command. `env` lists the whole environment. Raises BenchmarkError when it fails."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env)
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)  # it is waited for: Popen need not
        texts = [_text(stream) for stream in (out, err)]
    if process.returncode != 0:
        raise BenchmarkError(f"{' '.join(words)}: exit status {process.returncode}\n{texts[1][-2000:]}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, load, *texts)


def alternate(jobs, rounds, env, log=lambda text: None):
    """{job name: one Sample a round}, after one round that only warms the page cache."""
    samples = {job.name: [] for job in jobs}
    for number in range(-1, rounds):
        for job in jobs:
            if job.before:
                job.before(number)
            sample = run_once(job.words(number), {**env, **job.env})
            log(f"  round {number + 1 or 'warm-up'} {job.name}: {sample.wall:.2f} s, {sample.cpu:.2f} s cpu, "
                f"{sample.peak_mib:.0f} MiB, load {sample.load:.1f}")
            if number >= 0:
                samples[job.name].append(sample)
    return samples


@dataclasses.dataclass
class Spread:
    """Median and extremes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits):
        return f"{self.median:.{digits}f} [{self.low:.{digits}f}-{self.high:.{digits}f}]"


def ratios(numerators, denominators, value):
    """Spread of the ratio within each round; `value` takes the number out of a Sample."""
    return Spread.of(value(a) / value(b) for a, b in zip(numerators, denominators))


def wall(sample):
    return sample.wall


def cpu(sample):
    return sample.cpu


def peak(sample):
    return sample.peak_mib


def _text(stream):
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")

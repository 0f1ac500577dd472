"""Starts programs as a user would: GDAL's, and topobathy of the build tree."""

import os
import subprocess

import places

SECONDS = 300  # a hung program must not hang the tests


def run(program, *arguments, check=True, env=None, cwd=None):
    """The finished process with its texts. `check`: fail with both texts unless the exit status is 0."""
    executable = str(places.PROGRAM) if program == "topobathy" else program
    words = [executable, *(str(argument) for argument in arguments)]
    process = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=SECONDS,
                             env={**os.environ, **(env or {})}, cwd=cwd, check=False)
    if check and process.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: exit status {process.returncode}\n{process.stdout}{process.stderr}")
    return process

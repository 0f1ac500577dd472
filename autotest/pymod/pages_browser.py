"""The web pages in a real Chromium: builds them, runs the modules of autotest/service/pages, and tells the result of each of their tests."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import needed
import npm_packages
import pages_coast
import places
import tools

TESTS = places.ROOT / "autotest" / "service" / "pages"
SECONDS = 400  # of all tests of one service


def names(file):
    """The tests of a module, in its order."""
    return re.findall(r'^test\("(\w+)"', (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)


def build_pages():
    """The pages with their libraries, where the program and the test's server find them."""
    process = subprocess.run([str(places.ROOT / "utils" / "pages" / "build.sh"), str(places.BUILD / "share" / "topobathy" / "pages")],
                             capture_output=True, text=True, timeout=300, check=False)
    assert process.returncode == 0, process.stderr
    if not (places.BUILD / "share" / "topobathy" / "pages" / "vendor" / "uplot.js").exists():
        needed.missing(f"the pages' libraries could not be installed: {process.stderr}")


def has_service():
    """Whether the program of the build tree serves."""
    return places.PROGRAM.exists() and "serve" in re.findall(r"^  (\w+) ", tools.run("topobathy", "--help").stdout, re.MULTILINE)


@contextlib.contextmanager
def real_service(cache):
    """Address of `topobathy serve` of the sample coast with some cells and tiles, while the context lasts."""
    pages_coast.make_tiles(cache)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(places.PROGRAM), "serve", "--port", str(port), "--workers", "2", "--policy", str(pages_coast.POLICY)]
    process = subprocess.Popen(command, env={**os.environ, "TOPOBATHY_CACHE_DIR": str(cache)}, stdin=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url, process):
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "the service does not answer"
            time.sleep(0.05)


def run(url, files):
    """{name of a test: what was wrong, None of nothing}"""
    chromium = shutil.which("chromium")
    if not chromium:
        needed.missing("chromium is missing: install the packages of cmake/debian-packages.txt")
    command = ["node", TESTS / "run.mjs", npm_packages.modules(TESTS, "npm-browser"), chromium, url, *(TESTS / file for file in files)]
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=SECONDS, check=False)
    rows = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
    assert rows or process.returncode == 0, process.stderr
    results = {row["name"]: row["error"] for row in rows}
    if process.returncode != 0:
        results[""] = process.stderr
    return results

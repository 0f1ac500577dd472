"""The archives on loopback as a program, for measurements and by hand."""

import os
import re
import subprocess
import urllib.request

import places


def test_serves_until_it_is_stopped(archive_server):
    """On the session's content, which is complete by now."""
    words = ["/usr/bin/python3", "-m", "archive", "--folder", str(places.ARCHIVE), "--latency", "0.01"]
    environment = {**os.environ, "PYTHONPATH": str(places.ROOT / "autotest" / "pymod")}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            base = re.fullmatch(r'TOPOBATHY_ENDPOINTS="\*=(http://127\.0\.0\.1:\d+)/\{host\}"\n', line)[1]
            with urllib.request.urlopen(f"{base}/copernicus-dem-30m.s3.amazonaws.com/tileList.txt") as answer:
                assert answer.read().startswith(b"Copernicus_DSM")
            assert process.poll() is None
        finally:
            process.terminate()

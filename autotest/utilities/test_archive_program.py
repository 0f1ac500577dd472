"""The archives on loopback as a program, for measurements and by hand."""

import json
import os
import re
import subprocess
import urllib.request

import places


def test_serves_and_logs_until_it_is_stopped(archive_server, tmp_path):
    """On the session's content, which is complete by now."""
    log = tmp_path / "requests.jsonl"
    words = ["/usr/bin/python3", "-m", "archive", "--folder", str(places.ARCHIVE), "--latency", "0.01", "--log", str(log)]
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
    (line,) = log.read_text().splitlines()
    entry = json.loads(line)
    assert entry["target"] == "copernicus-dem-30m.s3.amazonaws.com/tileList.txt" and entry["method"] == "GET"
    assert entry["sent"] > 0 and entry["ended"] - entry["started"] >= 0.01

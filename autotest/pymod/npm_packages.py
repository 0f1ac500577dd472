"""Packages of the npm registry that tests need, in the versions of a lock file; installed once a build tree."""

import fcntl
import shutil
import subprocess

import needed
import places


def modules(sources, name):
    """Folder of the packages of `sources`/package-lock.json, in `name` of the build tree."""
    prefix = places.BUILD / name
    prefix.mkdir(parents=True, exist_ok=True)
    with open(prefix / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (sources / "package-lock.json").read_text(encoding="utf-8")
        done = prefix / "installed.json"
        if not done.exists() or done.read_text(encoding="utf-8") != wanted:
            if not shutil.which("npm"):
                needed.missing("npm is missing: install the packages of cmake/debian-packages.txt")
            for file in ("package.json", "package-lock.json"):
                shutil.copy(sources / file, prefix / file)
            command = ["npm", "ci", "--prefix", str(prefix), "--no-audit", "--no-fund", "--ignore-scripts"]
            process = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if process.returncode != 0:
                needed.missing(f"npm cannot install what {sources.name} needs:\n{process.stderr}\nGive it a way to its registry")
            done.write_text(wanted, encoding="utf-8")
    return prefix / "node_modules"
